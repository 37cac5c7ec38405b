import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rollingCapture, sweepCaptures } from '../../src/io/line/capture.ts'
import { captureEraser } from '../../src/io/line/capture-forget.ts'
import { parseCaptureLine } from '../../src/io/line/capture-format.ts'
import { captureReader } from '../../src/io/line/capture-read.ts'
import { replayPort } from '../../src/io/line/replay.ts'
import { captureKeys } from '../../src/io/store/capture-keys.ts'
import type { WordKeys } from '../../src/io/store/word-key.ts'
import { keyFolder } from '../../src/io/store/word-key-folder.ts'
import type { CaptureKeys } from '../../src/ports/capture.ts'
import { removeFolder } from '../support/folders.ts'
import { Heard } from '../support/heard.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const START = Date.UTC(2026, 10, 22, 3, 0, 0)
let folder = ''
let words: WordKeys
let keys: CaptureKeys
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bleepd-capture-'))
  words = await keyFolder({ folder: join(folder, 'keys'), siteKey: 's', former: [], now: START }, true)
  const found = captureKeys(words)
  if (found === undefined) throw new Error('no keys')
  keys = found
})
afterEach(async () => {
  await words.close()
  removeFolder(folder)
})

const captures = () => join(folder, 'captures')
const files = () => readdirSync(captures()).map((name) => join(captures(), name))
const lines = (path = files()[0] ?? '') =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => parseCaptureLine(text))
const EVER = [{ feed: 'air', from: 0, to: Number.MAX_SAFE_INTEGER }]
const texts = async (at = captures()) =>
  (await captureReader(at, keys)(EVER)).map(({ bytes }) => Buffer.from(bytes, 'hex').toString())

async function capture(heard: readonly (readonly [number, string])[], by = keys, onFault = () => {}) {
  const rolling = rollingCapture(
    { folder: captures(), feed: 'air', maxBytes: 400_000, segmentBytes: 100_000, keys: by },
    onFault,
  )
  for (const [after, text] of heard) rolling.bytes('in', 'a', Buffer.from(text), START + after)
  await rolling.close()
  return rolling
}

test('sealed: nothing to be read without the keys, neither as letters nor as digits, and all of it with them', async () => {
  await capture([
    [0, 'MR ZEBEDEE'],
    [100, ' WARD 7B'],
    [65_000, 'MRS BROWN'],
  ])
  const bytes = readFileSync(files()[0] ?? '', 'utf8')
  for (const hidden of ['ZEBEDEE', Buffer.from('ZEBEDEE').toString('hex')])
    expect(bytes).not.toContain(hidden)
  expect(await texts()).toEqual(['MR ZEBEDEE', ' WARD 7B', 'MRS BROWN'])
  expect(await captureReader(captures())(EVER)).toEqual([])
  const names = lines().map((line) => line && 'key' in line && line.key.trim())
  expect(names[0]).toBe(names[1])
  expect(names[2]).not.toBe(names[0])
})

test('a key lasts a minute', async () => {
  await capture(Array.from({ length: 300 }, (_, i) => [i * 500, 'POLL'] as const))
  const names = new Set(lines().map((line) => line && 'key' in line && line.key))
  expect(names.size).toBe(3)
})

test('what is erased is gone here and from a copy that was carried away; what was heard beside it stays', async () => {
  await capture([
    [0, 'MRS BROWN'],
    [900, 'MR ZEBEDEE'],
    [1800, 'MR GREEN'],
    [90_000, 'LATER'],
  ])
  const aside = join(folder, 'aside')
  mkdirSync(aside)
  for (const path of files()) copyFileSync(path, join(aside, path.split('/').at(-1) ?? ''))
  const sizes = () => files().map((path) => readFileSync(path).length)
  const before = sizes()
  const span = [{ feed: 'air', from: START + 850, to: START + 1000 }]
  const gone = await captureEraser(captures(), keys).forget(span)
  expect(gone).toHaveLength(1)
  expect(sizes()).toEqual(before)
  await words.destroy(gone)
  expect(await texts()).toEqual(['MRS BROWN', 'MR GREEN', 'LATER'])
  // In the copy the whole minute is gone: its key was one.
  expect(await texts(aside)).toEqual(['LATER'])
  // Done again, after a stop between the two, it names the same key and changes nothing.
  expect(await captureEraser(captures(), keys).forget(span)).toEqual(gone)
  expect(await texts()).toEqual(['MRS BROWN', 'MR GREEN', 'LATER'])
})

test('two bleeps of one minute are erased one after the other', async () => {
  await capture([
    [0, 'MRS BROWN'],
    [500, 'MR ZEBEDEE'],
  ])
  for (const [from, to] of [
    [400, 600],
    [0, 100],
  ] as const) {
    const gone = await captureEraser(captures(), keys).forget([
      { feed: 'air', from: START + from, to: START + to },
    ])
    expect(gone).toHaveLength(1)
    await words.destroy(gone)
  }
  expect(await texts()).toEqual([])
})

test('where no key can be had nothing is written rather than in the clear, and that is told', async () => {
  let faults = 0
  const none: CaptureKeys = { ...keys, fresh: () => undefined }
  const rolling = await capture([[0, 'MR ZEBEDEE']], none, () => (faults += 1))
  expect(rolling.failing?.()).toBe('capture-unwritable')
  expect(faults).toBe(1)
})

test('keys run out for a while: the one of before goes on', async () => {
  let left = 1
  const few: CaptureKeys = { ...keys, fresh: () => (left-- > 0 ? keys.fresh() : undefined) }
  await capture(
    [
      [0, 'ONE'],
      [90_000, 'TWO'],
    ],
    few,
  )
  expect(await texts()).toEqual(['ONE', 'TWO'])
})

test('a key that is destroyed within its minute is followed by another at once', async () => {
  const faults: number[] = []
  const rolling = rollingCapture(
    { folder: captures(), feed: 'air', maxBytes: 400_000, segmentBytes: 100_000, keys },
    () => faults.push(1),
  )
  rolling.bytes('in', 'a', Buffer.from('ONE'), START)
  await expect.poll(() => files().length && readFileSync(files()[0] ?? '', 'utf8')).toContain('sealed')
  const [line] = lines()
  await words.destroy(line && 'key' in line ? [line.key.trim()] : [])
  rolling.bytes('in', 'a', Buffer.from('TWO'), START + 100)
  await rolling.close()
  expect(await texts()).toEqual(['TWO'])
  expect(faults).toEqual([])
})

test('with its keep time a capture takes its keys along', async () => {
  await capture([
    [0, 'ONE'],
    [65_000, 'TWO'],
  ])
  const told: string[] = []
  expect(await sweepCaptures(captures(), Date.now() + 1000, async (names) => void told.push(...names))).toBe(
    1,
  )
  expect(new Set(told).size).toBe(2)
})

test('a sealed capture is not played as if it were a line', async () => {
  await capture([[0, 'ONE']])
  const clock = new VirtualClock(START)
  const heard = new Heard()
  replayPort({ file: files()[0] ?? '', pace: 'fast' }, clock).open(heard.on)
  clock.advance(1000)
  expect(heard.ending()).toBe('capture-unreadable')
})
