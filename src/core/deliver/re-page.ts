import { z } from 'zod'
import type { Page } from '../bleep/bleep.ts'
import { type Instant, MINUTE, type Millis } from '../instant.ts'

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

/**
 * Whether a page to the same number is our own re-page come back: soon enough, and with our words, or words that
 * differ only where characters were lost (U+FFFD) or were cut off by the pager's length.
 * @param record the note kept for that number, as read from the store
 */
export function isOwnRePage(page: Pick<Page, 'text'>, record: unknown, at: Instant): boolean {
  const read = rePageSchema.safeParse(record)
  if (!read.success || at < read.data.at || at - read.data.at > RE_PAGE_ECHO) return false
  const [heard, ours] = [page.text.trim(), read.data.text.trim()]
  if (heard === ours) return true
  if (heard.length === 0 || heard.length > ours.length) return false
  return [...heard].every((char, i) => char === '\uFFFD' || char === ours[i])
}
