import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { StoreFault } from '../../ports/store.ts'
import { sqliteFault } from './sqlite-driver.ts'

/**
 * Keeps other daemons off a database file as long as this process lives, however it ends: a lock of the kernel's on a
 * file beside it. Commands and copies do not ask for it. Gives the way to let go.
 * @throws StoreFault `store-in-use` where another daemon has it
 */
export function soleUse(path: string): () => void {
  try {
    const file = `${path}-lock`
    closeSync(openSync(file, 'a', 0o600))
    const held = new DatabaseSync(file, { timeout: 0 })
    try {
      held.exec('pragma locking_mode = exclusive; pragma journal_mode = memory; begin exclusive')
    } catch (error) {
      held.close()
      throw error
    }
    return () => held.close()
  } catch (error) {
    const fault = sqliteFault(error)
    throw new StoreFault(fault === 'store-busy' ? 'store-in-use' : fault, error)
  }
}
