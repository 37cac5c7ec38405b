import { z } from 'zod'
import { say } from '../../catalogue/say.ts'
import { SECOND } from '../../instant.ts'
import { PARITIES } from '../kit/byte-to-text.ts'

/** Bytes as a string of characters U+0000–U+00FF: in YAML, `"\x01"`. */
const byteString = z
  .string()
  .max(16)
  .refine((text) => Array.from(text).every((c) => c <= '\u00ff'), say('settings.onlySingleBytes'))

/** How records stand in the stream of bytes. */
export const framing = z.strictObject({
  /** Bytes that begin a record, all of them in order. Empty: a record begins at once. */
  start: byteString.default(''),
  /** Whether a start inside a record begins it anew. Off where the message itself may hold the start byte. */
  restart: z.boolean().default(true),
  /** Any one of these ends a record. Empty: only a pause does. */
  end: byteString.default('\r\n\f\x04'),
  /** Three DEL of a COMP2 sender, for example: forget what is half-read and start afresh. Empty: none. */
  resync: byteString.default(''),
  /**
   * A pause this long ends a record that no end byte ended; 0: never. Milliseconds. Where the line goes on behind it within
   * `giveUp`, the whole takes the place of what was given out.
   */
  idleFlush: z.number().min(0).max(60_000).default(300),
  /** A record half-read for this long is given up. Milliseconds. */
  giveUp: z
    .number()
    .min(100)
    .max(600_000)
    .default(10 * SECOND),
  /** Longest record in bytes; the rest of a longer one is cut off and counted. */
  maxLength: z.number().int().min(1).max(16_384).default(1024),
  /** How to treat bit 7 of a 7-bit sender read on an 8-bit port. A character whose parity is wrong shows as U+FFFD. */
  parity: z.enum(PARITIES).default('none'),
  /** Bytes never part of a record. */
  drop: byteString.default('\x00\x07\x7f'),
  /** Lines that make one record; joined by a line feed for the patterns. */
  lines: z.number().int().min(1).max(8).default(1),
  /** With several lines: a first line that does not match cannot begin a record and is set aside alone. */
  firstLine: z.string().max(500).optional(),
  /** What the bytes above 7F mean; `ascii`: nothing, each is a damaged character. */
  charset: z.enum(['ascii', 'latin1', 'utf8']).default('latin1'),
})

export type Framing = z.infer<typeof framing>
