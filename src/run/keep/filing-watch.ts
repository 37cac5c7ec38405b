import type { FaultCode } from '../../core/faults.ts'
import { DAY, HOUR, type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { FilingAnswer } from '../../core/record/send.ts'
import { FILING_STANDS, type FilingWayId } from '../../core/vocabulary.ts'
import type { FilingFigures, FilingWay } from '../../ports/filings.ts'
import type { Store } from '../../ports/store.ts'
import { type LoopTools, startLoop } from '../loop.ts'

const EVERY: Millis = MINUTE
/** A way that has not just taken something is asked so often whether it is there. */
const PROBE: Millis = 10 * MINUTE
/** Not shown to work for so long, it counts as not proved. */
const PROVES: Millis = 30 * MINUTE
const PROBE_WITHIN: Millis = 10 * SECOND
/** Waiting longer than this, somebody is told. */
const LATE: Millis = DAY

/** What is known of one way. */
export interface FilingWayNow {
  readonly way: FilingWayId
  /** When it was last shown to work: by a filing taken, or by answering a probe. */
  readonly proved?: Instant
  /** What it last said, where that was no yes. */
  readonly fault?: FaultCode
}

export interface FilingWatch {
  /** An answer of a way to a filing. */
  heard(way: FilingWayId, answer: FilingAnswer): void
  troubles(): readonly Finding[]
  now(): readonly FilingWayNow[]
  stop(): Promise<void>
}

export interface FilingWatchParts extends LoopTools {
  readonly store: Store
  readonly ways: readonly FilingWay[]
}

/** Whether what is to be filed gets there: figures, and what stands until a person has seen to it. */
export function startFilingWatch({ store, ways, ...tools }: FilingWatchParts): FilingWatch {
  const { clock, metrics } = tools
  const begun = clock.now()
  const known = new Map<FilingWayId, { proved?: Instant; fault?: FaultCode; probed: Instant }>()
  let figures: FilingFigures | undefined

  const said = (way: FilingWayId, fault: FaultCode | undefined) => {
    const was = known.get(way) ?? { probed: 0 }
    const { fault: _, ...rest } = was
    known.set(way, fault === undefined ? { ...rest, proved: clock.now() } : { ...rest, fault })
  }

  async function probe(way: FilingWay): Promise<void> {
    const { proved, probed, fault } = known.get(way.id) ?? { probed: 0 }
    const now = clock.now()
    if (now - Math.max(probed, fault === undefined ? (proved ?? 0) : 0) < PROBE) return
    known.set(way.id, { ...known.get(way.id), probed: now })
    const deadline = new AbortController()
    const timer = clock.after(PROBE_WITHIN, () => deadline.abort())
    const found = await way.probe(deadline.signal).finally(() => timer.cancel())
    said(way.id, found)
  }

  async function count(): Promise<void> {
    const now = clock.now()
    figures = await store.transact((tx) => tx.filings.figures(now - DAY))
    for (const filed of FILING_STANDS) metrics.gauge('bleepbridge_filings', figures.stands[filed], { filed })
    metrics.gauge('bleepbridge_filings_undecided', figures.undecided.count)
    for (const { id } of ways) {
      const { since } = figures.ways[id]
      metrics.gauge('bleepbridge_filing_oldest_seconds', since === undefined ? 0 : (now - since) / SECOND, {
        way: id,
      })
      const { proved } = known.get(id) ?? {}
      metrics.gauge('bleepbridge_filing_up', proved !== undefined && now - proved < PROVES ? 1 : 0, {
        way: id,
      })
    }
  }

  /** After a start it has as long as ever to show itself. */
  const isProved = (way: FilingWayId) => clock.now() - (known.get(way)?.proved ?? begun) < PROVES

  const loop = startLoop(
    'filing-watch',
    [],
    EVERY,
    async () => {
      await Promise.all(ways.map(probe))
      await count()
    },
    tools,
  )
  return {
    heard(way, answer) {
      if (answer.kind === 'later') said(way, answer.fault)
      // Refused is an answer as well: it is there, and reads what we send.
      else said(way, undefined)
    },
    troubles() {
      const now = clock.now()
      const found: Finding[] = []
      for (const { id } of ways) {
        const fault = known.get(id)?.fault
        if (fault === 'filing-credentials') found.push({ code: fault, subject: id })
        else if (!isProved(id))
          found.push({
            code: 'filing-unproved',
            subject: id,
            ...(fault === undefined ? {} : { detail: fault }),
          })
        const { since, refused } = figures?.ways[id] ?? { refused: 0 }
        if (since !== undefined && now - since > LATE)
          found.push({ code: 'filing-behind', subject: id, detail: `${Math.floor((now - since) / HOUR)} h` })
        if (refused > 0) found.push({ code: 'filing-refused', subject: id, detail: `${refused}` })
      }
      const { count: asks = 0, since } = figures?.undecided ?? {}
      if (since !== undefined && now - since > LATE)
        found.push({ code: 'filing-undecided', subject: 'filing', detail: `${asks}` })
      return found
    },
    now: () =>
      ways.map(({ id }) => {
        const { proved, fault } = known.get(id) ?? {}
        return {
          way: id,
          ...(proved === undefined ? {} : { proved }),
          ...(fault === undefined ? {} : { fault }),
        }
      }),
    stop: () => loop.stop(),
  }
}
