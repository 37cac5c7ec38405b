import type { Instant, Millis } from '../../instant.ts'
import { withControls } from './control-names.ts'
import type { TextRecord } from './framer.ts'
import type { Reading } from './read.ts'
import { likeliest, type ReadingName } from './several.ts'

/** A record that a pattern took for a page or a part of one. */
export interface Taken {
  readonly reading: Reading
  readonly record: TextRecord
  /** The page given out before of which this is a later state. */
  readonly improves?: number
}

/** A page given out that had readings to choose from. */
export interface Chosen {
  readonly ref: number
  readonly key: string
  readonly readings: readonly Taken[]
  readonly at: Instant
}

/** Where lines of several receivers come mixed, so many pages wait for a reading that comes late. */
export const MOST_CHOSEN = 8

/** One page while its decoder may still print more of it: other readings of the same bits, further rows of its text. */
export interface Gathered {
  readonly key: string
  readonly readings: readonly Taken[]
  readonly rows: readonly Taken[]
  /** When it goes out with what there is. */
  readonly until: Instant
}

/** Begins with the first reading; goes out `wait` milliseconds behind its last byte. */
export function gather(taken: Taken, wait: Millis): Gathered {
  return { key: keyOf(taken), readings: [taken], rows: [], until: taken.record.last + wait }
}

/**
 * Whether nothing more can change it: a decoder prints the numeric reading first, so that behind another there is only
 * one hardly ever meant. @param rows the sender breaks long messages into rows
 */
export function isWhole({ readings }: Gathered, rows: boolean): boolean {
  return !rows && readings.at(-1)?.reading.rule.reading !== 'numeric'
}

/** With one more reading or row, or undefined when it is none of this page's. */
export function gathered(to: Gathered, taken: Taken): Gathered | undefined {
  const { rule, groups } = taken.reading
  if (isReading(to, taken)) return { ...to, readings: [...to.readings, taken] }
  const row = rule.continues && !rule.lossy && rule.reading === undefined
  const address = groups.address ?? '-'
  if (row && (address === '-' || to.key.startsWith(`${address}/`)))
    return { ...to, rows: [...to.rows, taken] }
  return undefined
}

/** Whether it reads the same page in a way that was not there yet. */
export function isReading({ key, readings }: Pick<Gathered, 'key' | 'readings'>, taken: Taken): boolean {
  const name = taken.reading.rule.reading
  const known = readings.map(({ reading }) => reading.rule.reading)
  return name !== undefined && !known.includes(undefined) && !known.includes(name) && key === keyOf(taken)
}

/** The reading that is the page. */
export function chosen(readings: readonly Taken[]): Taken {
  const texts = new Map<ReadingName, string>()
  for (const { reading } of readings)
    if (reading.rule.reading) texts.set(reading.rule.reading, withControls(reading.groups.text ?? ''))
  const name = likeliest(texts, readings[0]?.reading.groups.function)
  return readings.find(({ reading }) => reading.rule.reading === name) ?? readings[0]!
}

function keyOf({ reading: { groups, rule } }: Taken): string {
  return `${groups.address ?? '-'}/${groups.function ?? '-'}/${rule.continues}`
}
