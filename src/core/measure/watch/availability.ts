import { FAULTS, type StandingCode } from '../../faults.ts'
import { afterStep, DAY, type Instant, MINUTE, type Millis, SECOND } from '../../instant.ts'
import type { Reading } from '../node-parts.ts'
import type { HealthState, Shown, Sort } from '../telemetry.ts'

/**
 * How soon trouble must show, by what is supervised: a fault that the thing itself reports, and silence of a thing that
 * should speak. Bounds of a profile or of the configuration go before these.
 */
const BOUNDS: Readonly<Record<Sort, { readonly fault: Millis; readonly silence: Millis | undefined }>> = {
  feed: { fault: 10 * SECOND, silence: 90 * SECOND },
  transmitter: { fault: 3 * MINUTE, silence: undefined },
  provider: { fault: 10 * SECOND, silence: undefined },
  phones: { fault: 5 * MINUTE, silence: DAY },
  store: { fault: 10 * SECOND, silence: undefined },
  broker: { fault: 30 * SECOND, silence: undefined },
  node: { fault: 10 * SECOND, silence: undefined },
}

/** One supervised thing: its state, since when and why, and how much of this month it was good. */
export interface Watched {
  readonly sort: Sort
  readonly subject: string
  readonly label: string
  readonly bound: Millis | undefined
  readonly state: HealthState
  readonly since: Instant
  readonly why?: StandingCode
  /** Where something is measured. */
  readonly reading?: Reading
  /** Last sign of life. */
  readonly heard?: Instant
  readonly month: MonthTally
}

/** Time by state within one month; the month is named by the caller, who knows the zone. */
export interface MonthTally {
  readonly month: string
  readonly spent: Readonly<Record<HealthState, Millis>>
  readonly until: Instant
}

const NOTHING: Readonly<Record<HealthState, Millis>> = { good: 0, degraded: 0, failed: 0, unknown: 0 }

/** Begins to watch a thing, of which nothing is known yet. @param bound milliseconds that it may be silent; absent: for ever */
export function watched(
  sort: Sort,
  subject: string,
  label: string,
  at: Instant,
  month: string,
  bound: Millis | undefined = BOUNDS[sort].silence,
): Watched {
  const tally = { month, spent: NOTHING, until: at }
  return { sort, subject, label, bound, state: 'unknown', since: at, month: tally }
}

export type Sign =
  /** It spoke or worked. */
  | { readonly kind: 'heard'; readonly at: Instant }
  /** It said that something is wrong, or that it is well again (no fault). */
  | {
      readonly kind: 'said'
      readonly at: Instant
      readonly fault?: StandingCode
      readonly works?: boolean
      readonly reading?: Reading
    }
  /** Nothing is expected of it now: it has no parts in use. */
  | { readonly kind: 'idle'; readonly at: Instant }
  /** Time passed; `month` is the month it is now in the site's zone. */
  | { readonly kind: 'tick'; readonly at: Instant; readonly month: string; readonly expected?: Millis }

/** The thing after a sign. Same object when nothing changed, so that a caller can tell. */
export function observe(thing: Watched, sign: Sign): Watched {
  const before =
    sign.kind === 'said' && sign.reading !== undefined ? { ...thing, reading: sign.reading } : thing
  const now = tally(before, sign.at, sign.kind === 'tick' ? sign.month : thing.month.month)
  switch (sign.kind) {
    case 'heard': {
      const heard = { ...now, heard: sign.at }
      return thing.state === 'unknown' || thing.why === 'line-silent' ? turn(heard, 'good', sign.at) : heard
    }
    case 'said': {
      if (sign.fault === undefined) return turn({ ...now, heard: sign.at }, 'good', sign.at)
      return turn(now, sign.works === true ? 'degraded' : 'failed', sign.at, sign.fault)
    }
    case 'idle':
      return turn(now, 'unknown', sign.at)
    case 'tick': {
      const bound = sign.expected ?? thing.bound
      if (bound === undefined || thing.state === 'failed') return now
      const silent = sign.at - (thing.heard ?? thing.since)
      return silent > bound ? turn(now, 'failed', sign.at, 'line-silent') : now
    }
  }
}

function turn(thing: Watched, state: HealthState, at: Instant, why?: StandingCode): Watched {
  if (thing.state === state && thing.why === why) return thing
  const { why: _, ...rest } = thing
  return { ...rest, state, since: at, ...(why === undefined ? {} : { why }) }
}

function tally(thing: Watched, at: Instant, month: string): Watched {
  const { month: before } = thing
  const passed = Math.max(0, at - before.until)
  if (month !== before.month) return { ...thing, month: { month, spent: NOTHING, until: at } }
  if (passed === 0) return thing
  const spent = { ...before.spent, [thing.state]: before.spent[thing.state] + passed }
  return { ...thing, month: { month, spent, until: Math.max(at, before.until) } }
}

/** The clock stepped: the time that it skipped or has again was spent in no state (see `afterStep`). */
export function tallyStepped(thing: Watched, by: Millis, from: Instant, at: Instant): Watched {
  return { ...thing, month: { ...thing.month, until: afterStep(thing.month.until, by, from, at) } }
}

/** Share of the known time of the month that the thing worked (good or degraded); `undefined` before any is known. */
export function availability({ spent }: MonthTally): number | undefined {
  const known = spent.good + spent.degraded + spent.failed
  return known === 0 ? undefined : (spent.good + spent.degraded) / known
}

/** As telemetry and the board show it. */
export function shown(thing: Watched): Shown {
  const share = availability(thing.month)
  const why = thing.why === undefined ? undefined : FAULTS[thing.why]
  return {
    sort: thing.sort,
    subject: thing.subject,
    state: thing.state,
    since: thing.since,
    ...(thing.why === undefined || why === undefined
      ? {}
      : { why: { code: thing.why, sentence: why.sentence, remedy: why.remedy } }),
    ...(thing.bound === undefined ? {} : { bound: thing.bound }),
    ...(thing.reading === undefined ? {} : { reading: thing.reading }),
    ...(share === undefined ? {} : { availability: share }),
  }
}

/** One line of the report's table. */
export interface AvailabilityFigures {
  /** The node that watches it. */
  readonly node: string
  readonly sort: Sort
  readonly label: string
  readonly month: string
  readonly state: HealthState
  readonly availability: number | null
  readonly failedMinutes: number
  readonly why: string | null
}

/** Figures of a month: availability 0 to 1, null while nothing is known; whole minutes failed. */
export function availabilityFigures(thing: Watched, node: string): AvailabilityFigures {
  return {
    node,
    sort: thing.sort,
    label: thing.label,
    month: thing.month.month,
    state: thing.state,
    availability: availability(thing.month) ?? null,
    failedMinutes: Math.round(thing.month.spent.failed / MINUTE),
    why: thing.why === undefined ? null : FAULTS[thing.why].sentence,
  }
}
