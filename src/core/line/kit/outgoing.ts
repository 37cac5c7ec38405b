import type { FaultCode } from '../../faults.ts'
import type { Instant, Millis } from '../../instant.ts'
import type { LineEffect } from './protocol.ts'

/** A page that waits to go out over a line, as its line keeps it. */
interface Outgoing {
  readonly ref: number
}

/** Pages that may wait on one line. Whoever asks for one more hears at once that it needs another way. */
const QUEUE = 64

/** A page joins those that wait, unless there are too many. `page` is undefined where this line cannot carry it. */
export function enqueue<P extends Outgoing>(
  queue: P[],
  ref: number,
  page: P | undefined,
  out: LineEffect[],
  most = QUEUE,
): void {
  if (queue.length >= most) refuse(ref, 'send-queue-full', out)
  else if (page === undefined) refuse(ref, 'page-unsendable', out)
  else queue.push(page)
}

/** A page that does not go out over this line at all. */
export function refuse(ref: number, fault: FaultCode, out: LineEffect[]): void {
  out.push({ kind: 'sent', ref, outcome: 'refused', fault })
}

/** The far end is gone or sent us away: every page that waits fails, so that each can take another way. */
export function failAll(
  queue: Outgoing[],
  outcome: 'refused' | 'no-answer',
  fault: FaultCode,
  out: LineEffect[],
): void {
  for (const { ref } of queue.splice(0)) out.push({ kind: 'sent', ref, outcome, fault })
}

/** What we said last to a far end that must answer it. */
export interface Said {
  /** How often it was said. */
  sends: number
  /** When it was said last. */
  spoke: Instant
  /** The answer must have come by then. */
  by: Instant
}

/** ESPA 4.4.4 says "after two attempts", TAP 1.8 n1 and n2: a thing is said once and repeated twice. */
const SENDS = 3

/** Notes that it was said once more at `at`: the answer is awaited for `patience`. */
export function said(said: Said, at: Instant, patience: Millis): void {
  said.sends += 1
  said.spoke = at
  said.by = at + patience
}

/** What came no later than we spoke, such as a doubled ACK, answers something else. */
export function answers({ spoke }: Said, at: Instant): boolean {
  return at > spoke
}

/** Whether it may be said again. */
export function mayRepeat({ sends }: Said): boolean {
  return sends < SENDS
}
