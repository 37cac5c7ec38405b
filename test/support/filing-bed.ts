import { randomBytes } from 'node:crypto'
import type { Alert } from '../../src/core/alert/alert.ts'
import { hospitalNumbers } from '../../src/core/directory/hospital-numbers.ts'
import type { AlertId } from '../../src/core/ids.ts'
import type { Finding } from '../../src/core/measure/watch/standing.ts'
import type { FilingDesk } from '../../src/ports/filing-desk.ts'
import type { Filed, FilingSite, FilingWay } from '../../src/ports/filings.ts'
import type { Store } from '../../src/ports/store.ts'
import { startFilingDecide } from '../../src/run/keep/filing-decide.ts'
import { startFilingSend } from '../../src/run/keep/filing-send.ts'
import { startFilingWatch } from '../../src/run/keep/filing-watch.ts'
import { type Bed, type Call, openBed } from './desk-bed.ts'
import { settle, VirtualClock } from './virtual-clock.ts'

export interface FilingBed {
  readonly bed: Bed
  readonly desk: FilingDesk
  readonly clock: VirtualClock
  readonly audits: () => Promise<readonly string[]>
  /** Raises a call, has it answered, and ends it. */
  ended(text: string, more?: Partial<Call>): Promise<AlertId>
  end(alert: Alert): Promise<void>
  filed(id: AlertId): Promise<Filed>
  troubles(): readonly Finding[]
  /** Starts the loops of filing; gives the way to stop them. */
  start(store?: Store): () => Promise<void>
  elapse(ms: number): Promise<void>
  close(): Promise<void>
}

const LOG = { info: () => {}, debug: () => {}, warn: () => {}, error: () => {} }
const METRICS = { count: () => {}, gauge: () => {}, observe: () => {} }

/** A desk, an alert machine and the loops of filing over one store, on a virtual clock. */
export async function filingBed(
  ways: readonly FilingWay[],
  options: NonNullable<Parameters<typeof openBed>[0]> = {},
): Promise<FilingBed> {
  const clock = new VirtualClock()
  const site: FilingSite = {
    ways,
    local: (text: string) => hospitalNumbers('[A-Z]\\d{6}')!(text).map(({ said }) => said),
  }
  let watch: ReturnType<typeof startFilingWatch> | undefined
  const bed = await openBed({
    clock,
    ...options,
    desk: { filing: { site, now: () => watch?.now() ?? [] }, ...options.desk },
  })
  const random = { bytes: (n: number) => new Uint8Array(randomBytes(n)) }
  const operator = 'switchboard-op'
  const running = new Set<() => Promise<void>>()

  const elapse = async (ms: number) => {
    await clock.elapse(ms)
    await settle(20)
  }
  const end = async ({ id }: Alert) => {
    const version = (await bed.store.transact((tx) => tx.alerts.get(id)))?.version ?? 0
    await bed.alerts.apply(id, {
      kind: 'finished',
      at: clock.now(),
      by: { kind: 'switchboard', operator },
      version,
    })
  }
  return {
    ...{ bed, clock, end, elapse, desk: bed.filings },
    audits: async () =>
      (await bed.store.transact((tx) => tx.audit.since(0, 1000))).map(
        ({ action, outcome, detail }) => `${action} ${outcome} ${JSON.stringify(detail ?? {})}`,
      ),
    async ended(text, more = {}) {
      const alert = await bed.call({
        ...{ text, kind: 'call-back', class: 'urgent', roles: ['med-reg'] },
        ...more,
      })
      const person = bed.holder('med-reg')
      clock.advance(10_000)
      const by = { kind: 'person', person } as const
      const answer = async (what: 'accepted' | 'arrived') => {
        const version = (await bed.store.transact((tx) => tx.alerts.get(alert.id)))?.version ?? 0
        await bed.alerts.apply(alert.id, {
          kind: 'answered',
          at: clock.now(),
          by,
          person,
          answer: what,
          version,
        })
      }
      await answer('accepted')
      clock.advance(60_000)
      await answer('arrived')
      await end(alert)
      return alert.id
    },
    async filed(id) {
      const found = await bed.store.transact((tx) => tx.filings.get(id))
      if (found === undefined) throw new Error('no filing')
      return found
    },
    troubles: () => watch?.troubles() ?? [],
    start(store = bed.store) {
      const tools = { clock, log: LOG, metrics: METRICS, wake: store.wake, store }
      watch = startFilingWatch({ ...tools, ways })
      const parts = {
        ...{ ...tools, random, filing: site, directory: bed.roster.current, heard: watch.heard },
        owner: `n/${Buffer.from(random.bytes(4)).toString('hex')}`,
      }
      const loops = [watch, startFilingDecide(parts), ...ways.map((way) => startFilingSend(way, parts))]
      const stop = async () => {
        running.delete(stop)
        await Promise.all(loops.map((loop) => loop.stop()))
      }
      running.add(stop)
      return stop
    },
    async close() {
      await Promise.all([...running].map((stop) => stop()))
      await bed.close()
    },
  }
}
