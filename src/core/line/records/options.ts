import { z } from 'zod'
import { pattern } from '../kit/pattern.ts'
import { framing } from '../text/framing.ts'

/** Where a value stands in a record: a CSV field or a column span, both counted from 1, as the makers' tables count. */
const csvField = z.number().int().min(1).max(100)
const column = z.strictObject({
  at: z.number().int().min(1).max(500),
  length: z.number().int().min(1).max(100),
})

/**
 * Names a layout may give its values. `stamp` is date and time in one; parts of a duration are added up; `device` and
 * `party` are the equipment at the two ends.
 */
const VALUE_NAMES = [
  'stamp',
  'date',
  'time',
  'meridiem',
  'ring',
  'talk',
  'talkHours',
  'talkMinutes',
  'talkTenths',
  'from',
  'to',
  'dialled',
  'internal',
  'direction',
  'device',
  'party',
  'type',
] as const
export type ValueName = (typeof VALUE_NAMES)[number]
const valueName = z.enum(VALUE_NAMES)

/** A test on one value; the value is taken without its outer spaces. */
const condition = z.strictObject({ value: valueName, matches: pattern })

export const recordsOptions = z.strictObject({
  framing: framing.prefault({ end: '\r\n\f' }),
  /** How values are found: by field of a comma-separated line, by column, or by named groups of patterns. */
  layout: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('csv'),
      fields: z.partialRecord(valueName, csvField),
      /** A line with fewer fields is no call record. */
      atLeast: z.number().int().min(1).max(100).default(1),
    }),
    z.strictObject({
      kind: z.literal('columns'),
      columns: z.partialRecord(valueName, column),
      /** A line that this does not match is no call record; headings and dates then count as unmatched. */
      check: pattern,
    }),
    z.strictObject({ kind: z.literal('pattern'), patterns: z.array(pattern).min(1).max(16) }),
  ]),
  noise: z.array(pattern).max(32).default([]),
  /** A record that this line completes stands in two lines: what the group `rest` holds is put behind the first. */
  carriesOn: pattern.optional(),
  /** A record that only tells the date for those behind it; groups `year`, `month`, `day`. */
  dateRecord: pattern.optional(),
  /** Which end of the call the stamp tells; `startWhen` names the exceptions of a stamp that tells the end. */
  stampTells: z.enum(['start', 'end']),
  startWhen: condition.optional(),
  /** Order of the date's numbers, day and month exchanged where that alone makes a date; a year of two digits is 20xx, and without a year the date prints as --MM-DD. */
  dateOrder: z.enum(['ymd', 'dmy', 'mdy', 'md', 'dm']).default('ymd'),
  /** Resolution of the stamp in seconds; a stamp that prints seconds is good to one. */
  precisionSeconds: z.union([z.literal(1), z.literal(6), z.literal(60)]).default(1),
  /** What a station of this PBX looks like; every other number is reduced to `external`. */
  station: pattern.default('\\d{2,6}'),
  /** Any of these makes the call internal; missing: a call between two stations is. Empty: no call ever is. */
  internalWhen: z.array(condition).max(8).optional(),
  /** From and to change places, because the layout has one column for the station and one for the far end. */
  swapWhen: condition.optional(),
  /** The call was not answered although it has a talk time, or the layout says so outright. */
  unansweredWhen: z.array(condition).max(8).default([]),
  /** The line called was engaged, as the record says outright; nobody answered then. Empty: this exchange never says. */
  engagedWhen: z.array(condition).max(8).default([]),
  mailboxWhen: z.array(condition).max(8).default([]),
})

export type RecordsOptions = z.infer<typeof recordsOptions>
