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
  /** Resolves when what was recorded is with the operating system. */
  close(): Promise<void>
}
