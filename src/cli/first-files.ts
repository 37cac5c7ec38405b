import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A file of a new configuration, by its path in the folder. */
export interface FirstFile {
  readonly path: string
  readonly text: string
  /** Absent: whoever may look into the folder may read it. */
  readonly mode?: number
}

/** Readable by its owner and the daemon's group alone. */
export const FOR_US = 0o640
const FOR_ALL = 0o644
const FOLDER = 0o750

/**
 * Writes them all, each only where none is: root keeps the files and the daemon's group may read them, so that nothing
 * that listens to the network can change what it runs by.
 * @throws where a file is there already, or the folder may not be written
 */
export function writeFirst(folder: string, files: readonly FirstFile[]): void {
  const group = process.getuid?.() === 0 ? groupOf('bleepd') : undefined
  const own = (path: string, mode: number): void => {
    chmodSync(path, mode)
    if (group !== undefined) chownSync(path, 0, group)
  }
  const folders = new Set(files.map(({ path }) => dirname(join(folder, path))))
  for (const one of [folder, ...folders]) {
    mkdirSync(one, { recursive: true, mode: FOLDER })
    own(one, FOLDER)
  }
  for (const { path, text, mode } of files) {
    const whole = join(folder, path)
    writeFileSync(whole, text, { flag: 'wx', mode: mode ?? FOR_ALL })
    own(whole, mode ?? FOR_ALL)
  }
}

function groupOf(name: string): number | undefined {
  const row = readFileSync('/etc/group', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${name}:`))
  return row === undefined ? undefined : Number(row.split(':')[2])
}
