import type { BleepId, PersonId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'

/** What was erased on request, by id: no words, no names. A copy from before does it again by this. */
export type Erased = { readonly at: Instant } & ({ readonly bleep: BleepId } | { readonly person: PersonId })

/** Kept beside the database and not in it, because a restored database knows nothing of what came after. */
export interface ErasedLedger {
  /** Durable when it resolves, and before anything is erased. */
  note(erased: readonly Erased[]): Promise<void>
  /** At or after an instant, oldest first. */
  since(at: Instant): Promise<readonly Erased[]>
  /** Lines from before an instant go: no copy is older. */
  prune(before: Instant): Promise<void>
}
