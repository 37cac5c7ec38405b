import { z } from 'zod'
import { readingSchema } from '../measure/node-parts.ts'
import { HEALTH_STATES, SORTS } from '../measure/telemetry.ts'
import { newcomerView, offerView, rotaView } from './people-views.ts'
import { at, healthView } from './views.ts'

/** What leaves over HTTP about the site itself: its lines and providers, and what the board must know beside alerts. */
const supervisedView = z.object({
  node: z.string().describe('The node that watches it'),
  sort: z.enum(SORTS),
  subject: z.string(),
  label: z.string(),
  state: z.enum(HEALTH_STATES).describe('degraded: works, and somebody should look'),
  since: at,
  why: z
    .object({ code: z.string(), sentence: z.string(), remedy: z.string() })
    .optional()
    .describe('Absent while good'),
  heard: at.optional().describe('Last sign of life'),
  bound: z.number().optional().describe('Longest it may go unheard, milliseconds'),
  reading: readingSchema.optional().describe('What was measured last, and the most (or least) it may be'),
  month: z.string().describe('YYYY-MM of the tally'),
  availability: z.number().optional().describe('Share of the known time of the month that it worked, 0 to 1'),
  failedMinutes: z.number().int(),
})
export type SupervisedView = z.infer<typeof supervisedView>

/** Over-the-air check: pages the switchboard side asked for against pages a radio tap heard. */
const airView = z.object({
  node: z.string().describe('The node that listens to both sides'),
  transmitter: z.string(),
  asked: z.number().int(),
  heard: z.number().int(),
  garbled: z.number().int(),
  silent: z.number().int(),
  meanDelaySeconds: z.number().nullable(),
  longestDelaySeconds: z.number().nullable(),
})

export const estateView = z.object({
  now: at,
  things: z.array(supervisedView),
  air: z.array(airView),
})
export type EstateView = z.infer<typeof estateView>

export const siteView = z.object({
  now: at,
  ready: z.boolean().describe('Fit to page'),
  radio: z.boolean().describe('Whether a call can be paged by radio from here'),
  reasons: healthView.shape.reasons,
  ill: z.array(supervisedView).describe('Whatever is supervised and failed or degraded'),
  neverProved: z
    .number()
    .int()
    .describe('Lines and ways that were never shown to work on a real device here'),
  begun: z.boolean().describe('There is a line and a phone: the first steps are done'),
  unclaimed: rotaView.shape.unclaimed,
  unproved: z
    .array(z.object({ role: z.string(), name: z.string(), since: at }))
    .describe('Crash roles somebody holds whose phone was not shown to ring in this shift'),
  gaps: rotaView.shape.flaws.describe('Crash roles that nobody is down for in the hours to come'),
  newPhones: z
    .array(newcomerView)
    .describe('Second phones that were taken up lately, until somebody says whose they are'),
  offers: z.array(offerView).describe('Hand-overs that wait to be taken'),
  calls: z
    .array(
      z.object({
        confirm: z.string().describe('To send with the call that confirms it'),
        by: z.string(),
        ...{ at, until: at },
        says: z.string(),
      }),
    )
    .describe('Calls to many people that wait for a second operator'),
})
export type SiteView = z.infer<typeof siteView>
