import type { CertificatePair } from '../config/certificate.ts'
import { readPair } from '../config/certificate.ts'
import type { Config } from '../config/load.ts'
import { ok, type Result } from '../core/faults.ts'
import type { Finding } from '../core/measure/watch/standing.ts'
import type { Http } from '../io/http/server.ts'
import { certificateFindings } from '../run/watch/certificate-watch.ts'
import type { Ground } from './ground.ts'

/** Whether board and phones reach us: the listener and the certificate it shows. */
export interface Door {
  /** Listens; with a pair that cannot be used it stays shut and tells so, and everything else runs. */
  open(http: Http): Promise<Result<{ readonly url: string }>>
  /** Shows the pair as the files have it now; one that cannot be used changes nothing and is told. */
  renew(config: Config): Promise<void>
  troubles(): readonly Finding[]
}

export function createDoor({ whole, clock, log }: Ground): Door {
  let pair: Result<CertificatePair, string> | undefined = readPair(whole.config, clock.now())
  let shown: CertificatePair | undefined = pair?.ok ? pair.value : undefined
  let http: Http | undefined
  let listens = false
  const listen = async (): Promise<Result<{ readonly url: string }>> => {
    const listening = (await http?.listen()) ?? ok({ url: '' })
    listens = listening.ok
    return listening
  }
  return {
    async open(to) {
      http = to
      if (pair === undefined || pair.ok) return listen()
      log.error('door-shut', { fault: 'certificate-bad', detail: pair.fault })
      return ok({ url: '' })
    },
    async renew(config) {
      if (whole.config.http.tls === undefined || config.http.tls === undefined) return
      pair = readPair(config, clock.now())
      if (pair?.ok !== true)
        return void log.error('door-unchanged', { fault: 'certificate-bad', detail: pair?.fault })
      if (pair.value.cert === shown?.cert && pair.value.key === shown.key && listens) return
      http?.renew(pair.value)
      shown = pair.value
      log.info('certificate-taken', { ends: new Date(shown.ends).toISOString() })
      if (!listens) await listen()
    },
    troubles() {
      if (pair !== undefined && !pair.ok)
        return [{ code: 'certificate-bad', subject: 'http', detail: pair.fault }]
      return shown === undefined ? [] : certificateFindings(shown.ends, clock.now())
    },
  }
}
