import { z } from 'zod'
import { CHANGE_WARNINGS } from '../directory/change-check.ts'
import { at } from './views.ts'

/** What switchboard changes in the rota between two editions of its files, and how it is shown. See views.ts. */
const person = z.string().min(1).max(64)
const role = z.string().min(1).max(64)
const when = z.iso.datetime({ offset: true })
const note = z.string().trim().max(240).optional()
const span = { from: when, to: when }

export const rotaChange = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('override').describe('Somebody else has the role for a span'),
    role,
    person,
    ...span,
    mode: z.enum(['instead', 'also']).default('instead'),
    note,
  }),
  z.object({ kind: z.literal('leave').describe('Away from every role'), person, ...span, note }),
  z.object({
    kind: z.literal('swap').describe('Two people exchange duties, or one takes another’s'),
    legs: z
      .array(z.object({ role, ...span, gives: person, takes: person }))
      .min(1)
      .max(2),
  }),
])
export type RotaChange = z.output<typeof rotaChange>

export const rotaWarnings = z.object({
  warnings: z
    .array(z.object({ code: z.enum(CHANGE_WARNINGS), sentence: z.string() }))
    .describe('What speaks against a change; it may be entered all the same'),
})
export type RotaWarnings = z.infer<typeof rotaWarnings>

const rotaChangeView = z.object({
  id: z.string(),
  at: at.describe('When it was made'),
  by: z.string(),
  kind: z.enum(['override', 'leave', 'swap']),
  mode: z.enum(['instead', 'also']).optional(),
  note: z.string().optional(),
  parts: z.array(
    z.object({
      role: z.string().optional().describe('Absent: every role'),
      roleName: z.string().optional(),
      person: z.string().describe('Who has the role by this, or is away'),
      name: z.string().optional(),
      instead: z.string().optional().describe('Whose duty it was, in a swap'),
      insteadName: z.string().optional(),
      from: at,
      to: at,
    }),
  ),
  leftOut: z.string().optional().describe('Why it counts for nothing: taken back, or it fits no more'),
})
export type RotaChangeView = z.infer<typeof rotaChangeView>

export const rotaChangesView = z.object({ now: at, changes: z.array(rotaChangeView) })
export type RotaChangesView = z.infer<typeof rotaChangesView>
