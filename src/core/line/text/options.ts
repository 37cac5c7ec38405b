import { z } from 'zod'
import { pattern } from '../kit/pattern.ts'
import { framing } from './framing.ts'
import { READINGS } from './several.ts'

/** What a matching record means to the daemon. `log`: kept and counted, alerts nobody. `cancel`: withdraws a call. */
const role = z.enum(['page', 'cancel', 'log'])

const replies = z.strictObject({
  /** Sent once the page is durable. `{record}` is the record as it came. */
  stored: z.string().max(200).default(''),
  /** Sent when it cannot be stored. */
  refused: z.string().max(200).default(''),
})

const textPattern = z.strictObject({
  /** RE2 syntax with named groups; tried from the start of the cleaned record to its end. First match wins. */
  match: pattern,
  role: role.default('page'),
  /** Group values the record implies without saying them, such as the type a leading letter stands for. */
  set: z.record(z.string(), z.string()).default({}),
  /** The record carries on the page before it (decoder prints of one page in pieces). */
  continues: z.boolean().default(false),
  /** With `continues`: text was lost between the pieces. */
  lossy: z.boolean().default(false),
  /** With `continues`: what stood where the row was broken. */
  glue: z.string().max(1).default(''),
  /** One of several readings that a decoder prints of the same page, each in its line: only the likeliest is the page. */
  reading: z.enum(READINGS).optional(),
  reply: replies.optional(),
})

export const textOptions = z.strictObject({
  framing: framing.prefault({}),
  /** `json`: each record is a JSON object whose keys are named by `json`. */
  mode: z.enum(['pattern', 'json']).default('pattern'),
  /** JSON key → group. Objects that lack every key of `require` are noise. */
  json: z.record(z.string(), z.string()).default({}),
  patterns: z.array(textPattern).max(32).default([]),
  noise: z.array(pattern).max(32).default([]),
  /** What is no record of this sender although a pattern would take it: counted as unmatched. */
  reject: z.array(pattern).max(32).default([]),
  /** How a record begins. One that fits nothing is read again from the first such place: rubbish stood before it. */
  recover: pattern.optional(),
  /** Control characters printed as `<NUL>`, `<EOT>`, … by decoders are turned back, and trailing fill is trimmed. */
  controlNames: z.boolean().default(false),
  /** What a decoder prints behind a page whose end it did not hear: taken off, and the page is incomplete. */
  cutMark: z.string().min(1).max(32).optional(),
  /** Trailing spaces of numeric text are fill. */
  trimNumeric: z.boolean().default(true),
  /** National characters: printed → meant, one character each (ISO 646 variants). */
  characters: z.record(z.string().length(1), z.string().length(1)).default({}),
  /** `ric`: addresses are radio identity codes. `number`: bleep numbers as text. */
  scheme: z.enum(['ric', 'number']).default('number'),
  /** What the sender calls function 0. */
  functionBase: z.union([z.literal(0), z.literal(1)]).default(0),
  /** Address of records that name none: a receiver that prints text only, a printer port. */
  address: z.string().max(32).optional(),
  /** What the page says, made of groups as `{text} {event}`; missing: the group `text` alone. */
  pageText: z.string().max(200).optional(),
  /** Pieces of one page come within this time of each other. Milliseconds; 0: pieces are never joined. */
  joinWithin: z.number().min(0).max(10_000).default(0),
  /** So long a page waits for its other readings and rows, which come at once. Milliseconds; 0: it goes out as it is. */
  gather: z.number().min(0).max(2000).default(0),
  /** Reply to a framed record that fits no pattern. */
  malformed: z.string().max(200).default(''),
  /** Never write, whatever replies the profile knows: the setting of a tap. */
  passive: z.boolean().default(false),
  /** How to send a page out through this link; missing: the format is receive-only. */
  send: z
    .strictObject({
      /** Template for each content type; `{address}`, `{text}`, `{beep}`, `{function}`, `{priority}` are filled in. */
      tone: z.string().max(200).optional(),
      numeric: z.string().max(200).optional(),
      alpha: z.string().max(200).optional(),
      /** Longest text in characters; a longer one is refused, never silently cut. */
      maxText: z.number().int().min(0).max(4096).default(240),
      addressWidth: z.number().int().min(0).max(10).default(0),
      /** Values for placeholders the page does not carry. */
      defaults: z.record(z.string(), z.string()).default({}),
      /** Characters the format cannot carry inside text; each is replaced by a space. */
      forbidden: z.string().max(32).default('\r\n'),
      /** What the peer answers. Missing: it answers nothing and a page written is a page sent. */
      answer: z
        .strictObject({
          taken: pattern,
          refused: pattern.optional(),
          within: z.number().min(100).max(120_000).default(5000),
        })
        .optional(),
    })
    .optional(),
})

export type TextOptions = z.infer<typeof textOptions>
export type TextPattern = z.infer<typeof textPattern>
