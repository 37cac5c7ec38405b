import { z } from 'zod'
import { MINUTE, type Millis } from '../instant.ts'

/** How long after we paged again a like page on a tap is taken for ours: encoder queues can hold it that long. */
export const RE_PAGE_ECHO: Millis = 3 * MINUTE

/** What we sent out by radio ourselves, kept so that a tap's hearing of it is a sighting and not a new bleep. */
export const rePageSchema = z.object({
  bleep: z.string(),
  alert: z.string(),
  text: z.string(),
  at: z.number(),
})
export type RePage = z.infer<typeof rePageSchema>

/** Where the store keeps the last re-page to a bleep number (notes). */
export function rePageKey(number: string): string {
  return `re-page/${number}`
}
