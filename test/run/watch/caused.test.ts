import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { openStore } from '../../../src/app/store.ts'
import { loadWhole } from '../../../src/config/whole.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { DAY, SECOND } from '../../../src/core/instant.ts'
import type { Finding } from '../../../src/core/measure/watch/standing.ts'
import { policiesSchema } from '../../../src/core/route/policy.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { createAlerts } from '../../../src/run/alert/alerts.ts'
import { startAuditor } from '../../../src/run/alert/auditor.ts'
import { startRaise } from '../../../src/run/alert/raise.ts'
import { startChores } from '../../../src/run/keep/chores.ts'
import { watchDefects } from '../../../src/run/watch/defect-watch.ts'
import { createFilesWatch } from '../../../src/run/watch/files-watch.ts'
import { createHealth } from '../../../src/run/watch/health.ts'
import { aBleep } from '../../contract/store.ts'
import { openBed } from '../../support/desk-bed.ts'
import { HOSPITAL_SHIFTS } from '../../support/hospital.ts'
import { USUAL_KEEPS } from '../../support/keeps.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { siteFolder } from '../../support/site-folder.ts'
import { smallSite } from '../../support/small-site.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { aHolding, countingRandom, wardDirectory } from '../../support/ward.ts'

/* States that no other test brings about: each is caused in the loop or the part that tells it, and is told. */
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
const codes = (found: readonly Finding[]) => found.map(({ code, subject }) => `${code} ${subject}`)

test('a request that met a defect stands by its route', async () => {
  const clock = new VirtualClock()
  const defects = watchDefects(quietLog, clock)
  const ready = () => Promise.reject(new TypeError('planted'))
  const bed = await openBed({ clock, parts: { log: defects.log, ready } })
  closers.push(() => bed.close())
  expect((await bed.http.app.inject({ url: '/readyz' })).statusCode).toBe(500)
  expect(codes(defects.standing())).toEqual(['request-failed /readyz'])
})

test('a shift whose report cannot be kept stands by its name, and the next one is told', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 8, 9, 12))
  const store = await openSqlite(':memory:')
  const defects = watchDefects(quietLog, clock)
  await store.transact((tx) => tx.notes.set('shifts-told-until', clock.now() - DAY, clock.now()))
  const directory = buildDirectory(smallSite())
  let kept = 0
  const chores = startChores({
    ...{ store, clock, wake: store.wake, log: defects.log, metrics: quietMetrics, keeps: USUAL_KEEPS },
    ...{ directory: () => directory, settings: { site: 'x', shifts: HOSPITAL_SHIFTS } },
    keep() {
      kept += 1
      return kept === 1 ? Promise.reject(new TypeError('planted')) : Promise.resolve()
    },
  })
  closers.push(() => store.close())
  await expect
    .poll(async () => {
      await clock.elapse(SECOND)
      return kept
    })
    .toBeGreaterThan(1)
  await chores.stop()
  expect(codes(defects.standing())).toEqual([expect.stringContaining('report-failed ')])
})

test('pages that are held for the database, and one that a defect put aside, are told', async () => {
  const clock = new VirtualClock()
  const store = await openSqlite(':memory:')
  closers.push(() => store.close())
  const tools = { store, clock, wake: store.wake, log: quietLog, metrics: quietMetrics }
  const alerts = createAlerts({
    ...tools,
    ...{ random: countingRandom(), directory: () => wardDirectory(aHolding()), radio: false },
  })
  const auditor = startAuditor({ ...tools, alerts })
  closers.push(() => auditor.stop())
  let held = 2
  const health = createHealth({
    ...{ clock, auditor, probe: { found: () => undefined }, broker: () => undefined },
    feeds: [
      {
        id: 'roof',
        view: () => ({ id: 'roof', state: 'open', sentence: '' }),
        faults: () => [],
        held: () => held,
      },
    ],
  })
  const review = { reason: 'raise-defect' as const, waits: true }
  await store.transact((tx) => tx.bleeps.add(aBleep('b1', { stage: 'stuck', review })))
  await clock.elapse(6 * SECOND)
  expect(codes(health.standing())).toEqual(['pages-held roof', 'page-parked bleeps'])
  held = 0
  expect(codes(health.standing())).toEqual(['page-parked bleeps'])
})

