import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { reportsOf } from '../../../src/app/reports.ts'
import { reportSettings } from '../../../src/config/report.ts'
import { loadWhole, type Whole } from '../../../src/config/whole.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { DAY, HOUR } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import { makeReport } from '../../../src/run/keep/report.ts'
import { aBleep } from '../../contract/store.ts'
import { type SiteFolder, siteFolder } from '../../support/site-folder.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

/* Reports of one hospital of two: `--hospital` at the terminal and `?hospital=` over HTTP leave the other's bleeps out. */
const bleepd = fileURLToPath(new URL('../../../src/bleepd.js', import.meta.url))
const START = Date.UTC(2026, 10, 20, 9)
const SPAN = { from: '2026-11-20', to: '2026-11-21' }
const TWO = {
  'site.yaml':
    'id: small\nname: Two Hospitals\nrotaStart: 2024-01-01\nhospitals:\n  north: North General\n  south: South Infirmary\n',
  'roles.csv': [
    'id,name,site,staffGroup,crash,baton,substitutes',
    'reg,Registrar,north,doctor,yes,,sho',
    'sho,SHO,south,doctor,yes,,',
    'nurse,Resus nurse,south,nurse,yes,,',
    'locum,Locum,south,doctor,no,,',
  ].join('\n'),
  'numbers.csv': [
    'number,to,site,kind,class,description',
    '2222,role:reg,north,,,Arrest in the north',
    '2222,role:nurse,south,,,Arrest in the south',
    '1113,role:reg,north,,,Registrar',
  ].join('\n'),
}
/** Two of the north, one of the south. */
const NUMBERS = ['2222@north', '1113', '2222@south']

class TurningClock extends VirtualClock {
  override after(ms: number, run: () => void) {
    if (ms > 0) return super.after(ms, run)
    setImmediate(run)
    return { cancel: () => undefined }
  }
}

let place: SiteFolder
let store: Store
let whole: Whole
beforeEach(async () => {
  place = siteFolder(TWO)
  const line = readFileSync(place.config, 'utf8')
  writeFileSync(place.config, line.replace('] } }', '] }, hospital: south }'))
  const read = loadWhole(place.config, START)
  if (!read.ok) throw new Error(JSON.stringify(read.fault))
  whole = read.value
  const { store: kept } = whole.config
  if (kept.kind !== 'sqlite') throw new Error('no file')
  store = await openSqlite(join(dirname(place.config), kept.path))
  await store.transact(async (tx) => {
    for (const [i, number] of NUMBERS.entries()) {
      const received = START + i * HOUR
      const page = { ...aBleep('x').page, firstByte: received - 20, lastByte: received - 5 }
      await tx.bleeps.add(aBleep(`b${i}`, { number, received, page, stage: 'routed' }))
    }
  })
})
afterEach(async () => {
  await store.close()
  place.remove()
})

test('over HTTP, by each name that a report has; a hospital that is none is refused with those there are', async () => {
  const directory = buildDirectory(whole.site)
  const ground = { store, clock: new TurningClock(START + DAY), directory: () => directory }
  const { report } = reportsOf(
    whole,
    (ask) => makeReport({ ...ground, directory }, { ...reportSettings(whole), ...ask }),
    ground,
  )
  const ask = (name: string, hospital?: string) =>
    report?.({ ...SPAN, name, format: 'json', ...(hospital === undefined ? {} : { hospital }) })
  const body = async (...of: Parameters<typeof ask>) => {
    const made = await ask(...of)
    if (made?.ok !== true) throw new Error('no report')
    return JSON.parse(`${made.value.body}`)
  }
  for (const [hospital, bleeps] of [
    [undefined, 3],
    ['north', 2],
    ['south', 1],
  ] as const)
    expect((await body('latency', hospital)).counts, hospital).toMatchObject({ bleeps })
  const bothPaths = async (hospital?: string) =>
    (JSON.stringify(await body('parallel', hospital)).match(/Registrar|Resus nurse/g) ?? []).toSorted()
  expect(await bothPaths()).toEqual(['Registrar', 'Resus nurse'])
  expect(await bothPaths('south')).toEqual(['Resus nurse'])
  expect(JSON.stringify(await body('foi', 'south'))).not.toBe(JSON.stringify(await body('foi')))
  expect(await ask('latency', 'west')).toMatchObject({
    fault: { code: 'request-invalid', detail: expect.stringContaining('north, south') },
  })
})

test('at the terminal', () => {
  const run = (...more: readonly string[]) =>
    spawnSync(
      process.execPath,
      [
        ...[bleepd, 'report', '--config', place.config, '--from', SPAN.from, '--to', SPAN.to],
        ...['--format', 'json', ...more],
      ],
      { encoding: 'utf8' },
    )
  expect(JSON.parse(run('--hospital', 'north').stdout)).toMatchObject({ counts: { bleeps: 2 } })
  expect(run('--hospital', 'west')).toMatchObject({
    status: 64,
    stderr: expect.stringMatching(/north, south/),
  })
}, 240_000)
