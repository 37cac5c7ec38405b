import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import type { Site } from '../core/directory/site.ts'
import { layGood } from './last-good.ts'
import { LONG_TABLES, type ReadingMessage, ROWS_AT_ONCE, withoutTables } from './reading.ts'
import { loadWhole } from './whole.ts'

/*
 * Reads and checks a configuration and its site in a thread of its own, and hands them over in slices, one at a time: the
 * thread that reads pages never waits for a file, a parser or a large table.
 */
const { file, now }: { file: string; now: number } = workerData

const say = async (message: ReadingMessage): Promise<void> => {
  if (parentPort === null) return
  const taken = once(parentPort, 'message')
  parentPort.postMessage(message)
  await taken
}

const whole = loadWhole(file, now)
if (!whole.ok) await say({ kind: 'faults', faults: whole.fault })
else {
  const { config, site, rulesRead, policies, fingerprint, sitePrint, doubts } = whole.value
  for (const table of LONG_TABLES)
    for (let from = 0; from < site[table].length; from += ROWS_AT_ONCE)
      await say({
        kind: 'rows',
        table,
        rows: site[table].slice(from, from + ROWS_AT_ONCE) as Site[typeof table],
      })
  // Here, because copying a large table takes its time; it counts only once the daemon has taken the reading.
  const laid = layGood(file, whole.value, now)
  await say({
    kind: 'rest',
    reading: { config, site: withoutTables(site), rulesRead, policies, fingerprint, sitePrint, doubts, laid },
  })
}
parentPort?.close()
