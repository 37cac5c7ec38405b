import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeWorld, type World } from '../chaos/world.ts'

/*
 * The real daemon on one file with a second path (`store.outlast`). Whatever has become of the first file, at a start or
 * while it runs, a page is answered, rings the phone that was enrolled before, and lies in the first file in the end, once.
 */
const ENOSPC = 28
const DAMAGE = 40_000
let world: World
let count = 0
beforeAll(async () => {
  world = await makeWorld('a second path')
})
afterAll(() => world?.close())

const node = () => world.nodes[0] ?? expect.fail('there is a node')
const file = () => world.file ?? expect.fail('it has a file')

/** A page is answered by the line, and rings once. */
async function rings(): Promise<string> {
  const [snpp] = world.senders
  let text = ''
  await expect
    .poll(() => {
      text = `SECOND PATH ${++count} RING ${6000 + count}`
      return snpp?.send(text)
    })
    .toBe('stored')
  await expect.poll(() => world.phone.shown.get(text)?.size).toBe(1)
  return text
}

function devicesIn(path: string): number {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    return Number(db.prepare('select count(*) as n from devices').get()?.n)
  } finally {
    db.close()
  }
}

const bleepsOf = (text: string) => () => {
  try {
    const db = new DatabaseSync(file(), { readOnly: true })
    const row = db.prepare('select count(*) as n from bleeps where instr(doc, ?) > 0').get(text)
    db.close()
    return Number(row?.n)
  } catch {
    return undefined
  }
}

/** In the end it lies in the first file, once, and the daemon says that it is fit. */
async function comesBack(...texts: readonly string[]): Promise<void> {
  for (const text of texts) await expect.poll(bleepsOf(text), { interval: 250 }).toBe(1)
  expect(await node().ready(60_000)).toBe(true)
  for (const text of texts) expect(world.phone.shown.get(text)?.size).toBe(1)
}

test('a start on a full disk pages from the second path, and is on its own file again once there is room', async (ctx) => {
  if (!world.badDisk) return ctx.skip('no C compiler: disks cannot be made to fail')
  await node().kill()
  node().disk(ENOSPC)
  node().start()
  const apart = await rings()
  node().disk(0)
  await comesBack(apart, await rings())
})

test('a disk that fills up while it runs does the same', async (ctx) => {
  if (!world.badDisk) return ctx.skip('no C compiler: disks cannot be made to fail')
  node().disk(ENOSPC)
  const apart = await rings()
  node().disk(0)
  await comesBack(apart, await rings())
})

test('a start with a damaged file sets it aside, and rings a phone that no other copy has', async () => {
  await expect.poll(() => devicesIn(world.own[0] ?? '')).toBe(1)
  await node().kill()
  rmSync(join(world.folder, 'copies'), { recursive: true, force: true })
  const fd = openSync(file(), 'r+')
  writeSync(fd, Buffer.alloc(DAMAGE, 0xa5), 0, DAMAGE, 0)
  closeSync(fd)
  rmSync(`${file()}-wal`, { force: true })
  node().start()
  await comesBack(await rings())
  expect(readdirSync(dirname(file())).some((name) => name.includes('damaged'))).toBe(true)
  expect(devicesIn(file())).toBe(1)
})

test('a file that is deleted or replaced while it runs loses nothing that was answered', async () => {
  const before = await rings()
  for (const part of ['', '-wal', '-shm']) rmSync(file() + part, { force: true })
  const deleted = await rings()
  await comesBack(before, deleted)
  const other = `${file()}.other`
  new DatabaseSync(other).close()
  writeFileSync(other, 'no database of ours')
  renameSync(other, file())
  const replaced = await rings()
  await comesBack(before, deleted, replaced)
  expect(existsSync(file())).toBe(true)
})
