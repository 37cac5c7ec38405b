import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Where Linux names a serial adapter by what it is, so that the name stays over a restart. */
const BY_ID = '/dev/serial/by-id'

/** The serial adapters that are plugged in, by the names that stay; none where the system has no such folder. */
export async function pluggedPorts(folder = BY_ID): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).toSorted().map((name) => join(folder, name))
  } catch {
    return []
  }
}
