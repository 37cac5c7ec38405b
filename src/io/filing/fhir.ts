import { readJson } from '../../core/json.ts'
import { bundleOf, type FhirNames, tokenOf } from '../../core/record/fhir.ts'
import { readPatients, readTransaction } from '../../core/record/fhir-answer.ts'
import type { FilingAnswer } from '../../core/record/send.ts'
import type { Clock } from '../../ports/clock.ts'
import type { FilingWay } from '../../ports/filings.ts'
import { type Answered, type Asked, Exchange, ExchangeFailed, type Tls } from './exchange.ts'
import { accessTokens, type TokenSettings } from './token.ts'

export interface FhirSettings {
  readonly url: string
  readonly names: FhirNames
  readonly token?: TokenSettings
  readonly tls?: Tls
  readonly lookUp: boolean
}

const FHIR = 'application/fhir+json'

/** Files by FHIR R4 over HTTPS. */
export function fhirWay(settings: FhirSettings, clock: Clock): FilingWay {
  const { names, tls, lookUp } = settings
  const base = settings.url.replace(/\/$/, '')
  const exchange = new Exchange(base, tls)
  const issuer = settings.token && new Exchange(settings.token.url, tls)
  const tokens = settings.token && issuer && accessTokens(settings.token, issuer, clock)

  const ask = async (path: string, asked: Asked, signal: AbortSignal): Promise<Answered> => {
    const token = await tokens?.get(signal)
    const headers = {
      ...{ accept: FHIR, ...asked.headers },
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
    return exchange.ask(`${base}${path}`, { ...asked, headers }, signal)
  }
  /** A token may end before its time, as when the server was set up anew: then once more with a new one. */
  const trusted = async (path: string, asked: Asked, signal: AbortSignal): Promise<Answered> => {
    const said = await ask(path, asked, signal)
    if (said.status !== 401 || tokens === undefined) return said
    tokens.forget()
    return ask(path, asked, signal)
  }
  const get = (path: string, signal: AbortSignal) => trusted(path, { method: 'GET', headers: {} }, signal)

  return {
    id: 'fhir',
    async send(document, signal): Promise<FilingAnswer> {
      const body = JSON.stringify(bundleOf(document, names))
      const headers = { 'content-type': FHIR, prefer: 'return=minimal' }
      try {
        const said = await trusted('', { method: 'POST', headers, body }, signal)
        return readTransaction(said.status, readJson(said.body))
      } catch (error) {
        return { kind: 'later', fault: faultIn(error) }
      }
    },
    ...(lookUp
      ? {
          async look(patient, signal) {
            try {
              const said = await get(`/Patient?identifier=${tokenOf(patient, names)}`, signal)
              if (said.status === 401 || said.status === 403)
                return { kind: 'away', fault: 'filing-credentials' }
              if (said.status < 200 || said.status > 299) return { kind: 'away', fault: 'filing-away' }
              return readPatients(readJson(said.body), patient, names.patients[patient.scheme])
            } catch (error) {
              return { kind: 'away', fault: faultIn(error) }
            }
          },
        }
      : {}),
    async probe(signal) {
      try {
        const { status, body } = await get('/metadata', signal)
        if (status === 401 || status === 403) return 'filing-credentials'
        if (status < 200 || status > 299) return 'filing-away'
        const said = readJson(body)
        const knows = typeof said === 'object' && said !== null && 'resourceType' in said
        return knows && said.resourceType === 'CapabilityStatement' ? undefined : 'filing-answer-unreadable'
      } catch (error) {
        return faultIn(error)
      }
    },
    close() {
      exchange.close()
      issuer?.close()
    },
  }
}

function faultIn(error: unknown) {
  return error instanceof ExchangeFailed ? error.fault : ('filing-away' as const)
}
