import { z } from 'zod'
import { GROUNDS } from '../govern/grounds.ts'
import { DECISIONS, REQUEST_KINDS, VERIFIED_BY } from '../govern/request.ts'
import { THIRD_PARTIES } from '../govern/third-party.ts'
import { CLASSES, PHASES } from '../vocabulary.ts'
import { timelineEntry } from './alert-views.ts'
import { at } from './views.ts'

/** What governance is told and given: found, copied, traced, planned, held. Instants are ISO 8601 in UTC. */

const foundBleep = z.object({
  bleep: z.string(),
  alert: z.string().optional(),
  received: at,
  number: z.string(),
  to: z.string().describe('Whom the number stands for'),
  class: z.enum(CLASSES).optional(),
  kind: z.string().optional(),
  where: z
    .array(z.enum(['page', 'reading', 'thread', 'number', 'asked']))
    .describe(
      'Where it was found: the page, another tap’s reading of it, the replies, or only by number or person',
    ),
  words: z.string().optional().describe('The page’s words, identifiers masked'),
  open: z.boolean(),
  held: z.boolean(),
})
export type FoundBleep = z.infer<typeof foundBleep>

export const foundView = z.object({ bleeps: z.array(foundBleep) })
export type FoundView = z.infer<typeof foundView>

const seenEntry = z.object({
  at,
  who: z.string().describe('An operator, a person’s id, or a device’s'),
  name: z.string().optional(),
  how: z.string(),
  what: z.string(),
})
export type SeenEntry = z.infer<typeof seenEntry>

export const traceView = z.object({
  bleep: z.string(),
  alert: z.string().optional(),
  received: at,
  number: z.string(),
  sent: z
    .array(
      z.object({
        at,
        person: z.string(),
        name: z.string().optional(),
        device: z.string(),
        channel: z.string(),
        state: z.string(),
      }),
    )
    .describe('Every device it was sent to, and how far it came'),
  seen: z.array(seenEntry).describe('Who was shown it, fetched it or copied it, oldest first'),
  says: z.array(z.string()).describe('What this trace cannot know'),
})
export type TraceView = z.infer<typeof traceView>

const copiedBleep = z.object({
  bleep: z.string(),
  received: at,
  number: z.string(),
  to: z.string(),
  class: z.enum(CLASSES).optional(),
  kind: z.string().optional(),
  words: z.string().optional().describe('Absent where they are another person’s data, or were erased'),
  fields: z.record(z.string(), z.string()).optional().describe('What else the sender said'),
  erased: at.optional().describe('Since when the words are gone'),
  readings: z.array(z.object({ feed: z.string(), tap: z.string(), stored: at, words: z.string() })),
  alert: z
    .object({
      alert: z.string(),
      phase: z.enum(PHASES),
      raised: at,
      closed: at.optional(),
      written: z
        .array(
          z.object({ at, by: z.string(), name: z.string().optional(), kind: z.string(), text: z.string() }),
        )
        .describe('Replies, and notes with an answer or on closing; an empty text was erased'),
      timeline: z.array(timelineEntry),
    })
    .optional(),
  seen: z.array(seenEntry),
})
export type CopiedBleep = z.infer<typeof copiedBleep>

const copiedPerson = z.object({
  person: z.string(),
  name: z.string().optional(),
  phone: z.string().optional().describe('Extension or other number the site’s files give for them'),
  staffGroup: z.string().optional(),
  active: z.boolean(),
  devices: z.array(
    z.object({
      device: z.string(),
      label: z.string(),
      channel: z.string(),
      number: z.string().optional().describe('The telephone number by which they are reached'),
      state: z.string(),
      enrolled: at,
      seen: at.optional(),
    }),
  ),
  rota: z
    .array(z.object({ at, by: z.string(), change: z.unknown() }))
    .describe('Changes of the rota that name them'),
  acts: z
    .array(z.object({ at, who: z.string(), action: z.string(), subject: z.string(), outcome: z.string() }))
    .describe('What the audit holds of them and of their devices'),
})
export type CopiedPerson = z.infer<typeof copiedPerson>

/** One person's data as one document: `bleepd subject copy` prints it, and the route gives it. */
export const subjectCopy = z.object({
  document: z.literal('bleep-bridge/subject-copy'),
  version: z.literal(1),
  site: z.string(),
  made: at,
  by: z.string(),
  reason: z.string(),
  about: z.object({
    text: z.string().optional(),
    number: z.string().optional(),
    person: z.string().optional(),
    from: at,
    to: at,
  }),
  says: z.array(z.string()).describe('What is in here, and what is not'),
  person: copiedPerson.optional(),
  bleeps: z.array(copiedBleep),
})
export type SubjectCopy = z.infer<typeof subjectCopy>

