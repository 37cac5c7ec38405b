import { z } from 'zod'
import { MINUTE, type Millis, SECOND } from '../instant.ts'

/** No queue of an encoder holds a page so long that we still call it ours. */
export const RE_PAGE_ECHO: Millis = 3 * MINUTE
/** Until it is known how long an encoder takes, a like page later than this is somebody bleeping again. */
const UNPROVED: Millis = 30 * SECOND
/** So many echoes tell how long it takes; so many are kept. */
const ENOUGH = 3
const KEPT = 20
/** Whatever was learnt, a busy moment may double it, and this much is jitter. */
const SLACK: Millis = 5 * SECOND

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

/** Without the last one of this alert: the encoder refused it, so that nothing of ours is on the air. */
export function withoutRefused(before: unknown, alert: string): RePages {
  const known = rePagesSchema.safeParse(before).data ?? []
  const last = known.findLastIndex((one) => one.alert === alert)
  return known.filter((_, i) => i !== last)
}

const delaysSchema = z.array(z.number().nonnegative())

/** Where the store keeps how long our re-pages took to come back on a tap (notes). */
export function delayKey(tap: string): string {
  return `re-page-delay/${tap}`
}

/** The latest of these delays, with one more. */
export function delaysWith(before: unknown, delay: Millis): readonly Millis[] {
  return [...(delaysSchema.safeParse(before).data ?? []), delay].slice(-KEPT)
}

/**
 * How long after we paged again a like page on a tap is taken for ours: by what its echoes took so far, and never
 * longer than the site says of this tap. In doubt somebody has bleeped again.
 * @param lag how long after a request this tap may hear it, as the site says
 */
export function echoWithin(delays: unknown, lag: Millis): Millis {
  const known = delaysSchema.safeParse(delays).data ?? []
  const most = Math.min(Math.max(UNPROVED, lag), RE_PAGE_ECHO)
  return known.length < ENOUGH ? most : Math.min(most, Math.max(...known) * 2 + SLACK)
}
