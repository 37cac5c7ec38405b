import { z } from 'zod'
import { MINUTE, type Millis } from '../instant.ts'

/** How long after we paged again a like page on a tap is taken for ours: encoder queues can hold it that long. */
export const RE_PAGE_ECHO: Millis = 3 * MINUTE

/**
 * What we sent out by radio ourselves to one number, oldest first, kept so that a tap's hearing of it is a sighting and
 * not a new bleep. Each try is one: a page that nothing acknowledged may still have gone out.
 */
export const rePagesSchema = z.array(
  z.object({ bleep: z.string(), alert: z.string(), text: z.string(), at: z.number() }),
)
export type RePages = z.infer<typeof rePagesSchema>

/** Where the store keeps the re-pages to a bleep number (notes). */
export function rePageKey(number: string): string {
  return `re-page/${number}`
}

/** With one more, and without those that can come back no longer. */
export function rememberedWith(before: unknown, one: RePages[number]): RePages {
  const known = rePagesSchema.safeParse(before)
  return [...(known.data ?? []).filter(({ at }) => at + RE_PAGE_ECHO >= one.at), one]
}
