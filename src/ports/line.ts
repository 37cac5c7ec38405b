import type { FaultCode, FaultValue, Result, StandingCode } from '../core/faults.ts'
import type { Instant } from '../core/instant.ts'
import type { LineErrors } from '../core/line/kit/line-errors.ts'

/** Why a port does not work: it stands until the port works again. */
export type PortFault = FaultValue<StandingCode>

/**
 * One thing bytes come from: a serial port, a socket, a replayed capture. Opening it gives a link, and one life of a
 * link is: at most one `opened`, any number of `bytes`, exactly one `closed`, nothing after that.
 */
export interface LinePort {
  /** For logs and metrics: the path or `host:port`, never a secret. */
  readonly name: string
  /** Never throws: a port that cannot be opened says so by a `closed` that carries the fault. Events come later, never before `open` returns. */
  open(on: (event: LineEvent) => void): Link
}

export interface Link {
  /**
   * Resolves when the bytes were handed to the operating system, or with the fault that prevented it; never rejects
   * and never waits for ever. A link opened to listen only answers `line-listen-only` and writes nothing.
   */
  write(bytes: Uint8Array): Promise<Result<void, PortFault>>
  /**
   * Where a peer came to us: ends its connection once what was written is out. A `closed` with `peer-closed` follows, and
   * the port goes on listening. Missing where a line has no connection to end.
   */
  hangUp?(): void
  /** Idempotent. The `closed` that follows carries no fault. */
  close(): void
}

export type LineEvent =
  | { readonly kind: 'opened'; readonly at: Instant }
  | LineBytes
  /**
   * What the port's driver has counted since the event of this kind before. The first, of nothing, comes with the
   * opening and says that this port counts; a port that never sends one does not.
   */
  | { readonly kind: 'errors'; readonly errors: LineErrors; readonly at: Instant }
  /** Survivable trouble on an open link, such as a second peer; the link goes on. */
  | { readonly kind: 'fault'; readonly fault: FaultCode; readonly count: number; readonly at: Instant }
  /** Without a fault: we closed it, or a replay came to its end. */
  | { readonly kind: 'closed'; readonly at: Instant; readonly fault?: PortFault }

interface LineBytes {
  readonly kind: 'bytes'
  /** Owned by the receiver. */
  readonly bytes: Uint8Array
  /** Arrival of the chunk. */
  readonly at: Instant
  /** When its first byte began on the wire: `at` less the chunk's time at the line's rate. Equal to `at` for sockets. */
  readonly began: Instant
}
