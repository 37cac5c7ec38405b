import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadWhole, type Whole } from '../../../src/config/whole.ts'
import { addressBy } from '../../../src/core/bleep/address.ts'
import type { Address, Page } from '../../../src/core/bleep/bleep.ts'
import { classify } from '../../../src/core/bleep/classify.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { asId, type FeedId } from '../../../src/core/ids.ts'
import { route } from '../../../src/core/route/route.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import { createIngest } from '../../../src/run/line/ingest.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { type SiteFolder, siteFolder } from '../../support/site-folder.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { countingRandom } from '../../support/ward.ts'

/*
 * Two hospitals behind one installation, each with a number plan of its own: 2222 and one radio address mean a team in each.
 * What a line hears is its own hospital's, and never the other's; roles and teams go across.
 */
const START = Date.UTC(2026, 10, 30, 10)
const TWO = {
  'site.yaml':
    'id: small\nname: Two Hospitals\nrotaStart: 2024-01-01\nhospitals:\n  north: North General\n  south: South Infirmary\n',
  'roles.csv': [
    'id,name,site,staffGroup,crash,baton,substitutes',
    'reg,Registrar,north,doctor,yes,1113,sho',
    'sho,SHO,south,doctor,yes,1480,',
    'nurse,Resus nurse,south,nurse,yes,1326,',
    'locum,Locum,south,doctor,no,2222@south,',
  ].join('\n'),
  'numbers.csv': [
    'number,ric,fn,to,site,kind,class,description',
    '2222,1000,3,role:reg,north,adult-arrest,emergency,Arrest in the north',
    '2222,1000,3,role:nurse,south,adult-arrest,emergency,Arrest in the south',
    '1113,,,role:reg,north,,,Registrar',
    '1480,,,role:sho,south,,,SHO',
    '1326,,,role:nurse,south,,,Nurse',
    // One role for both hospitals.
    '4000,,,role:sho,north,,,SHO from the north',
    '4000,,,role:sho,south,,,SHO from the south',
    // A team of people from both.
    '5000,,,team:arrest,north,,,Arrest team from the north',
    '5000,,,team:arrest,south,,,Arrest team from the south',
  ].join('\n'),
}
const FEEDS = (hospital: string) => `feeds:
  - { id: north, profile: snpp, port: { kind: tcp-listen, port: 4444, allow: [192.0.2.1] }, hospital: north }
  - { id: south, profile: snpp, port: { kind: tcp-listen, port: 4445, allow: [192.0.2.1] }${hospital} }
`
let place: SiteFolder
let store: Store
let random: ReturnType<typeof countingRandom>
beforeEach(async () => {
  random = countingRandom()
  place = siteFolder(TWO)
  store = await openSqlite(':memory:')
})
afterEach(async () => {
  await store.close()
  place.remove()
})

function configured(hospital: string): ReturnType<typeof loadWhole> {
  const text = readFileSync(place.config, 'utf8').split('feeds:')[0]
  writeFileSync(place.config, text + FEEDS(hospital))
  return loadWhole(place.config, START)
}
function whole(): Whole {
  const read = configured(', hospital: south')
  if (!read.ok) throw new Error(JSON.stringify(read.fault))
  return read.value
}

