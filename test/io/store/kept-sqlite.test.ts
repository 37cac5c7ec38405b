import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import type { Device } from '../../../src/core/deliver/device.ts'
import { asId, type BleepId } from '../../../src/core/ids.ts'
import { type KeptStore, type Mended, openKeptSqlite } from '../../../src/io/store/kept-sqlite.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { soleUse } from '../../../src/io/store/sole-use.ts'
import { StoreFault } from '../../../src/ports/store.ts'
import { aBleep } from '../../contract/store.ts'

const NOW = 1_790_000_000_000
const place = () => join(mkdtempSync(join(tmpdir(), 'kept-')), 'bleeps.sqlite')

function kept(path: string, told: Mended[] = [], copies?: string): Promise<KeptStore> {
  return openKeptSqlite(path, {
    now: () => NOW,
    onMended: (mended) => told.push(mended),
    ...(copies === undefined ? {} : { copies }),
  })
}

const add = (store: KeptStore, id: string) =>
  store.transact((tx) => tx.bleeps.add(aBleep(id, { received: NOW })))
const ids = (store: KeptStore) =>
  store.transact(async (tx) => (await tx.bleeps.between(0, NOW + 1, 1000)).map((b) => b.id).sort())

/** Until the store takes work again: bounded by the test's own time. */
async function again<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error
      await new Promise((done) => setTimeout(done, 20))
    }
  }
}

const phone: Device = {
  id: asId('d1'),
  owner: { kind: 'person', person: asId('p1') },
  label: 'phone',
  channel: 'webpush',
  address: '{}',
  state: 'active',
  enrolled: 1,
}

async function filled(path: string, n = 300): Promise<void> {
  const store = await openSqlite(path)
  await store.transact(async (tx) => {
    await tx.devices.add(phone, 'token')
    for (let i = 0; i < n; i++) await tx.bleeps.add(aBleep(`b${i}`, { received: NOW }))
  })
  await store.close()
}

/** Writes nonsense over a page of a closed database. */
function spoil(path: string, page: number, at = 0): void {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(400, 0xa5), 0, 400, page * 4096 + at)
  closeSync(file)
}

function rootOf(path: string, table: string): number {
  const db = new DatabaseSync(path)
  const row = db.prepare('select rootpage from sqlite_master where name = ?').get(table)
  db.close()
  return Number(row?.rootpage)
}

test('a file deleted while it is open is refused at once, then written again with all that was acknowledged', async () => {
  const path = place()
  const told: Mended[] = []
  const store = await kept(path, told)
  await add(store, 'b1')
  for (const name of readdirSync(join(path, '..'))) rmSync(join(path, '..', name))
  await expect(add(store, 'b2')).rejects.toMatchObject({ code: 'store-moved' })
  await again(() => add(store, 'b3'))
  expect(await ids(store)).toEqual(['b1', 'b3'])
  expect(store.mended()).toMatchObject([{ code: 'store-moved' }])
  expect(told).toHaveLength(1)
  await store.close()
  const after = await kept(path)
  expect(await ids(after)).toEqual(['b1', 'b3'])
  await after.close()
})

test('a file replaced by an older copy is set aside, and nothing that was acknowledged is lost', async () => {
  const path = place()
  await filled(path, 3)
  copyFileSync(path, `${path}.old`)
  const store = await kept(path)
  await add(store, 'newer')
  renameSync(`${path}.old`, path)
  await expect(add(store, 'refused')).rejects.toMatchObject({ code: 'store-moved' })
  await again(() => add(store, 'later'))
  expect(await ids(store)).toEqual(['b0', 'b1', 'b2', 'later', 'newer'])
  const foreign = readdirSync(join(path, '..')).filter((name) => name.includes('.foreign-'))
  expect(foreign.length).toBeGreaterThan(0)
  await store.close()
})

test.each([
  ['deleted', (path: string) => rmSync(path)],
  ['replaced by an older copy', (path: string) => renameSync(`${path}.old`, path)],
])('a file %s while another program reads it too is written again whole', async (_, harm) => {
  const path = place()
  await filled(path, 3)
  copyFileSync(path, `${path}.old`)
  const store = await kept(path)
  await add(store, 'newer')
  // It keeps the log from being put away when we close, and that log belongs to no file of ours any more.
  const reader = new DatabaseSync(path)
  reader.prepare('select count(*) from bleeps').get()
  harm(path)
  await expect(add(store, 'refused')).rejects.toMatchObject({ code: 'store-moved' })
  await again(() => add(store, 'later'))
  expect(await ids(store)).toEqual(['b0', 'b1', 'b2', 'later', 'newer'])
  expect(store.mended()).toMatchObject([{ code: 'store-moved' }])
  reader.close()
  await store.close()
  const after = await kept(path)
  expect(await ids(after)).toEqual(['b0', 'b1', 'b2', 'later', 'newer'])
  await after.close()
})

test('while there is no folder to write to nothing is closed: all is there again with the folder', async () => {
  const path = place()
  const store = await kept(path)
  await add(store, 'b1')
  const folder = join(path, '..')
  rmSync(folder, { recursive: true })
  writeFileSync(folder, 'no folder')
  await expect(add(store, 'b2')).rejects.toMatchObject({ code: 'store-moved' })
  // It is tried twice a second; a second look shows that the first did no harm.
  await expect
    .poll(() => add(store, 'b3').catch((error) => error.code), { interval: 700 })
    .toBe('store-moved')
  rmSync(folder)
  await again(() => add(store, 'b4'))
  expect(await ids(store)).toEqual(['b1', 'b4'])
  expect(store.mended()).toMatchObject([{ code: 'store-moved' }])
  expect(readdirSync(folder).filter((name) => name.includes('rescued'))).toEqual([])
  await store.close()
})

