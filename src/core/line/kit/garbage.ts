import type { Instant, Millis } from '../../instant.ts'

/**
 * Whether most of what a line carries fits nothing: a wrong rate or parity, a crossed wire, an open input. It is
 * judged over windows of time, so that a burst of noise is no alarm, and is told within two windows of its beginning.
 */
export interface GarbageWatch {
  readonly since: Instant
  readonly heard: number
  readonly discarded: number
  readonly garbage: boolean
}

/** Length of a window. */
export const GARBAGE_WINDOW: Millis = 4000

/** Fewer bytes than this say nothing about a line. */
const FEWEST = 24

/** Share of bytes that fit nothing from which a line is garbage, and below which it is sound again. */
const GARBAGE_FROM = 0.8
const SOUND_BELOW = 0.3

export function startGarbageWatch(at: Instant): GarbageWatch {
  return { since: at, heard: 0, discarded: 0, garbage: false }
}

export function countGarbage(watch: GarbageWatch, heard: number, discarded: number): GarbageWatch {
  return { ...watch, heard: watch.heard + heard, discarded: watch.discarded + discarded }
}

/** Judges the window that is over and starts the next; a window with too few bytes changes nothing. */
export function judgeGarbage(watch: GarbageWatch, at: Instant): GarbageWatch {
  const share = watch.heard === 0 ? 0 : watch.discarded / watch.heard
  const told = watch.heard >= FEWEST || watch.discarded >= FEWEST
  const garbage = told ? (watch.garbage ? share >= SOUND_BELOW : share >= GARBAGE_FROM) : watch.garbage
  return { since: at, heard: 0, discarded: 0, garbage }
}
