import { z } from 'zod'

/** ISO 8601, UTC, milliseconds. */
const at = z.iso.datetime().describe('ISO 8601, UTC, milliseconds')

/** One line as screens, other nodes and reports see it. */
export const feedView = z.object({
  node: z.string().optional().describe('The node that listens to it'),
  id: z.string(),
  name: z.string().optional().describe('What the site calls it'),
  heard: z
    .boolean()
    .optional()
    .describe(
      'Whether anything valid has been heard since the daemon started; until then nothing shows that it works',
    ),
  state: z.enum(['open', 'silent', 'closed', 'failed']),
  since: at.optional(),
  lastPage: at.optional(),
  sentence: z.string(),
  remedy: z.string().optional(),
  portErrors: z
    .object({
      parity: z.number().int(),
      framing: z.number().int(),
      break: z.number().int(),
      overrun: z.number().int(),
    })
    .optional()
    .describe('Counted by the driver of the port since the daemon started. Absent: this port does not tell'),
  signal: z
    .object({
      eyeOpening: z.number().describe('About 0.8 for a good signal, 0 for one that is drowned'),
      impulses: z.number().describe('Clicks a second that bend a bit'),
      lowCutHertz: z.number().describe('Below what the lead cuts; 0: it does not'),
      toneOffset: z.number().describe('Middle of the two tones over half their distance'),
    })
    .optional()
    .describe(
      'Of audio: how good the last transmission was. Absent: none was read yet, or the line is not audio',
    ),
})
export type FeedView = z.infer<typeof feedView>
