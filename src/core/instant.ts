/** Wall-clock milliseconds since 1970-01-01T00:00Z from the steady clock (see core/clock.ts). May have a fraction. */
export type Instant = number

/** A span in milliseconds; may have a fraction, never negative unless a name says so. */
export type Millis = number

export const SECOND: Millis = 1000
export const MINUTE: Millis = 60 * SECOND
export const HOUR: Millis = 60 * MINUTE
export const DAY: Millis = 24 * HOUR

/** ISO 8601 in UTC with milliseconds: the one written form of an instant in logs, files and HTTP. */
export function printInstant(at: Instant): string {
  return new Date(at).toISOString()
}

/** Reads ISO 8601 with an offset or `Z`; `undefined` when the text is anything else. */
export function parseInstant(text: string): Instant | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}
