import { z } from 'zod'
import { readJson } from '../../core/json.ts'
import type { Channel } from '../../ports/channel.ts'
import type { RadioOut } from '../../ports/radio.ts'

/** What the outbox writes as a radio attempt's address: the bleep's own page, and why it goes out again. */
const addressSchema = z.object({
  number: z.string(),
  to: z.union([
    z.object({
      scheme: z.literal('ric'),
      ric: z.int().min(0).max(2_097_151),
      fn: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
    }),
    z.object({ scheme: z.literal('number'), number: z.string() }),
  ]),
  type: z.enum(['tone', 'numeric', 'alpha']),
  text: z.string(),
  fields: z.record(z.string(), z.string()),
  reason: z.string(),
})

/**
 * Pages again by radio. The page goes to the hospital's own equipment, never to a provider, so it holds the sender's
 * words. `outs` are tried in the order configured until one takes it.
 */
export function radioChannel(outs: readonly RadioOut[]): Channel {
  return {
    id: 'radio',
    async send(attempt, device, _bell, signal) {
      const address = addressSchema.safeParse(readJson(device.address))
      if (!address.success) return { kind: 'refused', fault: 'radio-refused' }
      const page = { ...address.data, class: attempt.class }
      let silent = false
      for (const out of outs) {
        if (signal.aborted) return { kind: 'later', fault: 'radio-no-answer' }
        const answer = await out.send(page, signal)
        if (answer === 'taken') return { kind: 'taken', provider: out.name }
        silent ||= answer === 'no-answer'
      }
      return silent
        ? { kind: 'later', fault: 'radio-no-answer' }
        : { kind: 'refused', fault: 'radio-refused' }
    },
    async close() {},
  }
}
