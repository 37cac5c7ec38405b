import { afterEach, expect, test } from 'vitest'
import { openPty, type Pty } from '../../hardware/simulators/pty.ts'
import { espa444Sender } from '../../src/core/line/espa444/sender.ts'
import { serialSettings } from '../../src/core/line/kit/settings.ts'
import { systemClock } from '../../src/io/clock.ts'
import { serialPort } from '../../src/io/line/serial.ts'
import { type FeedBed, feedBed } from '../support/feed-bed.ts'

const clock = systemClock(() => undefined)
const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo()
})

/** A wire whose far end notes every byte that ever comes out of it. */
function wire(): { pty: Pty; heard: number[] } {
  const pty = openPty()
  const heard: number[] = []
  pty.onBytes((bytes) => heard.push(...bytes))
  cleanUp.push(() => pty.close())
  return { pty, heard }
}

function tap(profile: string, ptys: { a: Pty; b?: Pty }, options: Record<string, unknown> = {}): FeedBed {
  const at = (pty: Pty, listenOnly: boolean) =>
    serialPort({ path: pty.path, settings: serialSettings.parse({}), listenOnly }, clock)
  const bed = feedBed(
    profile,
    clock,
    (listenOnly) => ({ a: at(ptys.a, listenOnly), ...(ptys.b && { b: at(ptys.b, listenOnly) }) }),
    options,
  )
  cleanUp.push(() => bed.close())
  return bed
}

/** Noise that holds every byte value, so that whatever provokes an answer is in it. */
const PROVOCATION = Uint8Array.from({ length: 1024 }, (_, i) => (i * 167 + (i >> 3)) & 0xff)

test('an ESPA tap takes the page that the other direction acknowledged, and never writes one byte', async () => {
  const a = wire()
  const b = wire()
  const bed = tap('espa444-tap', { a: a.pty, b: b.pty })
  expect(bed.listensOnly).toBe(true)
  await bed.until(() => bed.seen.opened === 2)
  /** One side speaks, and the other only when it was heard. */
  const say = async (pty: Pty, bytes: Uint8Array): Promise<void> => {
    const before = bed.seen.bytes
    pty.write(bytes)
    await bed.until(() => bed.seen.bytes === before + bytes.length)
  }
  const call = espa444Sender.encode({ callAddress: '2222', displayMessage: 'CARDIAC ARREST WARD 7' })
  if (!call.ok) throw new Error('block')
  const selected = call.value.indexOf(0x01)
  await say(a.pty, PROVOCATION)
  await say(b.pty, PROVOCATION)
  await say(a.pty, Uint8Array.of(0x04, ...call.value.subarray(0, selected)))
  await say(b.pty, Uint8Array.of(0x06))
  await say(a.pty, call.value.subarray(selected, -1))
  await say(b.pty, Uint8Array.of(0x06))
  await bed.until(() => bed.pages.length === 1)
  expect(bed.pages[0]?.text).toBe('CARDIAC ARREST WARD 7')
  for (const port of bed.ports)
    expect(await port.write(Uint8Array.of(0x06))).toMatchObject({ fault: { code: 'line-listen-only' } })
  bed.close()
  expect(a.heard).toEqual([])
  expect(b.heard).toEqual([])
})

test('an encoder link that would be answered is not, once the feed is passive', async () => {
  const { pty, heard } = wire()
  const bed = tap('ascom-line', { a: pty }, { passive: true })
  expect(bed.listensOnly).toBe(true)
  await bed.until(() => bed.seen.opened === 1)
  pty.write(Buffer.from('<123/CALL WARD 7/2/3/1/7/0><bad'))
  await bed.until(() => bed.pages.length === 1)
  pty.write(Buffer.from('><><124/SECOND>'))
  await bed.until(() => bed.pages.length === 2)
  bed.close()
  expect(heard).toEqual([])
})

test('the same link without passive is answered: the tap test would see a byte', async () => {
  const { pty, heard } = wire()
  const bed = tap('ascom-line', { a: pty })
  expect(bed.listensOnly).toBe(false)
  await bed.until(() => bed.seen.opened === 1)
  const answered = new Promise<void>((done) => pty.onBytes(() => done()))
  pty.write(Buffer.from('<123/CALL WARD 7/2/3/1/7/0>'))
  await answered
  expect(heard).toEqual([0x41])
})
