import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Whole } from '../config/whole.ts'
import type { FaultCode } from '../core/faults.ts'
import { openKeptSqlite } from '../io/store/kept-sqlite.ts'
import { openPostgres } from '../io/store/open.ts'
import { soleUse } from '../io/store/sole-use.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Metrics } from '../ports/metrics.ts'
import type { Store } from '../ports/store.ts'

export interface OpenedStore {
  readonly store: Store
  /** What stands of the database itself until a person has seen to it. */
  troubles(): readonly { readonly code: FaultCode; readonly detail: string }[]
}

/**
 * The database that the configuration names, brought to the newest schema; a file's folder is made where it is not.
 * @throws StoreFault when it cannot be opened
 */
export async function openStore(
  { config }: Whole,
  { log, clock, metrics }: { readonly log: Log; readonly clock: Clock; readonly metrics: Metrics },
): Promise<OpenedStore> {
  if (config.store.kind === 'postgres') {
    const onLost = (error: Error) => log.warn('database-connection-lost', { error })
    return { store: await openPostgres(config.store.url, onLost), troubles: () => [] }
  }
  const path = resolve(config.folder, config.store.path)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const letGo = soleUse(path)
  const store = await openKeptSqlite(path, {
    now: () => clock.now(),
    ...(config.backup ? { copies: resolve(config.folder, config.backup.folder) } : {}),
    onMended({ code, detail }) {
      log.error('database-mended', { fault: code, detail })
      metrics.count('bleepbridge_store_faults_total', { fault: code })
    },
  })
  return {
    store: {
      ...store,
      async close() {
        await store.close()
        letGo()
      },
    },
    troubles: () => store.mended(),
  }
}
