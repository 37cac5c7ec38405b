import { resolve } from 'node:path'
import type { Whole } from '../config/whole.ts'
import type { CopyRule } from '../core/govern/copies.ts'
import type { Millis } from '../core/instant.ts'
import { sqliteBackups } from '../io/store/backups.ts'
import type { Backups } from '../ports/backups.ts'
import { auditKey } from './audit-key.ts'

/** Where copies of the embedded database go and by which rule; undefined where the site keeps none by us. */
export function backupsOf(whole: Whole):
  | {
      readonly to: Backups
      readonly rule: CopyRule
      readonly drill: { readonly every: Millis; readonly days: number }
    }
  | undefined {
  const { backup, store, folder } = whole.config
  if (backup === undefined || store.kind !== 'sqlite') return undefined
  const { everyMs, copies, days, drillEveryMs } = backup
  return {
    to: sqliteBackups(resolve(folder, store.path), resolve(folder, backup.folder), auditKey(whole, false)),
    rule: { every: everyMs, copies, days },
    drill: { every: drillEveryMs, days },
  }
}
