import type { Result } from '../core/faults.ts'
import type { CopyNote } from '../core/govern/copies.ts'
import type { Instant } from '../core/instant.ts'

export interface Copy extends CopyNote {
  readonly path: string
}

/** Copies of the database, made beside its work; each is whole, checked and readable by the daemon alone. */
export interface Backups {
  /** Fails with `backup-failed`: nothing half made is left. */
  make(at: Instant): Promise<Result<Copy>>
  list(): Promise<readonly Copy[]>
  /** It was changed on purpose: what was erased before `erased` is erased in it too. */
  renote(copy: Copy, erased: Instant): Promise<void>
  remove(copy: Copy): Promise<void>
}
