import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { WordKeys } from '../../../src/io/store/word-key.ts'
import { keyFolder } from '../../../src/io/store/word-key-folder.ts'
import { removeFolder } from '../../support/folders.ts'

let folder = ''
const open: WordKeys[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bleepd-keys-'))
})
afterEach(async () => {
  for (const keys of open.splice(0)) await keys.close()
  removeFolder(folder)
})

const own = () => join(folder, 'own')
const also = () => join(folder, 'also')
async function keysOf(more: { siteKey?: string; former?: string[]; now?: number; give?: boolean } = {}) {
  const { siteKey = 'site key', former = [], now = 1e12, give = true } = more
  const keys = await keyFolder({ folder: own(), also: also(), siteKey, former, now }, give)
  open.push(keys)
  return keys
}
const codes = (keys: WordKeys) => keys.troubles().map(({ code }) => code)
const fileIn = (place: string) => join(place, readdirSync(place).find((one) => one.endsWith('.keys')) ?? '')
const keyOf = (keys: WordKeys, name: string) => {
  const key = keys.get(name)
  return typeof key === 'object' ? key.export().toString('hex') : key
}
const fresh = (keys: WordKeys) => {
  const name = keys.fresh()
  if (name === undefined) throw new Error('no key')
  return { name, key: keyOf(keys, name) }
}

test('keys are the same after a restart, never given twice, in files of the owner alone', async () => {
  const keys = await keysOf()
  const given = Array.from({ length: 600 }, () => fresh(keys))
  expect(new Set(given.map(({ key }) => String(key))).size).toBe(600)
  await keys.close()
  const again = await keysOf()
  for (const { name, key } of given) expect(keyOf(again, name)).toEqual(key)
  expect(given.map(({ name }) => name)).not.toContain(fresh(again).name)
  expect(statSync(fileIn(own())).mode & 0o777).toBe(0o600)
  expect(statSync(own()).mode & 0o777).toBe(0o700)
  expect(readFileSync(fileIn(own()))).toEqual(readFileSync(fileIn(also())))
  expect(codes(again)).toEqual([])
})

test('a destroyed key is gone in both places, and does not come back with an older file', async () => {
  const keys = await keysOf()
  const [one, other] = [fresh(keys), fresh(keys)]
  const before = join(folder, 'before')
  copyFileSync(fileIn(own()), before)
  await keys.destroy([one.name])
  expect([keyOf(keys, one.name), keyOf(keys, other.name)]).toEqual(['destroyed', other.key])
  const name = fileIn(own())
  await keys.close()
  copyFileSync(before, name)
  const again = await keysOf()
  expect([keyOf(again, one.name), keyOf(again, other.name)]).toEqual(['destroyed', other.key])
  expect(readFileSync(fileIn(own()))).toEqual(readFileSync(fileIn(also())))
})

test('with the other disk away keys are given and it is told, and nothing counts as destroyed until it is back', async () => {
  writeFileSync(also(), 'no folder')
  const keys = await keysOf()
  const one = fresh(keys)
  expect(codes(keys)).toEqual(['word-keys-short'])
  await expect(keys.destroy([one.name])).rejects.toThrow()
  rmSync(also())
  mkdirSync(also())
  await keys.destroy([one.name])
  expect(codes(keys)).toEqual([])
  expect(readFileSync(fileIn(own()))).toEqual(readFileSync(fileIn(also())))
})

test('another site key takes over what the one before has sealed', async () => {
  const keys = await keysOf()
  const one = fresh(keys)
  await keys.close()
  const turned = await keysOf({ siteKey: 'new', former: ['site key'] })
  expect(keyOf(turned, one.name)).toEqual(one.key)
  await turned.close()
  const later = await keysOf({ siteKey: 'new' })
  expect(keyOf(later, one.name)).toEqual(one.key)
  const old = await keysOf({ siteKey: 'site key', give: false })
  expect(old.get(one.name)).toBeUndefined()
})

test('a file that is gone is brought from the other disk, at start and while we run', async () => {
  const keys = await keysOf()
  const one = fresh(keys)
  await keys.close()
  rmSync(own(), { recursive: true })
  const again = await keysOf()
  expect(keyOf(again, one.name)).toEqual(one.key)
  expect(codes(again)).toEqual([])

  renameSync(fileIn(own()), join(folder, 'moved'))
  rmSync(fileIn(also()))
  expect(codes(again)).toEqual([])
  await expect.poll(() => codes(again)).toEqual(['word-keys-lost'])
  expect(keyOf(again, one.name)).toEqual(one.key)
  await again.destroy([one.name])
  expect(again.get(one.name)).toBe('destroyed')
})

test('keys that are lost are told, and others are given', async () => {
  const keys = await keysOf()
  const one = fresh(keys)
  await keys.close()
  for (const place of [own(), also()]) rmSync(place, { recursive: true })
  const again = await keysOf({ now: 2e12 })
  again.needs([String(keys.store)])
  expect(codes(again)).toEqual(['word-keys-lost'])
  expect(again.get(one.name)).toBeUndefined()
  expect(fresh(again).key).toHaveLength(64)
})

test('whoever only reads makes nothing', async () => {
  const keys = await keysOf({ give: false })
  expect(keys.fresh()).toBeUndefined()
  expect(readdirSync(folder)).toEqual([])
})
