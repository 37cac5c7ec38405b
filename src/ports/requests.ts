import type { SubjectRequest } from '../core/govern/request.ts'
import type { Apart } from '../core/govern/restrict.ts'
import type { BleepId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'

/** Requests of people about their own data. */
export interface RequestTable {
  put(request: SubjectRequest): Promise<void>
  get(id: string): Promise<SubjectRequest | undefined>
  /** The newest first. */
  list(limit: number): Promise<readonly SubjectRequest[]>
  /** Those that are not over, the one that is due first at the head. */
  open(limit: number): Promise<readonly SubjectRequest[]>
}

/** Words that are kept apart on request: nothing but governance reads them. */
export interface RestrictedTable {
  put(bleep: BleepId, at: Instant, apart: Apart): Promise<void>
  get(bleep: BleepId): Promise<Apart | undefined>
  forget(bleep: BleepId): Promise<void>
}

/** Locks a file with a passphrase, so that only who has it can open it. */
export interface Sealer {
  seal(plain: Uint8Array, passphrase: string): Promise<Uint8Array>
}
