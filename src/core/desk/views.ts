import { z } from 'zod'
import { FAULTS } from '../faults.ts'
import { CLASSES, LEVELS, PHASES, PURPOSES, QUALITIES, RESPONDER_STATES } from '../vocabulary.ts'

/**
 * What leaves over HTTP, as schemas: the routes check and strip by them, OpenAPI is printed from them, and the screens
 * take their types from them. Instants are ISO 8601 in UTC; a person who may not read something gets the field absent.
 */
export const at = z.iso.datetime().describe('ISO 8601, UTC, milliseconds')

const responderView = z.object({
  person: z.string(),
  name: z.string().optional(),
  phone: z.string().optional().describe('How to ring them; for the switchboard alone'),
  roles: z.array(z.string()).describe('Role names, as printed in the rota'),
  state: z.enum(RESPONDER_STATES),
  since: at,
  eta: z.string().optional(),
  unreachable: z.boolean().optional().describe('No way to any device of this person works'),
})
export type ResponderView = z.infer<typeof responderView>

const missingView = z.object({
  role: z.string(),
  name: z.string(),
  count: z.number().int().positive(),
  mandatory: z.boolean(),
  bleep: z.string().optional().describe('The baton bleep that goes with the role'),
  people: z
    .array(
      z.object({
        person: z.string(),
        name: z.string().optional(),
        phone: z.string().optional(),
        state: z.enum(RESPONDER_STATES).optional().describe('Absent: holds the role and was not asked'),
        since: at.optional(),
        unreachable: z.boolean().optional(),
      }),
    )
    .optional()
    .describe('For the switchboard: who was asked for it or holds it, and is not coming'),
  substitutes: z.array(z.object({ role: z.string(), name: z.string() })).optional(),
})

const mustView = z.object({
  level: z.enum(LEVELS),
  sentence: z.string().describe('What the switchboard has to do now, or why nothing'),
})

/** A bleep, or one reading of a page, that was taken for the same call: one press makes it a call of its own. */
const joinedLine = z.object({
  id: z.string().describe('For `POST /alerts/:id/joined/:joined`'),
  at,
  words: z.string().optional().describe('As far as the reader may see them'),
  reason: z.string(),
  sentence: z.string(),
})
export type JoinedLine = z.infer<typeof joinedLine>

/** One alert as everybody shows it: board row, inbox item and head of the alert page. */
export const card = z.object({
  id: z.string(),
  version: z
    .number()
    .int()
    .describe('Goes back with every answer and action. Rises with what people decide, never with a receipt'),
  revision: z.number().int().describe('Rises with every change: which of two readings is the newer'),
  order: z.string().describe('Where it stands on every list, the worst first: compare as text'),
  phase: z.enum(PHASES),
  class: z.enum(CLASSES),
  kind: z.string().describe('Kind id of the site’s rules'),
  title: z.string().describe('The kind in words'),
  number: z.string().describe('Bleep number; text, leading zeros matter'),
  to: z.string().describe('Whom the number stands for'),
  hospital: z.string().optional().describe('Whose number or role it is, by the site’s id of it'),
  words: z.string().optional().describe('The sender’s words, as far as the reader may see them'),
  erased: at.optional().describe('Since when the words are gone, by keep time or on request'),
  quality: z.enum(QUALITIES),
  unclear: z
    .string()
    .optional()
    .describe('What its readers have to check, where not all of the page is sure'),
  place: z.string().optional(),
  ward: z.string().optional().describe('Who asked: the ward of the screen or of the telephone'),
  callBack: z.string().optional(),
  eta: z.string().optional(),
  raised: at,
  closed: z.object({ at, by: z.string(), sentence: z.string() }).optional(),
  responders: z.array(responderView),
  coming: z
    .array(z.string())
    .describe('Who of them counts as coming: not whoever only promised to ring back in an emergency'),
  awaited: z.array(z.string()).describe('Whose answer is still wanted'),
  missing: z.array(missingView),
  pagers: z
    .array(z.object({ role: z.string(), name: z.string(), sentence: z.string() }))
    .optional()
    .describe('Members of the team who are left to the pagers, and why'),
  must: mustView,
  acting: z
    .object({ by: z.string(), since: at })
    .optional()
    .describe('Who at the switchboard is acting on it by telephone'),
  radio: z
    .object({ at, state: z.enum(['asked', 'sent', 'failed']) })
    .optional()
    .describe('When the page was last asked to go out by radio again, and what became of it'),
  mayBeAnother: z
    .array(joinedLine)
    .optional()
    .describe('What was joined to it that may be another call, the newest first; for the switchboard'),
  next: z.object({ at, what: z.string() }).optional().describe('The next thing that happens by itself'),
  repeats: z.number().int(),
  sightings: z.number().int(),
  related: z.string().optional().describe('An earlier alert this one is shown together with'),
  again: z
    .string()
    .optional()
    .describe('Why it is likely one call with an earlier one, where it rings all the same'),
  you: z
    .object({ person: z.string(), state: z.enum(RESPONDER_STATES) })
    .optional()
    .describe('The calling device’s own part'),
})
export type Card = z.infer<typeof card>

