import { statSync } from 'node:fs'
import { StoreFault } from '../../ports/store.ts'

const ENDINGS = ['', '-wal'] as const

/**
 * Remembers which files a database was opened as. SQLite goes on writing into a file that was deleted or renamed: what
 * it takes then is gone with the process. The check it gives throws `store-moved` once a path leads elsewhere.
 */
export function sameFile(path: string): () => void {
  const known = ENDINGS.map((ending) => identity(path + ending))
  return () => {
    for (const [i, ending] of ENDINGS.entries()) {
      if (known[i] === undefined) known[i] = identity(path + ending)
      else if (identity(path + ending) !== known[i]) throw new StoreFault('store-moved')
    }
  }
}

export function identity(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  return found && `${found.dev}/${found.ino}`
}
