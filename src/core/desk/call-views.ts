import { z } from 'zod'
import { CLASSES } from '../vocabulary.ts'

/** What the switchboard may start. */
export const callsView = z.object({
  kinds: z.array(
    z.object({
      kind: z.string(),
      name: z.string(),
      number: z.string(),
      class: z.enum(CLASSES).optional(),
      mass: z.boolean(),
    }),
  ),
  places: z.array(z.string()),
  mass: z.enum(['two-people', 'held-press']).describe('How a call for many people is made sure of'),
  radio: z.boolean().describe('Calls go out by radio from here as well'),
})
export type CallsView = z.infer<typeof callsView>

/** A call that was started: stored, and handed to phones and radio. */
export const startedView = z.object({
  bleep: z.string(),
  alert: z.string(),
  number: z.string(),
  radio: z.boolean().describe('Goes out by radio as well'),
  asks: z.array(z.object({ person: z.string(), name: z.string(), roles: z.array(z.string()) })),
  sentence: z.string(),
})
export type StartedView = z.infer<typeof startedView>