/** A store as the daemon opens it. @param more settings of `store` */
async function opened(more: string) {
  const site = siteFolder()
  closers.push(site.remove)
  const top = join(site.folder, '..')
  site.write(
    '../bridge.yaml',
    `version: 1\nsite: { id: small, folder: site }\nstore: { kind: sqlite, path: data/bleeps.sqlite${more} }\nfeeds:\n  - { id: air, profile: snpp, port: { kind: tcp-listen, port: 4444, allow: [192.0.2.1] } }\n`,
  )
  mkdirSync(join(top, 'data'), { recursive: true })
  const open = async () => {
    const whole = loadWhole(site.config, Date.now())
    if (!whole.ok) throw new Error(JSON.stringify(whole.fault))
    const clock = new VirtualClock()
    const one = await openStore(whole.value, { clock, log: quietLog, metrics: quietMetrics })
    closers.push(() => one.store.close())
    return { ...one, clock }
  }
  return { open, file: join(top, 'data', 'bleeps.sqlite') }
}

test('more pages than can be raised at once are told until they are raised', async () => {
  const clock = new VirtualClock()
  const store = await openSqlite(':memory:')
  closers.push(() => store.close())
  const directory = () => wardDirectory(aHolding())
  const tools = {
    store,
    clock,
    random: countingRandom(),
    wake: store.wake,
    log: quietLog,
    metrics: quietMetrics,
  }
  const raise = startRaise({
    ...{ ...tools, directory, alerts: createAlerts({ ...tools, directory, radio: false }) },
    // By hand: the loop would go on at once.
    begins: new Promise(() => undefined),
    policies: () => policiesSchema.parse({}),
    classify: () => ({ class: 'routine', kind: 'bleep', rule: 'r', reason: 'first-sighting' }),
  })
  closers.push(() => raise.stop())
  const since = clock.now()
  await store.transact(async (tx) => {
    for (let i = 0; i < 120; i++) await tx.bleeps.add(aBleep(`b${i}`, { stage: 'received', received: since }))
  })
  await clock.elapse(6 * SECOND)
  await raise.run()
  expect(codes(raise.troubles())).toEqual(['overloaded raise'])
  await raise.run()
  expect(codes(raise.troubles())).toEqual([])
})

test('files of which no copy can be kept are told until one is', () => {
  const files = createFilesWatch('/site')
  files.kept(false)
  expect(codes(files.troubles())).toEqual(['last-good-unkept files'])
  files.kept(true)
  expect(codes(files.troubles())).toEqual([])
})

test('settings that wait for a restart are told by name until they are as they were, with no id that may be a name', () => {
  const files = createFilesWatch('/site')
  files.waiting(['http.operators.anna.role', 'http.operators.ben.role', 'log.level', 'node'])
  expect(files.troubles()).toEqual([
    { code: 'restart-needed', subject: 'files', detail: 'http.operators, log.level, node' },
  ])
  // A later reading that is refused takes nothing of it back.
  files.refused([{ path: '/site/rota.csv:2' }])
  expect(codes(files.troubles())).toEqual(['restart-needed files', 'reload-refused files'])
  files.waiting(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])
  expect(files.troubles()[0]?.detail).toBe('a, b, c, d, e, f and 2 more')
  files.waiting([])
  expect(codes(files.troubles())).toEqual(['reload-refused files'])
})

test('a document that is no document of its sort is left out, and told by its sort', async () => {
  const { open, file } = await opened('')
  const first = await open()
  await first.store.transact((tx) => tx.bleeps.add(aBleep('b1')))
  expect(codes(first.troubles())).toEqual([])
  const other = new DatabaseSync(file)
  other.exec(`update bleeps set doc = 'null'`)
  other.close()
  await first.store.transact((tx) => tx.bleeps.inStage('received', Number.MAX_SAFE_INTEGER, 10))
  expect(codes(first.troubles())).toEqual(['document-spoilt bleep'])
})

test('a database that cannot be opened is outlasted by the other file, and that is told', async () => {
  const { open, file } = await opened(', outlast: apart/bleeps.sqlite')
  mkdirSync(file)
  const one = await open()
  expect(codes(one.troubles())).toEqual(['store-apart store'])
  await one.store.transact((tx) => tx.bleeps.add(aBleep('b1')))
  expect(one.apart()).toBe(true)
})
