import type { Anchor } from '../core/govern/audit.ts'
import type { Instant } from '../core/instant.ts'

/** A place in the audit chain, written down where the database is not. */
export interface Place extends Anchor {
  readonly at: Instant
  /** From here on: a person answered for the chain as it stood, so nothing is held to what was written before. */
  readonly begun?: boolean
}

/** The second place of the audit chain: outside the database, so that whoever changes one has to change the other. */
export interface Anchors {
  /** Oldest first. `forged`: how many lines in it were not written by us. */
  list(): Promise<{ readonly places: readonly Place[]; readonly forged: number }>
  /** Durable when it resolves. */
  add(place: Place): Promise<void>
}
