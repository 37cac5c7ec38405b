import { resolve } from 'node:path'
import { auditKey } from '../app/audit-key.ts'
import { say } from '../core/catalogue/say.ts'
import { copiesOver } from '../core/govern/copies.ts'
import { printInstant } from '../core/instant.ts'
import { sqliteBackups } from '../io/store/backups.ts'
import { configured, operatorHere, refused, tell, withStore, writtenJson } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'

export interface BackupOptions {
  readonly config?: string
  /** Folder instead of the configured one; copies there are not counted or removed. */
  readonly to?: string
}

/** `bleepd backup`: one copy now, beside a running daemon, checked before it counts. */
export async function backup({ config: named, to }: BackupOptions): Promise<ExitCode> {
  const whole = configured(named)
  if (typeof whole === 'number') return whole
  const { store, backup, folder } = whole.config
  if (store.kind !== 'sqlite') {
    tell(say('cli.backupPostgresql'))
    return EXIT.usage
  }
  const place = to ?? (backup && resolve(folder, backup.folder))
  if (place === undefined) {
    tell(say('cli.backupNoFolder'))
    return EXIT.usage
  }
  return withStore(whole, 'write', async (open) => {
    const backups = sqliteBackups(resolve(folder, store.path), place, auditKey(whole, false))
    const at = Date.now()
    const made = await backups.make(at)
    await open.transact((tx) =>
      tx.audit.append({
        ...{ at, actor: operatorHere(), action: 'backup.make', subject: '' },
        outcome: made.ok ? 'done' : 'refused',
      }),
    )
    if (!made.ok) return refused(made.fault)
    if (to === undefined && backup !== undefined)
      for (const old of copiesOver(await backups.list(), backup, at)) await backups.remove(old)
    await writtenJson({ ...made.value, made: printInstant(at) })
    return EXIT.good
  })
}