/** What becomes of a page that a line of this hospital hears. */
async function heard(hospital: string, to: Address): Promise<{ number: string; goes: string }> {
  const { site, rules, policies } = whole()
  const directory = buildDirectory(site)
  const clock = new VirtualClock(START)
  const ingest = createIngest({
    ...{ store, clock, random, metrics: quietMetrics, log: quietLog, node: asId('n') },
    ...{ directory: () => ({ ...directory, extensions: new Map() }), skewMs: 2000, lag: () => 0 },
    ...{ hearsRePages: () => false, onStored: () => undefined },
  })
  const page: Page = {
    ...{ to, type: 'alpha', text: 'WARD 3', quality: 'clean', corrected: 0, fields: {} },
    ...{ firstByte: START, lastByte: START },
  }
  const source = { feed: asId<FeedId>(hospital), tap: hospital, repeatMs: 0, hospital }
  const done = await ingest.store(source, page, undefined, START)
  if (!done.ok) throw new Error(done.fault.code)
  const bleep = await store.transact((tx) => tx.bleeps.get(done.value))
  if (bleep === undefined) throw new Error('it is not there')
  const meaning = classify(bleep.page, bleep.number, directory, rules)
  const routing = route(bleep, meaning, directory, policies, START)
  if (routing.kind !== 'raise') return { number: bleep.number, goes: routing.reason }
  const target = routing.to
  const goes = target.kind === 'role' ? target.role : target.kind === 'team' ? target.team : target.person
  return { number: bleep.number, goes }
}
const number = (text: string): Address => ({ scheme: 'number', number: text })
const ric = (fn: 0 | 3): Address => ({ scheme: 'ric', ric: 1000, fn })

test('one number means what the hospital of its line says, by number and by radio', async () => {
  expect(await heard('north', number('2222'))).toEqual({ number: '2222@north', goes: 'reg' })
  expect(await heard('south', number('2222'))).toEqual({ number: '2222@south', goes: 'nurse' })
  expect(await heard('north', ric(3))).toEqual({ number: '2222@north', goes: 'reg' })
  expect(await heard('south', ric(3))).toEqual({ number: '2222@south', goes: 'nurse' })
  // The same words at one moment are never merged across hospitals.
  const all = await store.transact((tx) => tx.bleeps.between(0, START + 60_000, 10))
  expect(all.map((bleep) => bleep.number).sort()).toEqual([
    '2222@north',
    '2222@north',
    '2222@south',
    '2222@south',
  ])
})

test('a role goes across, and a number that one hospital alone has stays as it is printed', async () => {
  expect(await heard('north', number('4000'))).toMatchObject({ goes: 'sho' })
  expect(await heard('south', number('4000'))).toMatchObject({ goes: 'sho' })
  expect(await heard('north', number('1113'))).toEqual({ number: '1113', goes: 'reg' })
})

test('a team goes across: the same roles of both hospitals, whichever calls it', async () => {
  expect(await heard('north', number('5000'))).toEqual({ number: '5000@north', goes: 'arrest' })
  expect(await heard('south', number('5000'))).toEqual({ number: '5000@south', goes: 'arrest' })
  const { teams, roles } = buildDirectory(whole().site)
  const members = teams.get(asId('arrest'))?.members.map(({ role }) => roles.get(role)?.site)
  expect(members).toEqual(['north', 'south'])
})

test('a number that only the other hospital has rings nobody there', async () => {
  const said = await heard('north', number('1480'))
  expect(said.number).toBe('1480@north')
  expect(said.goes).not.toBe('sho')
})

test('a re-page dials what the line of the hospital knows', () => {
  const directory = buildDirectory(whole().site)
  expect(addressBy('number', number('2222@south'), '2222@south', directory)).toEqual(number('2222'))
  expect(addressBy('number', ric(3), '2222@south', directory)).toEqual(number('2222'))
  expect(addressBy('ric', number('2222'), '2222@north', directory)).toEqual(ric(3))
})

test('a line that does not say whose it is, or names no hospital of the site, is a fault', () => {
  const silent = configured('')
  expect(silent.ok).toBe(false)
  expect(!silent.ok && silent.fault).toMatchObject([
    {
      path: expect.stringContaining('hospital'),
      code: 'config-value',
      detail: expect.stringContaining('2222'),
    },
  ])
  const stranger = configured(', hospital: east')
  expect(!stranger.ok && stranger.fault).toMatchObject([{ code: 'config-unresolved', detail: 'east' }])
})

test('one number twice in one hospital is a slip, as ever', () => {
  place.write('numbers.csv', `${TWO['numbers.csv']}\n2222,,,role:sho,south,,,Again`)
  const read = configured(', hospital: south')
  expect(read.ok).toBe(false)
})
