import type { StandingCode } from '../core/faults.ts'
import type { Instant } from '../core/instant.ts'
import type { Wire } from '../core/line/kit/protocol.ts'

/**
 * The rolling record of every byte on a line, kept as evidence and as test data for new profiles. Never throws, never
 * blocks.
 */
export interface Capture {
  /** `in`: heard. `out`: written by us. */
  bytes(direction: 'in' | 'out', wire: Wire, bytes: Uint8Array, at: Instant): void
  event(event: 'opened' | 'closed', wire: Wire, at: Instant): void
  /** Why nothing is kept now; undefined: what came last was written, or nothing has come yet. */
  failing?(): StandingCode | undefined
  /** Resolves when what was recorded is with the operating system. */
  close(): Promise<void>
}

/** What one line carried within a time. */
export interface CapturedSpan {
  readonly feed: string
  readonly from: Instant
  readonly to: Instant
}

/** Takes bytes out of captures that are there; what was heard then is known no more, that something was stays. */
export interface CaptureEraser {
  /** Gives the names of keys under which some of it was: they are to be destroyed, for copies that nobody can reach. */
  forget(spans: readonly CapturedSpan[]): Promise<readonly string[]>
}

/** Keys that captured bytes stand under: one for a minute of a line. */
export interface CaptureKeys {
  /** The name of a key that nobody has used; undefined while none can be had. */
  fresh(): string | undefined
  /** In base64; undefined where the key cannot be had. */
  seal(name: string, bytes: Uint8Array): string | undefined
  /** Undefined where the key is destroyed or away. */
  open(name: string, sealed: string): Promise<Uint8Array | undefined>
}
