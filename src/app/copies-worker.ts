import { mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { say } from '../core/catalogue/say.ts'
import { systemClock } from '../io/clock.ts'
import { systemRandom } from '../io/random.ts'
import { macOf } from '../io/seal/audit-key.ts'
import { sha256 } from '../io/store/audit.ts'
import { checkCopy, placeCopy } from '../io/store/backups.ts'
import { openSqlite } from '../io/store/open.ts'
import type { Erased } from '../ports/ledger.ts'
import { withoutFuture } from '../run/alert/auditor.ts'
import { isSound, verifyAudit } from '../run/keep/audit-verify.ts'
import type { Drilled } from '../run/keep/drill.ts'
import { eraseAgain } from '../run/keep/erase-again.ts'
import { type KeyPlaces, openWordKeys } from './word-keys.ts'

/* Works on a copy of the database in a thread of its own: reading one through takes minutes, and no page may wait. */

const {
  work,
  path,
  erased,
  key,
  config,
}: {
  work: 'erase' | 'drill'
  path: string
  erased: readonly Erased[]
  key?: string
  config: KeyPlaces
} = workerData
const mac = key === undefined ? undefined : macOf(key)
const clock = systemClock(() => undefined)
const keys = await openWordKeys({ config }, clock.now(), false)

async function erase(): Promise<number> {
  const store = await openSqlite(path, keys)
  try {
    return await eraseAgain({ store, clock, random: systemRandom }, erased)
  } finally {
    await store.close()
  }
}

/** Restored beside where it lies, opened as a daemon would, counted, and taken away again. */
async function drill(): Promise<Drilled> {
  const began = clock.now()
  const checked = await checkCopy(path, mac)
  if (checked.troubles.length > 0) return { troubles: checked.troubles, seconds: 0 }
  const folder = mkdtempSync(join(dirname(path), 'drill-'))
  try {
    const place = join(folder, 'bleeps.sqlite')
    await placeCopy(path, place)
    const store = await openSqlite(place, keys)
    try {
      const again = await eraseAgain({ store, clock, random: systemRandom }, erased)
      const audit = await verifyAudit(
        { store, clock, digest: sha256, held: async () => (mac === undefined ? {} : { mac }) },
        checked.note?.audit,
      )
      const counts = await store.transact(async (tx) => ({
        ...(await tx.bleeps.count()),
        open: Object.values(await tx.alerts.countByPhase()).reduce((n, one) => n + one, 0),
        devices: (await tx.devices.list()).length,
      }))
      const lost = await withoutFuture(store, 1)
      const troubles = [
        ...(isSound(audit) ? [] : [say('cli.restoreChainBroken')]),
        ...(lost.length === 0 ? [] : [say('cli.restoreNoFuture')]),
      ]
      return { troubles, counts: { ...counts, erasedAgain: again }, seconds: (clock.now() - began) / 1000 }
    } finally {
      await store.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const done = await (work === 'erase' ? erase() : drill())
await keys.close()
parentPort?.postMessage(done)
