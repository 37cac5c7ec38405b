import { MINUTE, type Millis } from '../instant.ts'
import type { Class } from '../vocabulary.ts'
import { URGENCY } from './urgency.ts'

/** A provider that asks for more patience than this is not waited for longer: the person has other ways. */
const LONGEST_WISH: Millis = 5 * MINUTE

/**
 * Pause before try number `next` (1 is the first repeat): doubles up to the class's bound, half of it random so that
 * phones refused together do not come back together.
 * @param random from 0 up to 1
 * @param wish what the provider asked for (`Retry-After`), taken as the least
 */
export function pauseBefore(next: number, c: Class, random: number, wish: Millis = 0): Millis {
  const { first, longest } = URGENCY[c].pause
  const bound = Math.min(longest, first * 2 ** Math.min(next - 1, 20))
  return Math.max(bound / 2 + (random * bound) / 2, Math.min(wish, LONGEST_WISH))
}

/**
 * `Retry-After` as RFC 9110 clause 10.2.3 writes it: seconds, or a date. `undefined` when it is neither.
 * @param now to turn a date into a pause
 */
export function readRetryAfter(value: string | undefined, now: number): Millis | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const date = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
