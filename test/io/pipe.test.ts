import { execFileSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, type WriteStream, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { toAudio } from '../../src/core/pocsag/audio.ts'
import { encodeTransmission } from '../../src/core/pocsag/encode.ts'
import { systemClock } from '../../src/io/clock.ts'
import { pipePort } from '../../src/io/line/pipe.ts'
import { feedBed } from '../support/feed-bed.ts'
import { removeFolder } from '../support/folders.ts'
import { Heard } from '../support/heard.ts'

const clock = systemClock(() => undefined)
const folder = mkdtempSync(join(tmpdir(), 'bleep-pipe-'))
const cleanUp: (() => void)[] = [() => removeFolder(folder)]
let files = 0
afterEach(() => {
  for (const undo of cleanUp.splice(1)) undo()
})

function aPipe(): string {
  const path = join(folder, `pipe-${files++}`)
  execFileSync('mkfifo', [path])
  return path
}

/** A receiver program that writes into the pipe; it waits until somebody reads. */
function receiver(path: string): WriteStream {
  const stream = createWriteStream(path)
  stream.on('error', () => undefined)
  cleanUp.push(() => stream.destroy())
  return stream
}

function listen(path: string) {
  const heard = new Heard()
  const link = pipePort(path, clock).open(heard.on)
  cleanUp.push(() => link.close())
  return { heard, link }
}

test('nothing there, and something that is no pipe, are told', async () => {
  const absent = listen(join(folder, 'absent')).heard
  await absent.untilKind('closed')
  expect(absent.ending()).toBe('port-absent')
  const path = join(folder, 'file')
  writeFileSync(path, 'words')
  const file = listen(path).heard
  await file.untilKind('closed')
  expect(file.ending()).toBe('port-not-pipe')
  expect(file.bytes).toEqual([])
})

test('a pipe that nobody feeds is told, and not taken for a line', async () => {
  const { heard } = listen(aPipe())
  await heard.untilKind('closed')
  expect(heard.kinds()).toEqual(['closed'])
  expect(heard.ending()).toBe('pipe-unfed')
})

test('what a receiver writes is heard, and its end is the end of the link', async () => {
  const path = aPipe()
  const program = receiver(path)
  program.write('ONE')
  let heard = new Heard()
  // Whoever looks before the program has opened the pipe looks again.
  while (!heard.kinds().includes('opened')) {
    heard = listen(path).heard
    await heard.until(() => heard.events.length > 0)
  }
  await heard.until(() => heard.bytes.length === 3)
  program.end('TWO')
  await heard.untilKind('closed')
  expect(Buffer.from(heard.bytes).toString()).toBe('ONETWO')
  expect(heard.kinds().filter((k) => k !== 'bytes')).toEqual(['opened', 'closed'])
  expect(heard.ending()).toBe('peer-closed')
})

test('may be closed before it has opened, and is never written to', async () => {
  const { heard, link } = listen(aPipe())
  link.close()
  await heard.untilKind('closed')
  expect(heard.ending()).toBe('closed')
  expect(await link.write(Uint8Array.of(6))).toMatchObject({ ok: false, fault: { code: 'line-listen-only' } })
})

test('a receiver’s audio is pages; one that dies in the middle of a sample does not spoil what the next one says', async () => {
  const path = aPipe()
  const bed = feedBed('pocsag-pcm', clock, () => ({ a: pipePort(path, clock) }))
  cleanUp.push(() => bed.close())
  const audio = (text: string) => {
    const bits = encodeTransmission([{ ric: 1234560, function: 3, type: 'alpha', text }])
    return new Uint8Array(toAudio(bits, 1200, 22_050).buffer)
  }
  const first = receiver(path)
  first.write(audio('WARD 7B'))
  await bed.until(() => bed.pages.length === 1)
  first.end(Uint8Array.of(1))
  await bed.until(() => bed.faults.includes('raised peer-closed'))
  const second = receiver(path)
  second.write(audio('WARD 12'))
  second.write(new Uint8Array(22_050))
  await bed.until(() => bed.pages.length === 2)
  expect(bed.pages.map((p) => p.text)).toEqual(['WARD 7B', 'WARD 12'])
  second.end()
})
