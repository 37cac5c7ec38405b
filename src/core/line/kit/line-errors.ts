import type { StandingCode } from '../../faults.ts'
import { MINUTE, type Millis } from '../../instant.ts'

/**
 * What the driver of a serial port counts of its line. As read, each figure runs since the driver was loaded and is an
 * unsigned number of 32 bits that starts again at 0 behind its last.
 */
export interface LineErrors {
  /** Characters whose parity was wrong. */
  readonly parity: number
  /** Characters without their stop bit: a wrong rate or framing, or noise. */
  readonly framing: number
  /** Times the line stood at 0 for longer than a character: a pulled lead, a sender without power, or a real break. */
  readonly break: number
  /** Characters lost because they came faster than they were fetched, by the hardware or by us. */
  readonly overrun: number
}

export const LINE_ERRORS = [
  'parity',
  'framing',
  'break',
  'overrun',
] as const satisfies readonly (keyof LineErrors)[]

export const NO_ERRORS: LineErrors = { parity: 0, framing: 0, break: 0, overrun: 0 }

/** What has come between two readings. A figure far below the one before means that the driver was loaded again. */
export function errorsSince(before: LineErrors, now: LineErrors): LineErrors {
  const since = (of: keyof LineErrors): number => {
    const came = (now[of] - before[of]) >>> 0
    return came < 2 ** 31 ? came : now[of]
  }
  return {
    parity: since('parity'),
    framing: since('framing'),
    break: since('break'),
    overrun: since('overrun'),
  }
}

/** Counts of two spans together. */
export const plusErrors = (a: LineErrors, b: LineErrors): LineErrors => ({
  parity: a.parity + b.parity,
  framing: a.framing + b.framing,
  break: a.break + b.break,
  overrun: a.overrun + b.overrun,
})

/** Whether a line that works is ill: judged at each reading, over what came since the one before. */
export interface ErrorWatch {
  /** Bytes heard since the last reading. */
  readonly heard: number
  /** When each fault that stands was last seen to hold, by a clock that nobody sets. */
  readonly seen: ReadonlyMap<StandingCode, Millis>
}

/** Faults of a line that goes on working: it is ill, not dead. */
export const ILL_FAULTS = ['line-errors', 'port-overrun'] as const satisfies readonly StandingCode[]

/** The line may well work, and nothing shows that it does. */
const UNPROVED = ['line-unheard', 'line-quiet'] as const satisfies readonly StandingCode[]

const ILL: ReadonlySet<StandingCode> = new Set<StandingCode>([...ILL_FAULTS, ...UNPROVED, 'peer-refused'])

/** The one fault to tell of those that stand on a line, and whether the line works all the same. */
export function worstOf(
  standing: readonly StandingCode[],
): { code: StandingCode; works: boolean } | undefined {
  const code = standing.find((one) => !ILL.has(one)) ?? standing[0]
  return code === undefined ? undefined : { code, works: ILL.has(code) }
}

/** Fewer bad characters than this between two readings are a plug that was touched. */
const FEWEST = 3
/** Share of bad characters from which a line is ill. */
const SHARE = 0.01
/** A fault stands until this long has passed without its like. */
const WELL_AFTER: Millis = MINUTE

export const START_WATCH: ErrorWatch = { heard: 0, seen: new Map() }

/**
 * Judges what came since the last reading, and begins the next; a fault goes a minute after its like was last seen.
 * @param at by a clock that nobody sets
 */
export function judgeErrors(watch: ErrorWatch, came: LineErrors, at: Millis): ErrorWatch {
  const bad = came.parity + came.framing + came.break
  const stands: Readonly<Record<(typeof ILL_FAULTS)[number], boolean>> = {
    // Bad characters may be dropped before we hear them, so they count as heard beside the rest.
    'line-errors': bad >= FEWEST && bad >= SHARE * (watch.heard + bad),
    'port-overrun': came.overrun > 0,
  }
  const seen = new Map(watch.seen)
  for (const code of ILL_FAULTS) {
    const last = seen.get(code)
    if (stands[code]) seen.set(code, at)
    else if (last !== undefined && at - last >= WELL_AFTER) seen.delete(code)
  }
  return { heard: 0, seen }
}
