import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const NAME = 'switchboard-shift-log.html'

/** Writes the switchboard's sheet into each folder, whole or not at all; gives what failed by the place, counted from 1. */
export function shiftLogKeeper(
  folders: readonly string[],
): (page: string) => Promise<ReadonlyMap<number, unknown>> {
  return async (page) => {
    const failed = new Map<number, unknown>()
    await Promise.all(
      folders.map(async (folder, i) => {
        try {
          await mkdir(folder, { recursive: true, mode: 0o750 })
          const path = join(folder, NAME)
          await writeFile(`${path}.part`, page, { mode: 0o640 })
          await rename(`${path}.part`, path)
        } catch (error) {
          failed.set(i + 1, error)
        }
      }),
    )
    return failed
  }
}
