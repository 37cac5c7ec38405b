import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { rollingCapture, sweepCaptures } from '../../src/io/line/capture.ts'
import { parseCaptureLine } from '../../src/io/line/capture-format.ts'
import { replayPort } from '../../src/io/line/replay.ts'
import { removeFolder } from '../support/folders.ts'
import { Heard } from '../support/heard.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bleepd-capture-'))
})
afterEach(() => removeFolder(folder))

const SPEC = { feed: 'encoder', maxBytes: 4000, segmentBytes: 1000 }
const START = Date.UTC(2026, 10, 22, 3, 0, 0)

const segments = (in_ = folder) => readdirSync(in_).sort()

test('what was heard and written comes back as it was, with its times', async () => {
  const capture = rollingCapture({ ...SPEC, folder }, () => undefined)
  capture.event('opened', 'a', START)
  capture.bytes('in', 'a', Uint8Array.of(0, 1, 0xff), START + 10.5)
  capture.bytes('out', 'a', Uint8Array.of(6), START + 11)
  capture.bytes('in', 'b', Uint8Array.of(9), START + 12)
  await capture.close()
  const [name] = segments()
  expect(name).toBe('encoder.2026-11-22T030000000Z.capture.jsonl')
  const file = join(folder, name ?? '')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8').trimEnd().split('\n').map(parseCaptureLine)).toEqual([
    { at: START, wire: 'a', event: 'opened' },
    { at: START + 10.5, wire: 'a', in: '0001ff' },
    { at: START + 11, wire: 'a', out: '06' },
    { at: START + 12, wire: 'b', in: '09' },
  ])
})

test('the bound on disk holds, the oldest goes, other feeds and files are left alone', async () => {
  writeFileSync(join(folder, 'other.2020-01-01T000000000Z.capture.jsonl'), 'x'.repeat(5000))
  writeFileSync(join(folder, 'notes.txt'), 'keep')
  for (let run = 0; run < 4; run++) {
    // A restart goes on from the files of the run before.
    const capture = rollingCapture({ ...SPEC, folder }, () => undefined)
    for (let i = 0; i < 60; i++)
      capture.bytes('in', 'a', new Uint8Array(20), START + run * 100_000 + i * 1000)
    await capture.close()
  }
  const mine = segments().filter((name) => name.startsWith('encoder.'))
  const total = mine.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  expect(total).toBeLessThanOrEqual(SPEC.maxBytes + 200)
  expect(mine.length).toBeGreaterThan(1)
  // The newest bytes are there.
  expect(readFileSync(join(folder, mine.at(-1) ?? ''), 'utf8')).toContain(String(START + 359_000))
  expect(segments()).toContain('other.2020-01-01T000000000Z.capture.jsonl')
  expect(segments()).toContain('notes.txt')
})

describe('what an open alert needs', () => {
  const run = async (needed: () => number) => {
    const capture = rollingCapture({ ...SPEC, folder, needed }, () => undefined)
    for (let i = 0; i < 400; i++) capture.bytes('in', 'a', new Uint8Array(20), START + i * 1000)
    await capture.close()
    const files = segments()
    const total = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
    return { total, text: files.map((name) => readFileSync(join(folder, name), 'utf8')).join('') }
  }
  const heardAt = (seconds: number) => `"at":${START + seconds * 1000},`

  test('stays beyond the bound, and goes once the alert is over', async () => {
    const kept = await run(() => START + 330_000)
    expect(kept.text).toContain(heardAt(330))
    expect(kept.total).toBeLessThanOrEqual(SPEC.maxBytes * 2 + 200)
    const capture = rollingCapture({ ...SPEC, folder }, () => undefined)
    capture.bytes('in', 'a', Uint8Array.of(1), START + 900_000)
    await capture.close()
    const total = segments().reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
    expect(total).toBeLessThanOrEqual(SPEC.maxBytes + 200)
  })

  test('fills twice the bound at most, however long the alert is open', async () => {
    const kept = await run(() => START)
    expect(kept.text).not.toContain(heardAt(0))
    expect(kept.text).toContain(heardAt(399))
    expect(kept.total).toBeGreaterThan(SPEC.maxBytes)
    expect(kept.total).toBeLessThanOrEqual(SPEC.maxBytes * 2 + 200)
  })

  test('is all there is while nobody knows yet what is open; what earlier runs left is looked at too', async () => {
    await run(() => Number.NEGATIVE_INFINITY)
    const [oldest = ''] = segments()
    const capture = rollingCapture({ ...SPEC, folder, needed: () => START + 340_000 }, () => undefined)
    capture.bytes('in', 'a', Uint8Array.of(1), START + 900_000)
    await capture.close()
    expect(segments()).not.toContain(oldest)
    const text = segments().map((name) => readFileSync(join(folder, name), 'utf8'))
    expect(text.join('')).toContain(heardAt(340))
  })
})

test('a folder that cannot be written costs the capture, not the line, and is tried again later', async () => {
  const blocked = join(folder, 'file')
  writeFileSync(blocked, '')
  const faults: string[] = []
  const capture = rollingCapture({ ...SPEC, folder: join(blocked, 'sub') }, (f) => faults.push(f.code))
  for (let i = 0; i < 100; i++) capture.bytes('in', 'a', Uint8Array.of(1), START + i)
  expect(faults).toEqual(['capture-unwritable'])
  rmSync(blocked)
  capture.bytes('in', 'a', Uint8Array.of(2), START + 29_999)
  capture.bytes('in', 'a', Uint8Array.of(3), START + 30_000)
  await capture.close()
  expect(faults).toEqual(['capture-unwritable'])
  const [name] = segments(join(blocked, 'sub'))
  expect(readFileSync(join(blocked, 'sub', name ?? ''), 'utf8')).toBe(
    `{"at":${START + 30_000},"wire":"a","in":"03"}\n`,
  )
})

