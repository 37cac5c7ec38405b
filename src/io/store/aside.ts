import { existsSync, readdirSync, renameSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { identity } from './same-file.ts'

const PARTS = ['', '-wal', '-shm'] as const

/**
 * Moves a database file with its log out of the way.
 * @param what the word in its new name
 * @param keep identities of files that are still in use and stay
 * @returns where the database file is now; nothing where there was none
 */
export function setAside(
  path: string,
  what: 'damaged' | 'foreign',
  stamp: string,
  keep: ReadonlySet<string> = new Set(),
): string | undefined {
  let name = `${path}.${what}-${stamp}`
  for (let n = 2; existsSync(name); n++) name = `${path}.${what}-${stamp}-${n}`
  let moved: string | undefined
  for (const part of PARTS) {
    const id = identity(path + part)
    if (id === undefined || keep.has(id)) continue
    renameSync(path + part, name + part)
    if (part === '') moved = name
  }
  return moved
}

/** The files of a database as they are now. */
export function identities(path: string): ReadonlySet<string> {
  return new Set(PARTS.map((part) => identity(path + part)).filter((id) => id !== undefined))
}

/** The newest finished copy in a folder: one that has its note beside it. */
export function newestCopy(folder: string | undefined): string | undefined {
  if (folder === undefined || !existsSync(folder)) return undefined
  return readdirSync(folder)
    .filter(
      (name) =>
        /^bleeps\..*\.sqlite$/.test(name) && existsSync(join(folder, name.replace(/\.sqlite$/, '.json'))),
    )
    .map((name) => join(folder, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs || basename(b).localeCompare(basename(a)))[0]
}