export const erasureView = z.object({
  id: z.string(),
  state: z.enum(['planned', 'started', 'done']),
  made: at,
  by: z.string(),
  reason: z.string(),
  what: z.enum(['words', 'person']),
  bleeps: z
    .array(
      z.object({
        bleep: z.string(),
        received: at.optional(),
        number: z.string().optional(),
        goes: z.boolean(),
        why: z.string(),
        sentence: z.string(),
      }),
    )
    .describe('Of an erasure of words: each bleep, whether its words go, and why not'),
  person: z
    .object({
      alerts: z.number().int().describe('Alerts that name them'),
      held: z.number().int().describe('Of these under a hold: they stay as they are'),
      devices: z.number().int(),
      rota: z.number().int().describe('Changes of the rota that name them'),
    })
    .optional(),
  erased: z.number().int().describe('Bleeps or alerts that were changed'),
  left: z.record(z.string(), z.number()).describe('What was left as it is, by reason'),
  done: at.optional(),
  says: z.array(z.string()),
})
export type ErasureView = z.infer<typeof erasureView>

export const holdView = z.object({
  id: z.string(),
  kind: z.enum(['bleeps', 'span', 'person']),
  from: at.optional(),
  to: at.optional(),
  person: z.string().optional(),
  reason: z.string(),
  by: z.string(),
  at,
  released: at.optional(),
})
export type HoldView = z.infer<typeof holdView>

export const chainView = z.object({
  sound: z.boolean(),
  entries: z.number().int(),
  head: z
    .string()
    .describe('Digest of the last entry: write it down elsewhere to hold the chain against it later'),
  erased: z.number().int().describe('Entries whose content is gone, by keep time or on request'),
  unaccounted: z
    .array(z.tuple([z.number(), z.number()]))
    .describe('Spans of these that no later entry accounts for'),
  unread: z
    .number()
    .int()
    .optional()
    .describe(
      'Entries whose content is sealed under a key that is not at hand: only their place was checked',
    ),
  broken: z
    .object({ entry: z.number().int(), why: z.string(), sentence: z.string() })
    .optional()
    .describe('The first entry that does not fit'),
  records: z
    .object({
      same: z.number().int(),
      erased: z.number().int().describe('Their words are gone; who answered is as it was'),
      unproved: z.number().int().describe('Gone with their keep time, or changed by an act on the record'),
      changed: z.array(z.object({ bleep: z.string(), why: z.string() })),
    })
    .optional()
    .describe('Bleeps that were compared with the digests in the chain'),
})
export type ChainView = z.infer<typeof chainView>

const requestItem = z.object({
  bleep: z.string(),
  received: at,
  number: z.string().optional(),
  words: z.string().optional().describe('Identifiers masked; absent where they are gone'),
  others: z.number().int().describe('Pieces of text that may name somebody else'),
  undecided: z.number().int().describe('Of these, what nobody has decided on'),
  keeps: z.string().optional().describe('What keeps it from being erased now'),
  decided: z
    .object({ what: z.enum(DECISIONS), ground: z.enum(GROUNDS).optional(), by: z.string(), at })
    .optional(),
  outcome: z.string().optional(),
})

export const requestView = z.object({
  id: z.string(),
  kind: z.enum(REQUEST_KINDS),
  reason: z.string(),
  by: z.string(),
  received: at,
  due: at,
  late: z.boolean(),
  state: z.enum(['open', 'found', 'approved', 'started', 'done', 'withdrawn']),
  verified: z.object({ how: z.enum(VERIFIED_BY), by: z.string(), at }).optional(),
  approved: z.object({ by: z.string(), at }).optional(),
  count: z.number().int().describe('Items found'),
  items: z.array(requestItem).optional().describe('In the view of one request'),
  letter: z.string().optional().describe('Of one that is approved or done: the answer, to be signed'),
  proof: z.object({ at, looked: z.number().int(), still: z.number().int() }).optional(),
  done: at.optional(),
})
export type RequestView = z.infer<typeof requestView>

export const reviewView = z.object({
  bleep: z.string(),
  places: z.array(
    z.object({
      place: z.string(),
      kind: z.enum(THIRD_PARTIES),
      words: z.string(),
      context: z.string(),
      hide: z.boolean().optional().describe('Absent: nobody has decided'),
      because: z.string().optional(),
      by: z.string().optional(),
    }),
  ),
})
export type PackReview = z.infer<typeof reviewView>