async function play(file: string, pace: 'original' | 'fast', wire?: 'a' | 'b') {
  const clock = new VirtualClock(0)
  const heard = new Heard()
  replayPort({ file, pace, ...(wire && { wire }) }, clock).open(heard.on)
  expect(heard.events).toEqual([])
  clock.advance(3_600_000)
  return heard.events.map((e) =>
    e.kind === 'bytes'
      ? `${e.at} ${Buffer.from(e.bytes).toString('hex')}`
      : `${e.at} ${e.kind}${'fault' in e && typeof e.fault === 'object' ? ` ${e.fault.code}` : ''}`,
  )
}

test('a capture that cannot be written says so until it is, and one that somebody took away is begun anew', async () => {
  const at = join(folder, 'captures')
  writeFileSync(at, 'a file where the folder should be')
  const faults: string[] = []
  const capture = rollingCapture({ ...SPEC, folder: at }, ({ code }) => faults.push(code))
  const heard = (after: number) => capture.bytes('in', 'a', Uint8Array.of(1), START + after)
  expect(capture.failing?.()).toBeUndefined()
  heard(0)
  expect([capture.failing?.(), faults]).toEqual(['capture-unwritable', ['capture-unwritable']])
  rmSync(at)
  heard(10_000)
  expect(capture.failing?.()).toBe('capture-unwritable')
  heard(31_000)
  await vi.waitFor(() => expect(capture.failing?.()).toBeUndefined())
  removeFolder(at)
  heard(70_000)
  await capture.close()
  expect(segments(at)).toHaveLength(1)
})

test('a replay keeps the pauses of the capture, or none', async () => {
  const file = join(folder, 'x.capture.jsonl')
  const line = (at: number, rest: object) => `${JSON.stringify({ at, wire: 'a', ...rest })}\n`
  writeFileSync(
    file,
    line(START, { event: 'opened' }) +
      line(START + 100, { in: '41' }) +
      line(START + 150, { out: '06' }) +
      `${JSON.stringify({ at: START + 160, wire: 'b', in: '99' })}\n` +
      line(START + 2100, { in: '4243' }) +
      '{"at":1,"wire":"a","in":"4',
  )
  expect(await play(file, 'original')).toEqual(['0 opened', '0 41', '2000 4243', '2000 closed'])
  expect(await play(file, 'fast')).toEqual(['0 opened', '0 41', '0 4243', '0 closed'])
  expect(await play(file, 'original', 'b')).toEqual(['0 opened', '0 99', '0 closed'])
})

test('raw bytes play in pieces; a file that is not there, or no capture, says so', async () => {
  const raw = join(folder, 'raw.bin')
  writeFileSync(raw, Buffer.alloc(300, 0x55))
  expect((await play(raw, 'fast')).map((e) => e.length)).toEqual([8, 514, 90, 8])
  expect(await play(join(folder, 'none'), 'fast')).toEqual(['0 closed capture-unreadable'])
  const fake = join(folder, 'fake.capture.jsonl')
  writeFileSync(fake, 'hello\n')
  expect(await play(fake, 'fast')).toEqual(['0 closed capture-unreadable'])
})

test('nothing can be written into a replay, and closing it leaves no timer', async () => {
  const clock = new VirtualClock(0)
  const raw = join(folder, 'raw.bin')
  writeFileSync(raw, Buffer.alloc(10_000, 0x55))
  const heard = new Heard()
  const link = replayPort({ file: raw, pace: 'fast' }, clock).open(heard.on)
  expect(await link.write(Uint8Array.of(6))).toMatchObject({ fault: { code: 'line-listen-only' } })
  link.close()
  link.close()
  clock.advance(10)
  expect(heard.kinds()).toEqual(['closed'])
  expect(clock.pending).toBe(0)
})

test('a segment is closed after a day, so that words of a quiet line go by age like those of a busy one', async () => {
  const capture = rollingCapture({ ...SPEC, folder }, () => undefined)
  const DAY = 86_400_000
  for (const at of [0, DAY - 1, DAY, 3 * DAY]) capture.bytes('in', 'a', Uint8Array.of(1), START + at)
  await capture.close()
  expect(segments()).toEqual([
    'encoder.2026-11-22T030000000Z.capture.jsonl',
    'encoder.2026-11-23T030000000Z.capture.jsonl',
    'encoder.2026-11-25T030000000Z.capture.jsonl',
  ])
})

test('captures of every feed last written before an instant are swept, and nothing else', async () => {
  const old = (name: string, at: number) => {
    writeFileSync(join(folder, name), 'x')
    utimesSync(join(folder, name), new Date(at), new Date(at))
  }
  old('a.1.capture.jsonl', START - 2)
  old('b.1.capture.jsonl', START - 1)
  old('b.2.capture.jsonl', START)
  old('notes.txt', START - 9)
  expect(await sweepCaptures(folder, START)).toBe(2)
  expect(segments()).toEqual(['b.2.capture.jsonl', 'notes.txt'])
  expect(await sweepCaptures(join(folder, 'nowhere'), START)).toBe(0)
})
