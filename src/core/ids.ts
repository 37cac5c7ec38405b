import type { Instant } from './instant.ts'

export type Branded<Name extends string> = string & { readonly __id: Name }

export type BleepId = Branded<'bleep'>
export type SightingId = Branded<'sighting'>
export type AlertId = Branded<'alert'>
export type AttemptId = Branded<'attempt'>
export type PersonId = Branded<'person'>
export type RoleId = Branded<'role'>
export type TeamId = Branded<'team'>
export type DeviceId = Branded<'device'>
export type FeedId = Branded<'feed'>
export type NodeId = Branded<'node'>

/** What an id of a site's files may be: the same in every file, so that what one file names another can. */
export const SITE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** Takes text that has been checked at an edge (config, store, route) into a branded id. */
export function asId<Id extends Branded<string>>(text: string): Id {
  return text as Id
}

/** Each byte as two hexadecimal digits. A table, because an arrest call needs dozens of ids before it can go out. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * UUID version 7 (RFC 9562 clause 5.7): sorts by creation time and shows no place, person or count.
 * @param random ten bytes from the random port
 */
export function uuid7(at: Instant, random: Uint8Array): string {
  return uuid(7, at, random)
}

/**
 * UUID version 8 (RFC 9562 clause 5.8): of the same shape, made of what several nodes know alike.
 * @param digest ten bytes of it
 */
export function uuid8(at: Instant, digest: Uint8Array): string {
  return uuid(8, at, digest)
}

/**
 * The id of the first alert of a bleep that more than one node may raise, or it would be two calls on a screen; undefined
 * for any other bleep.
 */
export function alertAlike(bleep: BleepId): AlertId | undefined {
  if (!ALIKE.test(bleep)) return undefined
  return asId<AlertId>(bleep.replace(/.$/, (last) => (Number.parseInt(last, 16) ^ 0xf).toString(16)))
}

const ALIKE = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

function uuid(version: number, at: Instant, random: Uint8Array): string {
  const bytes = new Uint8Array(16)
  let ms = Math.max(0, Math.floor(at))
  for (let i = 5; i >= 0; i--) {
    bytes[i] = ms % 256
    ms = Math.floor(ms / 256)
  }
  bytes.set(random.subarray(0, 10), 6)
  bytes[6] = (version << 4) | (bytes[6]! & 0x0f)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  let hex = ''
  for (const byte of bytes) hex += HEX[byte]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
