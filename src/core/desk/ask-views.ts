import { z } from 'zod'
import { CLASSES } from '../vocabulary.ts'
import { at } from './views.ts'

/**
 * How far a call is, as whoever asked sees it. `sent` nobody's phone has shown it yet · `ringing` · `seen` ·
 * `will-ring` · `coming` · `there` · `passed` somebody cannot and the next is asked · `unanswered` the switchboard acts ·
 * `read` the switchboard has to read it first · `done` · `stood-down`.
 */
const ASK_STATES = [
  'sent',
  'ringing',
  'seen',
  'will-ring',
  'coming',
  'there',
  'passed',
  'unanswered',
  'read',
  'done',
  'stood-down',
] as const
export type AskState = (typeof ASK_STATES)[number]

const told = z.object({
  way: z.enum(['screen', 'phone', 'call', 'switchboard']),
  at,
  said: z.string().optional().describe('What they were told; absent: this way’s turn began then'),
  by: z.string().optional().describe('Who at the switchboard read it out'),
})

export const askView = z.object({
  id: z.string(),
  at,
  ward: z.string().optional(),
  extension: z
    .string()
    .optional()
    .describe('The telephone that is to be rung, or that the call was made from'),
  to: z.string().describe('Whom it is for, as the rota names them'),
  class: z.enum(CLASSES),
  words: z.string().optional().describe('What was asked, identifiers masked'),
  place: z.string().optional(),
  state: z.enum(ASK_STATES),
  said: z.string().describe('What the asker is to be told now: goes back with the receipt'),
  sentence: z.string(),
  answer: z.boolean().describe('It tells them what they wanted to know'),
  owed: z.boolean().describe('They have not been told this yet, by any way'),
  open: z.boolean(),
  told: z.array(told),
  replies: z.array(z.object({ at, by: z.string(), text: z.string(), own: z.boolean() })),
  alert: z.string().optional().describe('For the switchboard: the alert that it raised'),
})
export type AskView = z.infer<typeof askView>

export const asksView = z.object({ now: at, ward: z.string().optional(), asks: z.array(askView) })
export type AsksView = z.infer<typeof asksView>

/** What a screen needs to ask: who can be asked, how urgent, in which words. */
export const askChoices = z.object({
  ward: z.string().optional(),
  callBacks: z.array(z.string()).describe('The telephones of the ward'),
  urgencies: z.array(z.enum(CLASSES)),
  dial: z.string().optional().describe('Emergencies are not called from here: the number to dial'),
  roles: z.array(
    z.object({
      role: z.string(),
      name: z.string(),
      holders: z.array(z.string()).describe('Who has it now'),
      reachable: z.boolean().describe('A device of theirs is enrolled'),
      open: z.number().int().describe('Calls they have open now'),
    }),
  ),
  templates: z.array(
    z.object({ name: z.string(), roles: z.array(z.string()).optional(), what: z.string(), want: z.string() }),
  ),
})
export type AskChoices = z.infer<typeof askChoices>

export const askMade = z.object({
  bleep: z.string(),
  ask: askView,
  dial: z.string().optional().describe('The words sound like an emergency: dial this number as well'),
})
export type AskMade = z.infer<typeof askMade>
