import * as z from 'zod'
import { say } from '../catalogue/say.ts'
import type { PersonId, RoleId } from '../ids.ts'
import { asId } from '../ids.ts'

const person = z
  .string()
  .min(1)
  .max(64)
  .transform((text): PersonId => asId(text))
const role = z
  .string()
  .min(1)
  .max(64)
  .transform((text): RoleId => asId(text))
const instant = z.number()
const span = { from: instant, to: instant }
const ordered = (s: { from: number; to: number }) => s.to > s.from
const ORDER = { error: say('refusals.mustEndAfterItBegins'), path: ['to'] }

const leg = z
  .strictObject({ role, from: instant, to: instant, gives: person, takes: person })
  .refine(ordered, ORDER)

/** Somebody else has the role for a span: instead of whoever the rota says, or beside them. */
const override = z
  .strictObject({
    kind: z.literal('override'),
    role,
    person,
    ...span,
    mode: z.enum(['instead', 'also']).default('instead'),
    note: z.string().max(240).optional(),
  })
  .refine(ordered, ORDER)

/** Two people exchange duties: in each leg `takes` has what the rota gave to `gives`. */
const swap = z.strictObject({ kind: z.literal('swap'), legs: z.array(leg).min(1).max(2) })

/** Away: holds nothing in the span unless somebody gives them a role again later. */
const leave = z
  .strictObject({ kind: z.literal('leave'), person, ...span, note: z.string().max(240).optional() })
  .refine(ordered, ORDER)

/** Hand-over of a role, with its baton bleep where it has one: see baton.ts for who may do what when. */
const offer = z.strictObject({ kind: z.literal('offer'), role, from: person, to: person })
const take = z.strictObject({ kind: z.literal('take'), role, person, until: instant, free: z.boolean() })
const refuse = z.strictObject({ kind: z.literal('refuse'), role, person })
const withdraw = z.strictObject({ kind: z.literal('withdraw'), role, person })
const force = z.strictObject({
  kind: z.literal('force'),
  role,
  person,
  until: instant,
  operator: z.string().min(1),
})

/** Somebody joins, changes name or group, or leaves the trust. */
const people = z.strictObject({
  kind: z.literal('person'),
  person,
  name: z.string().min(1).max(120),
  staffGroup: z.string().min(1).max(64),
  active: z.boolean().default(true),
})

/** An earlier edit was a mistake: it is folded as if it had never been made. The record of both stays. */
const revoke = z.strictObject({ kind: z.literal('revoke'), edit: z.string().min(1) })

/** Every change to the directory on top of the site's files, as stored JSON. Instants are epoch milliseconds. */
export const editSchema = z.discriminatedUnion('kind', [
  override,
  swap,
  leave,
  offer,
  take,
  refuse,
  withdraw,
  force,
  people,
  revoke,
])

export type Edit = z.output<typeof editSchema>

/** What a caller writes: ids as plain text. */
export type EditInput = z.input<typeof editSchema>
