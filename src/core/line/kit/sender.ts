import type { Result } from '../../faults.ts'

/**
 * The sending side of a protocol for simulators: turns records, keyed as `bleepd decode` prints them, into the bytes
 * a sender of that protocol puts on the wire without waiting for answers.
 */
export interface LineSender {
  /** Before the first record, such as a log-in. */
  readonly opening: Uint8Array
  /** One record, with whatever the protocol wraps around it. The record is unchecked. */
  encode(record: unknown): Result<Uint8Array>
  /** After the last record, such as a log-out. */
  readonly closing: Uint8Array
}