test('only the log deleted while it is open is noticed as well', async () => {
  const path = place()
  const store = await kept(path)
  await add(store, 'b1')
  rmSync(`${path}-wal`)
  await expect(add(store, 'b2')).rejects.toMatchObject({ code: 'store-moved' })
  await again(() => add(store, 'b3'))
  expect(await ids(store)).toEqual(['b1', 'b3'])
  await store.close()
})

const damages: readonly [string, (path: string) => void][] = [
  ['the root of the alerts', (path) => spoil(path, rootOf(path, 'alerts') - 1)],
  ['a page in the middle of the bleeps', (path) => spoil(path, rootOf(path, 'bleeps') + 20)],
  ['the list of migrations', (path) => spoil(path, rootOf(path, 'kysely_migration') - 1)],
  ['the header', (path) => spoil(path, 0, -0)],
  ['the second half of the header', (path) => spoil(path, 0, 20)],
  [
    'half of the file',
    (path) => {
      for (let page = 40; page < statSync(path).size / 4096; page += 2) spoil(path, page)
    },
  ],
]
for (const [what, damage] of damages)
  test(`damage to ${what} is set aside, said, and survived`, async () => {
    const path = place()
    await filled(path)
    damage(path)
    const store = await kept(path)
    expect(store.mended()[0]).toMatchObject({ code: 'store-damaged' })
    await add(store, 'new')
    expect(await ids(store)).toContain('new')
    expect(readdirSync(join(path, '..')).some((name) => name.includes('.damaged-'))).toBe(true)
    await store.close()
  })

test('what can be read of a damaged file comes behind, and people’s phones come first', async () => {
  const path = place()
  await filled(path)
  spoil(path, rootOf(path, 'alerts') - 1)
  const store = await kept(path)
  expect(await store.transact((tx) => tx.devices.list())).toHaveLength(1)
  await again(async () => {
    if ((await ids(store)).length < 300) throw new StoreFault('store-busy')
  })
  await store.close()
})

test('damage that shows itself only later is set aside while the daemon runs', async () => {
  const path = place()
  await filled(path)
  const store = await kept(path)
  spoil(path, rootOf(path, 'attempts_alert') - 1)
  await expect(store.transact((tx) => tx.attempts.ofAlert(asId('a')))).rejects.toMatchObject({
    code: 'store-damaged',
  })
  await again(() => add(store, 'new'))
  expect(await ids(store)).toContain('new')
  await store.close()
})

test('documents that are no JSON any more are damage: at a start, and while it runs, and phones come from the second path', async () => {
  const path = place()
  const mirror = place()
  await filled(path)
  copyFileSync(path, mirror)
  const spoilt = (table: string) => {
    const db = new DatabaseSync(path, { timeout: 1000 })
    db.exec(`update ${table} set doc = replace(doc, '{', '[')`)
    db.close()
  }
  spoilt('devices')
  const store = await openKeptSqlite(path, { now: () => NOW, mirror, onMended: () => undefined })
  expect(store.mended()[0]).toMatchObject({ code: 'store-damaged' })
  expect(await store.transact((tx) => tx.devices.list())).toHaveLength(1)
  spoilt('devices')
  await expect(store.transact((tx) => tx.devices.list())).rejects.toMatchObject({ code: 'store-damaged' })
  await again(async () => {
    expect(await store.transact((tx) => tx.devices.list())).toHaveLength(1)
  })
  await add(store, 'new')
  expect(await ids(store)).toContain('new')
  await store.close()
})

test('a file of a newer version is refused by name and left as it is', async () => {
  const path = place()
  await filled(path, 1)
  const db = new DatabaseSync(path)
  db.exec("insert into kysely_migration values ('9999-later', '2030-01-01')")
  db.close()
  await expect(kept(path)).rejects.toMatchObject({ code: 'store-newer' })
  expect(readdirSync(join(path, '..')).some((name) => name.includes('damaged'))).toBe(false)
})

test('a second daemon on one file is refused by name until the first has ended', () => {
  const path = place()
  const letGo = soleUse(path)
  expect(() => soleUse(path)).toThrow(expect.objectContaining({ code: 'store-in-use' }))
  letGo()
  soleUse(path)()
})

test('a bleep whose alert was lost with the damage is raised again, an old one is not', async () => {
  const path = place()
  const store = await openSqlite(path)
  await store.transact(async (tx) => {
    await tx.bleeps.add(aBleep('young', { received: NOW - 1000, stage: 'routed' }))
    await tx.bleeps.add(aBleep('old', { received: NOW - 3_600_000, stage: 'routed' }))
  })
  await store.close()
  spoil(path, rootOf(path, 'alerts') - 1)
  const mended = await kept(path)
  await again(async () => {
    const waiting = await mended.transact((tx) => tx.bleeps.inStage('received', NOW, 10))
    if (waiting.map((b) => b.id).join() !== asId<BleepId>('young')) throw new StoreFault('store-busy')
  })
  await mended.close()
})
