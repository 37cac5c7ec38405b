import { bundleOf } from '../../src/core/record/fhir.ts'
import { readPatients, readTransaction } from '../../src/core/record/fhir-answer.ts'
import type { Looked } from '../../src/core/record/looked.ts'
import type { FilingWay } from '../../src/ports/filings.ts'
import { FHIR_NAMES } from './documents.ts'

/** A resource as it lies there, with what the server gave it. */
export interface Kept {
  readonly id: string
  version: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent
  resource: any
}

interface Person {
  readonly nhs: string
  readonly name: string
  readonly born: string
  readonly more?: object
}

/**
 * A patient record system that takes FHIR R4 transactions: conditional create, conditional update, a subject found by
 * search; all or nothing. Its `ill` says what is wrong with it just now.
 */
export class Epr {
  readonly kept = new Map<string, Kept[]>()
  readonly people: Person[]
  /** Answers in place of its own, once for each request while there are any. */
  readonly ill: (() => { status: number; body?: object } | 'cut' | 'hang')[] = []
  /** How it answers every transaction, look-ups apart. */
  refuses: (() => { status: number; body?: object }) | undefined
  requests = 0
  #ids = 0

  constructor(people: readonly Person[] = [{ nhs: '9990000018', name: 'Mary Jones', born: '1960-02-01' }]) {
    this.people = [...people]
  }

  of(type: string): readonly Kept[] {
    return this.kept.get(type) ?? []
  }

  get communications() {
    return this.of('Communication').map(({ resource }) => resource)
  }

  patients(query: URLSearchParams): { status: number; body: object } {
    const value = query.get('identifier')?.split('|')[1]
    const entry = this.people
      .filter(({ nhs }) => nhs === value)
      .map(({ nhs, name, born, more }) => ({
        resource: {
          ...{ resourceType: 'Patient', birthDate: born, name: [{ text: name }] },
          identifier: [{ system: FHIR_NAMES.patients.nhs, value: nhs }],
          ...more,
        },
      }))
    return { status: 200, body: { resourceType: 'Bundle', type: 'searchset', total: entry.length, entry } }
  }

  // biome-ignore lint/suspicious/noExplicitAny: what a client sends
  transaction(bundle: any): { status: number; body: object } {
    const refused = (status: number, code: string) => ({
      status,
      body: {
        resourceType: 'OperationOutcome',
        issue: [{ severity: 'error', code, diagnostics: 'about Mary Jones' }],
      },
    })
    const before = structuredClone([...this.kept])
    const roll = <T>(said: T): T => {
      this.kept.clear()
      for (const [type, all] of before) this.kept.set(type, all)
      return said
    }
    const responses: object[] = []
    for (const { resource, request } of bundle.entry) {
      const reference: string = resource.subject?.reference ?? ''
      if (reference.startsWith('Patient?')) {
        const found = this.patients(new URLSearchParams(reference.split('?')[1])).body as { entry: object[] }
        if (found.entry.length !== 1)
          return roll(refused(412, found.entry.length === 0 ? 'not-found' : 'multiple-matches'))
      }
      const all = this.kept.get(resource.resourceType) ?? []
      this.kept.set(resource.resourceType, all)
      const search = request.method === 'PUT' ? request.url.split('?')[1] : request.ifNoneExist
      const there = all.filter((one) => this.#fits(one.resource, new URLSearchParams(search)))
      if (there.length > 1) return roll(refused(412, 'multiple-matches'))
      const [one] = there
      if (one === undefined || request.method === 'PUT') {
        const next = one ?? { id: `${++this.#ids}`, version: 0, resource }
        next.version += 1
        next.resource = resource
        if (one === undefined) all.push(next)
        responses.push({
          response: {
            status: one ? '200 OK' : '201 Created',
            location: `${resource.resourceType}/${next.id}/_history/${next.version}`,
          },
        })
      } else
        responses.push({
          response: {
            status: '200 OK',
            location: `${resource.resourceType}/${one.id}/_history/${one.version}`,
          },
        })
    }
    return { status: 200, body: { resourceType: 'Bundle', type: 'transaction-response', entry: responses } }
  }

  // biome-ignore lint/suspicious/noExplicitAny: any resource
  #fits(resource: any, query: URLSearchParams): boolean {
    const is = (i: { system: string; value: string }, want: string) => `${i?.system}|${i?.value}` === want
    return [...query].every(([name, want]) => {
      if (name === 'identifier') return resource.identifier.some((i: never) => is(i, want))
      if (name === 'target:identifier')
        return resource.target.some((t: { identifier: never }) => is(t.identifier, want))
      return resource[name] === want
    })
  }

  /** The way to it within this process, for loops on a virtual clock: builds and reads as the real one does. */
  way(lookUp = true): FilingWay {
    const trouble = () => {
      this.requests += 1
      return this.ill.shift()?.()
    }
    const aborted = (signal: AbortSignal) =>
      new Promise<void>((done) => {
        if (signal.aborted) done()
        signal.addEventListener('abort', () => done())
      })
    return {
      id: 'fhir',
      send: async (document, signal) => {
        const ill = trouble()
        if (ill === 'hang') await aborted(signal)
        if (ill === 'hang') return { kind: 'later', fault: 'filing-away' }
        // Cut behind the commit: it has it, and nobody hears of that.
        if (ill === 'cut') this.transaction(JSON.parse(JSON.stringify(bundleOf(document, FHIR_NAMES))))
        if (ill === 'cut') return { kind: 'later', fault: 'filing-away' }
        const said =
          ill ??
          this.refuses?.() ??
          this.transaction(JSON.parse(JSON.stringify(bundleOf(document, FHIR_NAMES))))
        return readTransaction(said.status, said.body)
      },
      ...(lookUp
        ? {
            look: async (patient, signal): Promise<Looked> => {
              const ill = trouble()
              if (ill === 'hang') await aborted(signal)
              if (ill !== undefined) return { kind: 'away', fault: 'filing-away' }
              const query = new URLSearchParams({ identifier: `x|${patient.value}` })
              return readPatients(this.patients(query).body, patient, FHIR_NAMES.patients[patient.scheme])
            },
          }
        : {}),
      probe: async () => (this.ill.length > 0 ? 'filing-away' : undefined),
      close: () => undefined,
    }
  }
}
