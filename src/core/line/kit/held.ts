import type { Instant } from '../../instant.ts'
import type { LineEffect } from './protocol.ts'

/** Bytes as a line brings them: `began` is when the first started on the wire, `at` when the last had come. */
export interface Arrival {
  readonly bytes: Uint8Array
  readonly at: Instant
  readonly began?: Instant
}

/**
 * Bytes that came before the last page was answered. They wait, because nothing may overtake a page that is being
 * stored.
 */
export interface Held {
  chunks: Arrival[]
  size: number
}

/**
 * Room for what further writes bring while a page is being stored. The rest of the write that held the page is kept
 * in any case, so that the size of a write never matters.
 */
const ROOM = 4096

export function emptyHeld(): Held {
  return { chunks: [], size: 0 }
}

/** Arrival of the last held byte, or undefined when the peer has kept quiet as it should. */
export function lastHeldAt(held: Held): Instant | undefined {
  return held.chunks.at(-1)?.at
}

/** Lets go of all of it: the line was opened anew, or its sender has given up. */
export function dropHeld(held: Held): void {
  held.chunks = []
  held.size = 0
}

/** When byte `i` of an arrival started on the wire, taking its bytes as evenly spaced. */
export function beganAt({ bytes, at, began = at }: Arrival, i: number): Instant {
  return began + ((at - began) * i) / bytes.length
}

/** One byte with its times, as `Arrival`. */
export interface Drawn {
  readonly byte: number
  readonly at: Instant
  readonly began: Instant
}

/**
 * Gives bytes one by one while `ready()`, looked at again for each: as soon as a page waits to be stored, the rest is
 * kept. Call with the newly arrived bytes, or without any once the answer has been given. What finds no room is told in
 * `out`.
 */
export function* draw(
  held: Held,
  ready: () => boolean,
  out: LineEffect[],
  fresh?: Arrival,
): Generator<Drawn, void> {
  if (fresh !== undefined && fresh.bytes.length > 0) {
    if (held.chunks.length === 0 && ready()) keep(held, fresh, yield* each(fresh, ready))
    else if (held.size + fresh.bytes.length <= ROOM) keep(held, fresh, 0)
    else out.push({ kind: 'discard', bytes: fresh.bytes.slice(), fault: 'line-too-long' })
  }
  while (held.chunks.length > 0 && ready()) {
    const chunk = held.chunks.shift()!
    held.size -= chunk.bytes.length
    const rest = remainder(chunk, yield* each(chunk, ready))
    if (rest === undefined) continue
    held.chunks.unshift(rest)
    held.size += rest.bytes.length
  }
}

/** Gives bytes until the machine is no longer ready; returns how many. */
function* each(arrival: Arrival, ready: () => boolean): Generator<Drawn, number> {
  let i = 0
  while (i < arrival.bytes.length && ready()) {
    yield { byte: arrival.bytes[i]!, at: arrival.at, began: beganAt(arrival, i) }
    i++
  }
  return i
}

function keep(held: Held, arrival: Arrival, from: number): void {
  const rest = remainder(arrival, from)
  if (rest === undefined) return
  held.chunks.push({ ...rest, bytes: rest.bytes.slice() })
  held.size += rest.bytes.length
}

function remainder(arrival: Arrival, from: number): Arrival | undefined {
  if (from === arrival.bytes.length) return undefined
  return { bytes: arrival.bytes.subarray(from), at: arrival.at, began: beganAt(arrival, from) }
}
