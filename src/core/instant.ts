/** Wall-clock milliseconds since 1970-01-01T00:00Z from the steady clock (see core/clock.ts). May have a fraction. */
export type Instant = number

/** A span in milliseconds; may have a fraction, never negative unless a name says so. */
export type Millis = number

export const SECOND: Millis = 1000
export const MINUTE: Millis = 60 * SECOND
export const HOUR: Millis = 60 * MINUTE
export const DAY: Millis = 24 * HOUR

/**
 * What was kept as `kept` before the clock stepped, by the clock as it is now. An instant that the new clock can have given
 * itself stays: it may be one of its own.
 * @param by positive: forwards
 * @param from the earliest instant that the clock as it is now can have given since the last look
 * @param at now
 */
export const afterStep = (kept: Instant, by: Millis, from: Instant, at: Instant): Instant =>
  kept < from || kept > at ? kept + by : kept

/** The last millisecond that four digits of a year can say. */
const LAST: Instant = Date.UTC(10_000, 0, 1) - 1

/** ISO 8601 in UTC. What no calendar holds is told as its nearest end, so that one mad stamp keeps no page from being shown. */
export function printInstant(at: Instant): string {
  return new Date(at > 0 ? Math.min(at, LAST) : 0).toISOString()
}

/** Reads ISO 8601 with an offset or `Z`; `undefined` when the text is anything else. */
export function parseInstant(text: string): Instant | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}
