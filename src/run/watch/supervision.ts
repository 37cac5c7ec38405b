import { dayAt, printDay } from '../../core/directory/civil.ts'
import { type Millis, SECOND } from '../../core/instant.ts'
import { HEALTH_STATES, type Sort } from '../../core/measure/telemetry.ts'
import {
  availability,
  observe,
  type Sign,
  shown,
  tallyStepped,
  type Watched,
  watched,
} from '../../core/measure/watch/availability.ts'
import type { Supervised } from '../../core/measure/watch/discovery.ts'
import type { FeedView } from '../../core/measure/watch/feed-view.ts'
import { type Found, type FoundBy, type SiteFound, siteFound } from '../../core/measure/watch/found.ts'
import type { Asked, HeardPage } from '../../core/measure/watch/overair.ts'
import {
  AIR_START,
  type AirCheck,
  type AirFigures,
  type AirResult,
  addAir,
  airStepped,
  asked,
  heard,
  passed,
} from '../../core/measure/watch/overair.ts'
import type { Store } from '../../ports/store.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import { allFound, foundBefore, keepFound } from '../keep/found-notes.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import { followSteps, ticks } from '../ticks.ts'

export interface SupervisionParts extends LoopTools {
  readonly store: Store
  /** The node that runs here, and whether the database is one that several nodes share. */
  readonly node: { readonly id: string; readonly shares: boolean }
  /** The lines as they are now, for the pages of other nodes. */
  readonly feeds: () => readonly FeedView[]
  readonly zone: string
  readonly telemetry?: Telemetry
  readonly things: readonly (Supervised & { readonly bound?: Millis })[]
  /** Told when a reload has added some or taken some away. */
  readonly changed?: (things: readonly Supervised[]) => void
}

export interface Supervision extends Loop {
  /** A thing spoke, or said that it is ill or well. Unknown things are ignored: a reload may have taken them away. */
  sign(sort: Sort, subject: string, sign: Exclude<Sign, { kind: 'tick' }>): void
  /** Of phones these are watched from now on, and no others. */
  follow(phones: readonly Supervised[]): void
  /** Over-the-air check: the switchboard side asked for a page; a radio tap heard one. */
  asked(page: Asked): void
  heard(page: HeardPage): void
  /** What this node watches. */
  readonly things: () => readonly Watched[]
  /** What all nodes watch, as far as is known here. */
  readonly site: () => SiteFound
}

const EVERY: Millis = 5 * SECOND
/** A minute of a month is the most that a crash may cost the tally. */
const KEPT_EVERY: Millis = 60 * SECOND
/** Other nodes show what they read there. Whoever looks wants to know of the last page, not how it was a minute ago. */
const TOLD_EVERY: Millis = 10 * SECOND

/** Keeps the state of everything supervised: bound, state, since, why, and how much of the month it was good. */
export function startSupervision(parts: SupervisionParts): Supervision {
  const { clock, metrics, telemetry, store, zone, node } = parts
  const month = (): string => printDay(dayAt(clock.now(), zone)).slice(0, 7)
  const all = new Map<string, Watched>()
  const key = (sort: Sort, subject: string): string => `${sort}/${subject}`
  for (const { sort, subject, label, bound } of parts.things)
    all.set(key(sort, subject), watched(sort, subject, label, clock.now(), month(), bound))
  let air: AirCheck = AIR_START
  const airSteps = followSteps(clock, (kept: AirCheck, by, from, at) => {
    air = airStepped(kept, by, from, at)
  })
  let sums: readonly AirFigures[] = []
  let restored = false
  let kept = ticks(clock)
  let turned = false
  let others: readonly FoundBy[] = []

  const show = ({ sort, subject, month }: Watched, state: Watched['state'] | undefined): void => {
    for (const one of HEALTH_STATES)
      metrics.gauge('bleepbridge_supervised_state', one === state ? 1 : 0, { sort, subject, state: one })
    const share = availability(month)
    if (share !== undefined) metrics.gauge('bleepbridge_availability_ratio', share, { sort, subject })
  }
  const tallySteps = followSteps(clock, (things: typeof all, by, from, at) => {
    for (const [id, thing] of things) things.set(id, tallyStepped(thing, by, from, at))
  })
  const apply = (id: string, sign: Sign): void => {
    tallySteps(all)
    const before = all.get(id)
    if (before === undefined) return
    const after = observe(before, sign)
    all.set(id, after)
    if (after.state === before.state && after.why === before.why) return
    turned = true
    show(after, after.state)
    telemetry?.state(shown(after))
  }
  /** Only the crash roles of now. The last figure of a role that is no crash role any more would stand for ever. */
  const follow = (phones: readonly Supervised[]): void => {
    const wanted = new Map(phones.map((one) => [key(one.sort, one.subject), one]))
    const gone = [...all].filter(([id, { sort }]) => sort === 'phones' && !wanted.has(id))
    const fresh = [...wanted].filter(([id]) => !all.has(id))
    if (gone.length + fresh.length === 0) return
    for (const [id, thing] of gone) {
      all.delete(id)
      show(thing, undefined)
    }
    for (const [id, { sort, subject, label }] of fresh)
      all.set(id, watched(sort, subject, label, clock.now(), month()))
    parts.changed?.([...all.values()].map(({ sort, subject, label }) => ({ sort, subject, label })))
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
      // Ports tell of their own silence, and a transmitter is heard only after it was asked for something, so the
      // mere passing of time proves nothing about either.
      for (const id of all.keys())
        apply(id, { kind: 'tick', at: clock.now(), month: now, expected: Number.POSITIVE_INFINITY })
      airSteps(air)
      const [rest, silent] = passed(air, clock.now())
      air = rest
      count(silent)
      for (const thing of all.values()) show(thing, thing.state)
      // Other nodes show it too: what turned is told them at once.
      const every = !node.shares ? KEPT_EVERY : turned ? 0 : TOLD_EVERY
      if (ticks(clock) - kept >= every) await keep()
      if (node.shares) others = await store.transact(allFound)
    },
    parts,
  )

  const restore = async (): Promise<void> => {
    const before = await foundBefore(store, node.id, clock.now())
    sums = before.air.filter(({ transmitter }) => all.has(key('transmitter', transmitter)))
    for (const was of before.things) {
      const id = key(was.sort, was.subject)
      const fresh = all.get(id)
      // Time while we were away is known to nobody: the tally goes on from now.
      if (fresh && was.month.month === fresh.month.month)
        all.set(id, { ...fresh, month: { ...was.month, until: fresh.month.until } })
    }
  }
  const found = (): Found => ({ things: [...all.values()], air: sums, feeds: parts.feeds() })
  const keep = (): Promise<void> => {
    kept = ticks(clock)
    turned = false
    return store.transact((tx) => keepFound(tx, node.id, found(), clock.now()))
  }

  return {
    sign: (sort, subject, sign) => apply(key(sort, subject), sign),
    follow,
    asked(page) {
      airSteps(air)
      const [next, results] = asked(air, page)
      air = next
      count(results)
    },
    heard(page) {
      airSteps(air)
      const [next, results] = heard(air, page)
      air = next
      count(results)
    },
    things: () => [...all.values()],
    site: () => siteFound(node.id, found(), others, clock.now()),
    async stop() {
      await loop.stop()
      if (restored) await keep()
    },
  }
}
