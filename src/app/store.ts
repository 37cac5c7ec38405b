import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Whole } from '../config/whole.ts'
import { openPostgres, openSqlite } from '../io/store/open.ts'
import type { Log } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'

/**
 * The database that the configuration names, brought to the newest schema; a file's folder is made where it is not.
 * @throws StoreFault when it cannot be opened
 */
export async function openStore({ config }: Whole, log: Log): Promise<Store> {
  if (config.store.kind === 'postgres') {
    return openPostgres(config.store.url, (error) => log.warn('database-connection-lost', { error }))
  }
  const path = resolve(config.folder, config.store.path)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  return openSqlite(path)
}
