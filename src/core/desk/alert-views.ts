import { z } from 'zod'
import { DOUBTS, LEVELS, PHASES, QUALITIES } from '../vocabulary.ts'
import { filingNote } from './filing-views.ts'
import { at, card } from './views.ts'

/** One alert as its page shows it: see views.ts for what all views share. */
export const timelineEntry = z.object({
  at,
  after: z.number().describe('Milliseconds since the first byte on the line, or since the alert was raised'),
  what: z.string().describe('Hop, event or attempt stage'),
  sort: z.enum(['hop', 'event', 'attempt']),
  sentence: z.string(),
  person: z.string().optional(),
  name: z.string().optional(),
  device: z.string().optional(),
  channel: z.string().optional(),
  reason: z.string().optional(),
  clock: z.enum(['ours', 'device']).optional(),
  uncertainty: z.number().optional(),
})
export type TimelineEntry = z.infer<typeof timelineEntry>

const attemptView = z.object({
  id: z.string(),
  person: z.string(),
  name: z.string().optional(),
  device: z.string(),
  label: z.string().optional(),
  channel: z.string(),
  purpose: z.string(),
  state: z.string(),
  try: z.number().int(),
  created: at,
  reason: z.string(),
  sentence: z.string(),
  fault: z.string().optional(),
})

const saidView = z.object({
  at,
  by: z.string(),
  name: z.string().optional(),
  kind: z.enum(['eta', 'need-role', 'note']),
  text: z.string(),
  role: z.string().optional().describe('The role that was asked for, by name'),
})

/** Where the time went, ready to draw (core/measure/waterfall.ts). */
const waterfallView = z.object({
  bars: z.array(
    z.object({
      hop: z.string(),
      who: z.string().optional(),
      owner: z.enum(['ours', 'network', 'provider', 'person']),
      from: z.number(),
      to: z.number(),
      took: z.string(),
      over: z.boolean().describe('Longer than its budget'),
      says: z.string(),
    }),
  ),
  more: z.number().int().describe('Recipients not drawn'),
  says: z.string(),
})

export const alertView = card.extend({
  firstByte: at.optional(),
  hops: z.array(
    z.object({
      hop: z.string(),
      at,
      after: z.number(),
      person: z.string().optional(),
      clock: z
        .enum(['ours', 'device'])
        .describe('Whose clock: a device’s is a claim, corrected by its offset'),
      offset: z.number().optional().describe('Device clock less ours, milliseconds; absent: never compared'),
      uncertainty: z.number().optional().describe('Half-width of the offset, milliseconds'),
    }),
  ),
  waterfall: waterfallView.optional(),
  timeline: z.array(timelineEntry),
  filing: filingNote
    .optional()
    .describe('What became of it in the patient’s record; absent: nothing is filed here'),
  attempts: z.array(attemptView),
  sheet: z
    .array(z.object({ step: z.string(), done: z.object({ at, by: z.string() }).optional() }))
    .describe('The operator’s own steps for a call of this kind'),
  thread: z.array(saidView),
  reasons: z.array(z.object({ code: z.string(), sentence: z.string() })),
  steps: z.array(
    z.object({
      after: z.number(),
      ask: z.array(z.string()),
      radio: z.boolean(),
      switchboard: z.enum(LEVELS),
      sentence: z.string(),
      fired: z.boolean(),
    }),
  ),
  heard: z
    .array(
      z.object({
        feed: z.string(),
        tap: z.string(),
        node: z.string(),
        joined: z
          .string()
          .optional()
          .describe('Where it was taken for the same call: what makes it a call of its own'),
        at: at.describe('When we began to store it'),
        quality: z.enum(QUALITIES),
        doubt: z.enum(DOUBTS).optional().describe('What of it rests on inference'),
        corrected: z.number().int().describe('Bits corrected'),
        inferred: z
          .number()
          .int()
          .optional()
          .describe('Places that were lost on the air and told by the sense of the text'),
        words: z.string().optional(),
        fields: z.record(z.string(), z.string()).describe('What else the sender said, as sent'),
        reason: z.string(),
        sentence: z.string(),
      }),
    )
    .describe('Every sighting, in the order of arrival'),
  joined: z
    .array(
      z.object({
        how: z.enum(['earlier', 'repeat', 'later']).describe('repeat: merged into this alert'),
        bleep: z.string(),
        at,
        alert: z.string().optional(),
        phase: z.enum(PHASES).optional(),
        words: z.string().optional(),
        reason: z.string(),
        sentence: z.string(),
      }),
    )
    .describe('Other bleeps that belong with it: echo, déjà, the same call again'),
})
export type AlertView = z.infer<typeof alertView>
