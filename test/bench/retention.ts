import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildDirectory } from '../../src/core/directory/build.ts'
import { asId, type BleepId } from '../../src/core/ids.ts'
import { DAY, MINUTE } from '../../src/core/instant.ts'
import { systemClock } from '../../src/io/clock.ts'
import { sqliteBackups } from '../../src/io/store/backups.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { createRetention } from '../../src/run/keep/retention.ts'
import { aBleep, anAlert, anAttempt } from '../contract/store.ts'
import { removeFolder } from '../support/folders.ts'
import { USUAL_KEEPS } from '../support/keeps.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'
import { smallSite } from '../support/small-site.ts'

/**
 * What storing a page costs while old ones are let go and while the database is copied, against what it costs alone:
 * one transaction with a bleep, its sighting and its hops each 5 ms, all three in one run.
 */
const { values } = parseArgs({ options: { bleeps: { type: 'string', default: '20000' } } })
const COUNT = Number(values.bleeps)
const folder = mkdtempSync(join(tmpdir(), 'bleep-bridge-retention-'))
const path = join(folder, 'bleeps.sqlite')
const store = await openSqlite(path)
const clock = systemClock(() => undefined)
const directory = buildDirectory(smallSite())
const say = (text: string): void => void process.stdout.write(`${text}\n`)
const START = clock.now() - 200 * DAY

async function fill(): Promise<void> {
  for (let i = 0; i < COUNT; i += 100)
    await store.transact(async (tx) => {
      for (let n = i; n < i + 100; n++) {
        const [id, at] = [`b${n}`, START + (n * 100 * DAY) / COUNT]
        const page = { ...aBleep(id).page, text: 'CARDIAC ARREST WARD 7B BED 3 '.repeat(2) }
        await tx.bleeps.add(aBleep(id, { received: at, page, stage: 'routed' }))
        await tx.bleeps.sight({
          ...{ id: asId(`s${n}`), bleep: asId<BleepId>(id), feed: asId('f'), tap: 't', node: asId('n') },
          ...{ page, begun: at, reason: 'first-sighting' },
        })
        const events = Array.from({ length: 12 }, (_, k) => ({ kind: 'due' as const, at, name: `step-${k}` }))
        await tx.alerts.add(anAlert(`a${n}`, id, { phase: 'closed', revision: 12, raised: at }), events)
        await tx.attempts.add(Array.from({ length: 8 }, (_, k) => anAttempt(`t${n}-${k}`, `a${n}`)))
        await tx.hops.stamp(
          Array.from({ length: 20 }, () => {
            return { bleep: asId<BleepId>(id), hop: 'handed', at, clock: 'ours' as const }
          }),
        )
      }
    })
  await store.transact((tx) => tx.notes.set('facts-until', clock.now(), clock.now()))
}

let stored = 0
/** Stores pages while `beside` works, or for some seconds; what each took, milliseconds, sorted. */
async function storing(beside: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = []
  let over = false
  const work = beside().finally(() => {
    over = true
  })
  while (!over) {
    const id = asId<BleepId>(`new${stored++}`)
    const began = performance.now()
    await store.transact(async (tx) => {
      const at = clock.now()
      await tx.alone('bleep/2222')
      await tx.bleeps.add(aBleep(id, { received: at }))
      await tx.hops.stamp([{ bleep: id, hop: 'first-byte', at, clock: 'ours' }])
    })
    took.push(performance.now() - began)
    await new Promise((next) => setTimeout(next, 5))
  }
  await work
  return took.sort((a, b) => a - b)
}

function report(name: string, took: readonly number[]): void {
  const at = (p: number) => (took[Math.min(took.length - 1, Math.ceil(p * took.length) - 1)] ?? 0).toFixed(2)
  say(
    `${name.padEnd(34)} ${String(took.length).padStart(6)} ${[0.5, 0.99, 1].map((p) => at(p).padStart(9)).join('')}`,
  )
}

await fill()
say(`${COUNT} bleeps, ${(statSync(path).size / 1e6).toFixed(0)} MB; a page stored, ms`)
say(`${''.padEnd(34)} ${'n'.padStart(6)}      p50      p99      max`)
const purge = async (keeps: Partial<typeof USUAL_KEEPS>) => {
  const retention = createRetention({
    ...{ store, clock, wake: store.wake, log: quietLog, metrics: quietMetrics, directory: () => directory },
    keeps: { ...USUAL_KEEPS, ...keeps },
  })
  // Each turn of the chores, but without the minute between them.
  for (let i = 0; i < COUNT / 2000 + 1; i++) await retention.turn()
}
report('alone', await storing(() => new Promise((done) => setTimeout(done, 5000))))
const copies = sqliteBackups(path, join(folder, 'copies'))
report('while the database is copied', await storing(() => copies.make(clock.now())))
let began = performance.now()
report('while words go', await storing(() => purge({})))
say(`  ${((COUNT / (performance.now() - began)) * MINUTE).toFixed(0)} bleeps a minute`)
began = performance.now()
report('while bleeps go whole', await storing(() => purge({ alerts: 90 })))
say(`  ${((COUNT / (performance.now() - began)) * MINUTE).toFixed(0)} bleeps a minute`)
await store.close()
removeFolder(folder)
