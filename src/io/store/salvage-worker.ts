import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { salvaged } from './carried.ts'
import { bring, openRemains, raiseAgain } from './salvage.ts'

/*
 * Brings over what the daemon can work without for a moment, in a thread of its own: small transactions with pauses, so
 * that the pages of now come first.
 */
const { path, sources, since }: { path: string; sources: readonly string[]; since: number } = workerData
const PAUSE = 5
const pause = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE)

const to = new DatabaseSync(path, { timeout: 5000 })
to.exec('pragma synchronous = normal; pragma foreign_keys = on')
let rows = 0
for (const source of sources) {
  const from = openRemains(source)
  if (!from) continue
  for (const table of salvaged('behind')) rows += bring(from, to, table, pause)
  from.close()
}
const again = raiseAgain(to, since)
to.exec('pragma wal_checkpoint(passive)')
to.close()
parentPort?.postMessage({ rows, again })