export const boardView = z.object({
  now: at,
  alerts: z.array(card),
  cursor: z.string().optional().describe('Where a search goes on; absent: nothing more is there'),
})
export type BoardView = z.infer<typeof boardView>

/** A bleep that rings no phone by itself: somebody at the switchboard has to read it and act. */
const waitingBleep = z.object({
  id: z.string(),
  number: z.string().describe('Bleep number, or the radio address nobody knows'),
  class: z.enum(CLASSES).optional().describe('Absent where a defect kept us from reading it'),
  words: z.string().optional().describe('The sender’s words, as far as the reader may see them'),
  quality: z.enum(QUALITIES),
  unclear: z
    .string()
    .optional()
    .describe('What its readers have to check, where not all of the page is sure'),
  received: at,
  order: z.string().describe('As of a card, and comparable with it'),
  reason: z.string(),
  sentence: z.string().describe('Why no phone rang'),
})
export type WaitingBleep = z.infer<typeof waitingBleep>

/** Radio addresses that no directory holds, heard on the air and sent to no phone. */
export const strangersView = z.object({
  now: at,
  since: at,
  addresses: z.array(
    z.object({
      number: z.string(),
      count: z.number().int(),
      first: at,
      last: at,
      bleep: z.string().describe('The last one heard'),
      words: z.string().optional().describe('Of the last one, as far as the reader may see them'),
      quality: z.enum(QUALITIES),
      sentence: z.string(),
    }),
  ),
})
export type StrangersView = z.infer<typeof strangersView>

/** An alert that somebody at the console has raised. */
export const raised = z.object({ alert: z.string() })
export type Raised = z.infer<typeof raised>

export const reviewView = z.object({
  now: at,
  bleeps: z.array(waitingBleep),
})
export type ReviewView = z.infer<typeof reviewView>

/** What stands after, or instead of, a human action. */
const standing = z.object({
  alert: z.string(),
  version: z.number().int(),
  phase: z.enum(PHASES),
  you: z.enum(RESPONDER_STATES).optional(),
  sentence: z.string(),
  coming: z.array(responderView),
  again: z
    .boolean()
    .optional()
    .describe(
      'Refused as stale, and still fitting: send the same again with this version, nobody need be asked',
    ),
})
export type Standing = z.infer<typeof standing>

export const answered = standing.extend({ outcome: z.enum(['applied', 'already']) })
export type Answered = z.infer<typeof answered>

const inboxItem = z.object({
  cursor: z.number().int(),
  attempt: z.string().optional(),
  purpose: z.enum(PURPOSES),
  at,
  expires: at,
  ring: z.boolean().describe('False when expired, answered or only an update: show, never sound'),
  until: at.optional().describe('The device wipes it then: the shift it was told in is over'),
  alert: card,
})
export type InboxItem = z.infer<typeof inboxItem>

/** What a device may keep of what it was told: it wipes the rest by itself, reached or not. */
export const keptView = z.object({
  shared: z.boolean().describe('A ward handset: bleeps of people who are not named here are wiped at once'),
  people: z.array(
    z.object({ person: z.string(), until: at.optional().describe('Absent: no shift ends it') }),
  ),
  cleared: at.optional().describe('What was told up to then belonged to a shift that is over'),
})
export type KeptView = z.infer<typeof keptView>

export const inboxView = z.object({
  now: at,
  cursor: z.number().int(),
  items: z.array(inboxItem),
  more: z.boolean(),
  kept: keptView,
})
export type InboxView = z.infer<typeof inboxView>

export const healthView = z.object({
  status: z.enum(['ok', 'ready', 'not-ready']),
  version: z.string().optional().describe('Of the daemon that answers; of `/healthz` only'),
  began: at.optional().describe('Since when it runs; of `/healthz` only'),
  reasons: z.array(
    z.object({
      code: z.string(),
      subject: z
        .string()
        .describe('Id of what it concerns: a line, a role, an alert, a task; `store`, `broker`'),
      detail: z.string().optional(),
      sentence: z.string(),
      remedy: z.string(),
      since: at,
      unfit: z.boolean().optional().describe('This is what keeps us from being fit to page'),
    }),
  ),
})
export type HealthView = z.infer<typeof healthView>

export const auditView = z.object({
  entries: z.array(
    z.object({
      seq: z.number().int(),
      at,
      actor: z.string(),
      action: z.string(),
      subject: z.string(),
      outcome: z.enum(['done', 'refused']),
      detail: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      digest: z.string(),
      erased: z.boolean().optional().describe('Its content is gone, by keep time or on request'),
    }),
  ),
})
export type AuditView = z.infer<typeof auditView>

/** RFC 9457 problem details with our code, what to do, and where it matters what stands. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(Object.keys(FAULTS) as [keyof typeof FAULTS, ...(keyof typeof FAULTS)[]]),
  detail: z.string().optional(),
  remedy: z.string(),
  stands: standing.optional(),
})
export type Problem = z.infer<typeof problem>
