import { z } from 'zod'
import { RESPONDER_STATES } from '../vocabulary.ts'
import { at } from './views.ts'

/** What leaves over HTTP about the daily tests. See views.ts. */
/** One roll: who was expected to answer the test call, and who did. */
const rollView = z.object({
  day: z.iso.date().describe('Civil day of the window'),
  from: at,
  to: at,
  made: at.describe('When the roll was taken; for the one still running, now'),
  outcome: z
    .enum(['complete', 'incomplete', 'missed'])
    .describe('missed: no test call was heard in the window'),
  call: z.object({ at, alert: z.string(), calls: z.number().int() }).optional().describe('First test call'),
  roles: z.array(
    z.object({
      role: z.string(),
      name: z.string(),
      bleep: z.string().optional().describe('The baton bleep that goes with the role'),
      mandatory: z.boolean(),
      count: z.number().int().describe('How many must answer'),
      answered: z.boolean(),
      people: z
        .array(
          z.object({
            person: z.string(),
            name: z.string().optional(),
            phone: z.string().optional().describe('How to ring them; for the switchboard alone'),
            answered: z.boolean(),
            state: z.enum(RESPONDER_STATES).optional().describe('Absent: expected, and never asked'),
            since: at.optional().describe('Of the state: when they answered, or how long it has stood'),
          }),
        )
        .describe('Everybody expected; empty when nobody held the role'),
    }),
  ),
})
export type RollView = z.infer<typeof rollView>

const windowView = z.object({
  day: z.iso.date(),
  from: at,
  to: at,
  due: at.describe('When the roll is taken'),
})

const dailyTestView = z.object({
  id: z.string(),
  number: z.string().describe('Bleep number of the test call'),
  name: z.string().describe('Whom the number stands for'),
  call: z.enum(['heard', 'own']).describe('Who makes the call: the switchboard, or the bridge itself'),
  from: z.string().describe('Begin of the window, civil time HH:MM'),
  to: z.string(),
  days: z.array(z.number().int()).describe('ISO weekdays, 1 Monday'),
  running: z
    .object({ window: windowView, roll: rollView })
    .optional()
    .describe('The window that is open or still being answered, with the roll as it stands'),
  hand: rollView.optional().describe('Of the last test by hand, outside of the window, in the last day'),
  next: windowView.optional(),
  lastComplete: at.optional(),
  rolls: z.array(rollView).describe('Newest first'),
})
export type DailyTestView = z.infer<typeof dailyTestView>

export const dailyTestsView = z.object({ now: at, tests: z.array(dailyTestView) })
export type DailyTestsView = z.infer<typeof dailyTestsView>
