import type { Instant } from '../instant.ts'
import type { Wire } from './protocol.ts'

/** Bytes that came while an answer was still owed: nothing may overtake the page being stored. */
export interface Held {
  chunks: { bytes: Uint8Array; at: Instant; wire: Wire }[]
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

/** Keeps a copy of the bytes for later; false when there is no room and the caller must count them as lost. */
export function hold(held: Held, bytes: Uint8Array, at: Instant, wire: Wire, rest: boolean): boolean {
  if (bytes.length === 0) return true
  if (!rest && held.size + bytes.length > ROOM) return false
  held.chunks.push({ bytes: bytes.slice(), at, wire })
  held.size += bytes.length
  return true
}

/** Arrival of the last held byte, or undefined when the peer has kept quiet as it should. */
export function lastHeldAt(held: Held): Instant | undefined {
  return held.chunks.at(-1)?.at
}

export function dropHeld(held: Held): void {
  held.chunks = []
  held.size = 0
}

/**
 * Hands bytes to `take` one by one while `ready()`; as soon as a page waits to be stored, keeps the rest.
 * Call with the newly arrived bytes, or without any once the answer has been given.
 */
export function pump(
  held: Held,
  ready: () => boolean,
  take: (byte: number, at: Instant, wire: Wire) => void,
  lost: (bytes: Uint8Array) => void,
  fresh?: { bytes: Uint8Array; at: Instant; wire: Wire },
): void {
  if (fresh !== undefined && (held.chunks.length > 0 || !ready())) {
    if (!hold(held, fresh.bytes, fresh.at, fresh.wire, false)) lost(fresh.bytes.slice())
    if (!ready()) return
  } else if (fresh !== undefined) {
    const used = run(fresh.bytes, fresh.at, fresh.wire)
    hold(held, fresh.bytes.subarray(used), fresh.at, fresh.wire, true)
  }
  while (held.chunks.length > 0 && ready()) {
    const chunk = held.chunks.shift()!
    const used = run(chunk.bytes, chunk.at, chunk.wire)
    held.size -= used
    if (used < chunk.bytes.length) held.chunks.unshift({ ...chunk, bytes: chunk.bytes.subarray(used) })
  }

  function run(bytes: Uint8Array, at: Instant, wire: Wire): number {
    let i = 0
    while (i < bytes.length && ready()) take(bytes[i++]!, at, wire)
    return i
  }
}
