import { dayAt, printDay } from '../core/directory/civil.ts'
import { type Millis, SECOND } from '../core/instant.ts'
import {
  availability,
  availabilityFigures,
  observe,
  type Sign,
  shown,
  type Watched,
  watched,
} from '../core/measure/availability.ts'
import type { Supervised } from '../core/measure/discovery.ts'
import type { Asked, HeardPage } from '../core/measure/overair.ts'
import {
  AIR_START,
  type AirCheck,
  type AirFigures,
  type AirResult,
  addAir,
  asked,
  heard,
  passed,
} from '../core/measure/overair.ts'
import { HEALTH_STATES, type Sort } from '../core/measure/telemetry.ts'
import type { Store } from '../ports/store.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import { type Loop, type LoopTools, startLoop } from './loop.ts'
import { AIR_NOTE, SUPERVISION_NOTE } from './report.ts'

export interface SupervisionParts extends LoopTools {
  readonly store: Store
  readonly zone: string
  readonly telemetry?: Telemetry
  readonly things: readonly (Supervised & { readonly bound?: Millis })[]
}

export interface Supervision extends Loop {
  /** A thing spoke, or said that it is ill or well. Unknown things are ignored: a reload may have taken them away. */
  sign(sort: Sort, subject: string, sign: Exclude<Sign, { kind: 'tick' }>): void
  /** Over-the-air check: the switchboard side asked for a page; a radio tap heard one. */
  asked(page: Asked): void
  heard(page: HeardPage): void
  readonly things: () => readonly Watched[]
  /** What each transmitter was asked for and heard to send. */
  readonly air: () => readonly AirFigures[]
}

const EVERY: Millis = 5 * SECOND
/** A minute of a month is the most that a crash may cost the tally. */
const KEPT_EVERY: Millis = 60 * SECOND
/** Raw states, so that a month survives a restart. */
const STATES_NOTE = 'supervised'

/** Keeps the state of everything supervised: bound, state, since, why, and how much of the month it was good. */
export function startSupervision(parts: SupervisionParts): Supervision {
  const { clock, metrics, telemetry, store, zone } = parts
  const month = (): string => printDay(dayAt(clock.now(), zone)).slice(0, 7)
  const all = new Map<string, Watched>()
  const key = (sort: Sort, subject: string): string => `${sort}/${subject}`
  for (const { sort, subject, label, bound } of parts.things)
    all.set(key(sort, subject), watched(sort, subject, label, clock.now(), month(), bound))
  let air: AirCheck = AIR_START
  let sums: readonly AirFigures[] = []
  let restored = false
  let kept = clock.now()

  const show = (thing: Watched): void => {
    const { sort, subject, state } = thing
    for (const one of HEALTH_STATES)
      metrics.gauge('bleepbridge_supervised_state', one === state ? 1 : 0, { sort, subject, state: one })
    const share = availability(thing.month)
    if (share !== undefined) metrics.gauge('bleepbridge_availability_ratio', share, { sort, subject })
  }
  const apply = (id: string, sign: Sign): void => {
    const before = all.get(id)
    if (before === undefined) return
    const after = observe(before, sign)
    all.set(id, after)
    if (after.state === before.state && after.why === before.why) return
    show(after)
    telemetry?.state(shown(after))
  }
  const count = (results: readonly AirResult[]): void => {
    for (const result of results) {
      const { transmitter, outcome, delay } = result
      metrics.count('bleepbridge_air_checks_total', { transmitter, heard: outcome })
      if (delay !== undefined)
        metrics.observe('bleepbridge_air_delay_seconds', delay / SECOND, { transmitter })
      const before = sums.find((s) => s.transmitter === transmitter)
      sums = [...sums.filter((s) => s !== before), addAir(before, result)]
      const at = clock.now()
      if (outcome === 'heard') apply(key('transmitter', transmitter), { kind: 'said', at })
      else apply(key('transmitter', transmitter), { kind: 'said', at, fault: 'air-not-heard', works: true })
    }
  }

  const loop = startLoop(
    'supervision',
    [],
    EVERY,
    async () => {
      if (!restored) {
        await restore()
        restored = true
      }
      const now = month()
      // Ports tell their own silence, and a transmitter is heard only when it was asked: time alone proves nothing.
      for (const id of all.keys())
        apply(id, { kind: 'tick', at: clock.now(), month: now, expected: Number.POSITIVE_INFINITY })
      const [rest, silent] = passed(air, clock.now())
      air = rest
      count(silent)
      for (const thing of all.values()) show(thing)
      if (clock.now() - kept >= KEPT_EVERY) await keep()
    },
    parts,
  )

  const restore = async (): Promise<void> => {
    const [states, air] = await store.transact(async (tx) => [
      await tx.notes.get(STATES_NOTE),
      await tx.notes.get(AIR_NOTE),
    ])
    if (Array.isArray(air)) sums = air as readonly AirFigures[]
    if (!Array.isArray(states)) return
    for (const was of states as readonly Watched[]) {
      const id = key(was.sort, was.subject)
      const fresh = all.get(id)
      // Time while we were away is known to nobody: the tally goes on from now.
      if (fresh && was.month.month === fresh.month.month)
        all.set(id, { ...fresh, month: { ...was.month, until: fresh.month.until } })
    }
  }
  const keep = (): Promise<void> => {
    const things = [...all.values()]
    const at = clock.now()
    kept = at
    return store.transact(async (tx) => {
      await tx.notes.set(STATES_NOTE, things, at)
      await tx.notes.set(SUPERVISION_NOTE, things.map(availabilityFigures), at)
      await tx.notes.set(AIR_NOTE, sums, at)
    })
  }

  return {
    sign: (sort, subject, sign) => apply(key(sort, subject), sign),
    asked(page) {
      const [next, results] = asked(air, page)
      air = next
      count(results)
    },
    heard(page) {
      const [next, results] = heard(air, page)
      air = next
      count(results)
    },
    things: () => [...all.values()],
    air: () => sums,
    async stop() {
      await loop.stop()
      if (restored) await keep()
    },
  }
}
