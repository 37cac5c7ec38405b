import { dirname, join } from 'node:path'
import type { Mac } from '../core/govern/audit.ts'
import { sqliteBackups } from '../io/store/backups.ts'
import type { Upgrade } from '../io/store/upgrade.ts'
import type { Tools } from '../ports/tools.ts'

/**
 * The way back: an older version refuses a newer schema, and starts from this copy. Where it cannot be made, the start goes
 * on all the same, because a bridge that stands still loses bleeps, and a migration is whole or not at all.
 * @param folder where the site keeps its copies, and a rule holds them in bounds; absent: beside the database
 * @param mac signs the copy's note: restoring believes no other where the audit is sealed
 */
export async function copyFirst(
  path: string,
  ahead: Upgrade,
  folder: string | undefined,
  mac: Mac | undefined,
  { log, clock, metrics }: Tools,
): Promise<void> {
  const copies = sqliteBackups(path, folder ?? join(dirname(path), 'before-upgrade'), mac)
  const made = await copies.make(clock.now())
  if (!made.ok) {
    log.error('not-copied-before-upgrade', { ...ahead, fault: made.fault.code, detail: made.fault.detail })
    metrics.count('bleepbridge_store_faults_total', { fault: made.fault.code })
    return
  }
  log.info('copied-before-upgrade', { ...ahead, copy: made.value.path })
  // Without a rule one copy is enough: what is erased later is to leave the others.
  if (folder === undefined)
    for (const copy of await copies.list()) if (copy.path !== made.value.path) await copies.remove(copy)
}
