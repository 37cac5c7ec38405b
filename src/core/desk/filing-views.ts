import { z } from 'zod'
import { CLASSES, FILING_STANDS, FILING_WAYS } from '../vocabulary.ts'
import { at } from './views.ts'

/** What became of a call in the patient's record. */

const sent = z.object({
  way: z.enum(FILING_WAYS),
  act: z.enum(['file', 'withdraw']),
  document: z.number().int().describe('Rises where it is filed anew for another patient'),
  version: z.number().int().describe('Of that document: the first, or a correction'),
  state: z.enum(['waiting', 'taken', 'refused', 'dropped']),
  at: at.describe('When it was decided on'),
  settled: at.optional(),
  next: at.optional().describe('When it is tried next'),
  tries: z.number().int(),
  fault: z.string().optional(),
  sentence: z.string().optional().describe('What the fault means'),
  why: z.array(z.string()).optional().describe('Codes that the record gave; never its words'),
  reference: z.string().optional().describe('Where the record says that it stands'),
})

/** As the alert itself tells it. */
export const filingNote = z.object({
  stand: z.enum(FILING_STANDS).optional().describe('Absent while the call is open'),
  reason: z.string(),
  sentence: z.string(),
  patient: z.string().optional().describe('The last characters of the patient’s number'),
  by: z.string().optional().describe('Who read the number back; absent: it was in the call'),
  sent: z.array(sent),
})
export type FilingNote = z.infer<typeof filingNote>

const filingView = filingNote.extend({
  alert: z.string(),
  raised: at,
  ended: at.optional(),
  class: z.enum(CLASSES),
  title: z.string(),
  to: z.string(),
  place: z.string().optional(),
  may: z
    .array(z.enum(['patient', 'leave', 'again', 'withdraw']))
    .describe('What a person can do with it where it stands'),
  named: z
    .array(z.object({ number: z.string(), hint: z.string() }))
    .optional()
    .describe('Whom the call names, for whoever has to say which is meant'),
})
export type FilingView = z.infer<typeof filingView>

const wayView = z.object({
  way: z.enum(FILING_WAYS),
  proved: at.optional().describe('When it was last shown to work'),
  fault: z.string().optional(),
  sentence: z.string().optional(),
  waiting: z.number().int(),
  since: at.optional().describe('When the oldest that waits was decided on'),
  refused: z.number().int(),
})

export const filingsView = z.object({
  now: at,
  ways: z.array(wayView).describe('Empty: nothing is filed from here'),
  undecided: z.number().int(),
  lastDay: z.object(
    Object.fromEntries(FILING_STANDS.map((stand) => [stand, z.number().int()])) as Record<
      (typeof FILING_STANDS)[number],
      z.ZodNumber
    >,
  ),
  filings: z.array(filingView),
  cursor: z.string().optional(),
})
export type FilingsView = z.infer<typeof filingsView>

/** What is read back to whoever typed a number, before it counts. */
export const readBackView = z.object({
  number: z.string().describe('As it is read out: an NHS number in groups'),
  name: z.string().optional().describe('Whom the record has under it'),
  born: z.string().optional(),
  checked: z.boolean().describe('The record was asked and knows the number'),
  sentence: z.string(),
  differs: z.boolean().describe('The date of birth in the call is another one'),
  readBack: z.string().describe('Goes back with the yes'),
})
export type ReadBackView = z.infer<typeof readBackView>
