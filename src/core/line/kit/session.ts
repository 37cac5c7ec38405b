import type { Instant, Millis } from '../../instant.ts'
import { type Arrival, type Drawn, draw, emptyHeld, type Held, lastHeldAt } from './held.ts'
import type { LineEffect } from './protocol.ts'

/** What every machine keeps that answers a sender: what it owes, and what it has not yet read for that. */
export interface Session {
  readonly owed: Owed
  readonly held: Held
}

export function startSession(): Session {
  return { owed: startOwed(), held: emptyHeld() }
}

/**
 * Gives what has come, byte by byte, up to the next page that must be stored first; whoever draws acts on each before
 * the next. What was held so long that its sender has given up (it spoke again, or twice `patience` has passed) is still
 * given, but gets no answer: an answer that late would be taken for that of a later question.
 */
export function* heard(
  { owed, held }: Session,
  patience: Millis,
  out: LineEffect[],
  now: Instant,
  fresh?: Arrival,
): Generator<Drawn, void> {
  const latest = fresh?.at ?? lastHeldAt(held)
  for (const drawn of draw(held, () => owed.waiting === undefined, out, fresh)) {
    const { at } = drawn
    owed.stale = (latest !== undefined && latest >= at + patience) || now >= at + 2 * patience
    const before = out.length
    yield drawn
    if (owed.stale && out.length > before)
      out.push(...out.splice(before).filter((effect) => effect.kind !== 'reply'))
  }
  owed.stale = false
}

/**
 * What a switchboard is owed: one page at a time waits for the store before its sender hears a positive answer, and
 * the last block is remembered, because a sender whose answer was lost sends it again and no block carries a number.
 */
export interface Owed {
  nextRef: number
  /** The page given out whose storing is not answered: nothing more is read until it is. */
  waiting: Unanswered | undefined
  /** A page we stopped waiting for; its store may still answer. */
  late: Unanswered | undefined
  last: { key: string; at: Instant; answered: boolean; sameSession: boolean } | undefined
  /** What is being read is old: its sender has given up on it and must hear no answer to it. */
  stale: boolean
}

interface Unanswered {
  readonly ref: number
  readonly key: string
  readonly since: Instant
}

/** How long a block that was stored but never acknowledged is remembered beyond its session. */
const UNANSWERED_FOR: Millis = 60_000

function startOwed(): Owed {
  return { nextRef: 1, waiting: undefined, late: undefined, last: undefined, stale: false }
}

/** A page made of the block `key` goes out; gives the ref it goes under. */
export function owe(owed: Owed, key: string, since: Instant): number {
  const ref = owed.nextRef++
  owed.waiting = { ref, key, since }
  return ref
}

/** A block that needs no storing was answered positively. */
export function paid(owed: Owed, key: string, at: Instant): void {
  owed.last = { key, at, answered: !owed.stale, sameSession: true }
}

/**
 * The store has answered for `ref`. True when the sender still waits and must hear it now. A sender that has spoken
 * again `patience` after its block has given up: its stored block is remembered as unanswered instead, so that a
 * repetition is acknowledged without becoming a second call.
 */
export function storeAnswered(
  owed: Owed,
  outcome: 'stored' | 'refused',
  ref: number,
  peerSpoke: Instant | undefined,
  patience: Millis,
): boolean {
  if (owed.late?.ref === ref) {
    const { key, since } = owed.late
    owed.late = undefined
    if (outcome === 'stored') owed.last = { key, at: since, answered: false, sameSession: false }
    return false
  }
  const { waiting } = owed
  if (waiting === undefined || waiting.ref !== ref) return false
  owed.waiting = undefined
  const inTime = peerSpoke === undefined || peerSpoke < waiting.since + patience
  if (outcome === 'stored')
    owed.last = { key: waiting.key, at: waiting.since, answered: inTime, sameSession: true }
  return inTime
}

/** The sender is gone or the store is stuck: read on without this page's answer. */
export function stopWaiting(owed: Owed): void {
  owed.late = owed.waiting ?? owed.late
  owed.waiting = undefined
}

/** The same block again is a new call from now on, unless the last one was stored but never acknowledged. */
export function endSession(owed: Owed): void {
  if (owed.last !== undefined) owed.last.sameSession = false
}

/** Whether a block repeats the last one: in its session within `window`, or when it was never acknowledged. */
export function isResend(owed: Owed, key: string, at: Instant, window: Millis): boolean {
  const { last } = owed
  if (last === undefined || last.key !== key) return false
  // Either way: behind a clock that was set back lies a call of its own.
  const apart = Math.abs(at - last.at)
  return last.answered ? last.sameSession && apart < window : apart < UNANSWERED_FOR
}
