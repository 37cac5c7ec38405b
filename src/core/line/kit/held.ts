import type { Instant } from '../../instant.ts'

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

export function dropHeld(held: Held): void {
  held.chunks = []
  held.size = 0
}

/** When byte `i` of an arrival started on the wire, taking its bytes as evenly spaced. */
export function beganAt({ bytes, at, began = at }: Arrival, i: number): Instant {
  return began + ((at - began) * i) / bytes.length
}

/**
 * Hands bytes to `take` one by one while `ready()`; as soon as a page waits to be stored, keeps the rest.
 * Call with the newly arrived bytes, or without any once the answer has been given. `lost` gets what finds no room.
 */
export function pump(
  held: Held,
  ready: () => boolean,
  take: (byte: number, at: Instant, began: Instant) => void,
  lost: (bytes: Uint8Array) => void,
  fresh?: Arrival,
): void {
  if (fresh !== undefined && fresh.bytes.length > 0) {
    if (held.chunks.length === 0 && ready()) keep(held, fresh, run(fresh, ready, take))
    else if (held.size + fresh.bytes.length <= ROOM) keep(held, fresh, 0)
    else lost(fresh.bytes.slice())
  }
  while (held.chunks.length > 0 && ready()) {
    const chunk = held.chunks.shift()!
    held.size -= chunk.bytes.length
    const rest = remainder(chunk, run(chunk, ready, take))
    if (rest === undefined) continue
    held.chunks.unshift(rest)
    held.size += rest.bytes.length
  }
}

/** Takes bytes until the machine is no longer ready; gives how many it took. */
function run(arrival: Arrival, ready: () => boolean, take: Parameters<typeof pump>[2]): number {
  let i = 0
  while (i < arrival.bytes.length && ready()) {
    take(arrival.bytes[i]!, arrival.at, beganAt(arrival, i))
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
