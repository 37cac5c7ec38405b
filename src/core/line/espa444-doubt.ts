import type { Instant, Millis } from '../instant.ts'

/** ACK (`taken`) or NAK, and when its port delivered it. */
export interface Answer {
  readonly taken: boolean
  readonly at: Instant
}

/** Two ports may deliver what happened on one line this far apart: the latency of a USB adapter, and ours. */
export const SKEW: Millis = 50

/** A sender that has its answer moves on sooner than this; one without waits longer before it tries again. */
const PROMPT: Millis = 1000

/**
 * The answers around a block, when order alone cannot tell which is to the block: after noise, which may hold any
 * answer or swallow one, and where a port is late. `heard` holds those since shortly before the select.
 */
export interface Doubt {
  readonly heard: Answer[]
  /** First and last byte of the block. */
  readonly began: Instant
  readonly ended: Instant
}

/** An answer that came at `at` is to the block for certain: too late for the select, not too early for the block. */
function certain({ began, ended }: Doubt, at: Instant): boolean {
  return at >= began + SKEW && at >= ended - SKEW
}

/** The answer that is certain, if there is one. */
export function certainAnswer(doubt: Doubt): Answer | undefined {
  return doubt.heard.findLast(({ at }) => certain(doubt, at))
}

/**
 * When enough has been waited for another answer, although the sender has not moved on: soon when the last came after
 * the block, else only when an answer still to come would be a slow one. Undefined while there is too little to go by.
 */
export function doubtOver({ heard, ended }: Doubt): Instant | undefined {
  const last = heard.at(-1)
  if (last === undefined || heard.length < 2 || last.at < ended - SKEW) return undefined
  return ended + (last.at >= ended ? 2 * SKEW : PROMPT)
}

/**
 * The likely answer once no other can come: the last one, as that to the select is always before it. A sender that
 * moved on promptly (at `closing`) had its answer; one that has not must have been answered twice at least.
 */
export function likelyAnswer(doubt: Doubt, closing: Instant | undefined): Answer | undefined {
  const last = doubt.heard.at(-1)
  if (last === undefined || last.at < doubt.ended - SKEW) return undefined
  const prompt = closing !== undefined && closing <= doubt.ended + PROMPT
  return prompt || doubtOver(doubt) !== undefined ? last : undefined
}
