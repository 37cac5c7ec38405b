import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../../src/core/instant.ts'
import {
  type Ear,
  type Hearing,
  hearBytes,
  hearOpened,
  hearRecord,
  hearSound,
  hearStepped,
  hearUnread,
  hearValid,
  isUnfit,
  judgeHearing,
  startHearing,
} from '../../../src/core/line/hearing.ts'

const WIRE: Ear = { bits: false, guesses: false, quietAfter: 0 }
const SOUND: Ear = { bits: true, sample: 2, guesses: false, quietAfter: 0 }

/** A second of sound or of bytes, every second until `to`. */
function flow(h: Hearing, from: number, to: number, second: (i: number) => Uint8Array): void {
  for (let at = from; at < to; at += SECOND) hearBytes(h, second(at), at)
}
const zeros = () => new Uint8Array(4410)
const noise = (seed: number) => Uint8Array.from({ length: 4410 }, (_, i) => (i * 7919 + seed * 104729) % 251)

test.each([HOUR, -HOUR])('a clock that is set by %i ms makes no silence longer or shorter', (by) => {
  const h = startHearing(WIRE, 0)
  hearOpened(h, 0)
  hearStepped(h, by, 9 * MINUTE + by, 10 * MINUTE + by)
  expect(judgeHearing(h, true, 14 * MINUTE + by)).toEqual([])
  expect(judgeHearing(h, true, 15 * MINUTE + by)).toEqual(['line-unheard'])
  // What was heard between the step and the look has its time from the clock as it is now.
  const fresh = startHearing(WIRE, 0)
  hearOpened(fresh, 9.5 * MINUTE + by)
  hearStepped(fresh, by, 9 * MINUTE + by, 10 * MINUTE + by)
  expect(fresh.opened).toBe(9.5 * MINUTE + by)
})

describe('a line of records', () => {
  test('is not heard yet after a quarter of an hour, well once something valid came', () => {
    const h = startHearing(WIRE, 0)
    hearOpened(h, 0)
    expect(judgeHearing(h, true, 14 * MINUTE)).toEqual([])
    expect(judgeHearing(h, true, 15 * MINUTE)).toEqual(['line-unheard'])
    expect(judgeHearing(h, false, 15 * MINUTE)).toEqual([])
    hearValid(h, 16 * MINUTE)
    expect(judgeHearing(h, true, 60 * MINUTE)).toEqual([])
  })

  test('bytes for five minutes with nothing valid among them are a fault, whatever was heard before', () => {
    const h = startHearing(WIRE, 0)
    hearOpened(h, 0)
    hearValid(h, SECOND)
    flow(h, 10 * SECOND, 5 * MINUTE, () => new Uint8Array(20))
    expect(judgeHearing(h, true, 5 * MINUTE)).toEqual([])
    expect(judgeHearing(h, true, 5 * MINUTE + 10 * SECOND)).toEqual(['nothing-valid'])
    hearValid(h, 6 * MINUTE)
    expect(judgeHearing(h, true, 6 * MINUTE)).toEqual([])
  })

  test('lines that the profile knows as noise are no sign of a fault', () => {
    const h = startHearing(WIRE, 0)
    hearOpened(h, 0)
    for (let at = 0; at < 10 * MINUTE; at += SECOND) {
      hearBytes(h, new Uint8Array(80), at)
      hearRecord(h, true)
    }
    expect(judgeHearing(h, true, 10 * MINUTE)).toEqual([])
  })

  test('a profile that most lines do not fit says so, and fits again after as many that do', () => {
    const h = startHearing(WIRE, 0)
    for (let i = 0; i < 7; i++) hearRecord(h, false)
    expect(isUnfit(h)).toBe(false)
    hearRecord(h, false)
    expect(judgeHearing(h, true, 1)).toEqual(['profile-unfit'])
    for (let i = 0; i < 8; i++) hearRecord(h, true)
    expect(judgeHearing(h, true, 1)).toEqual([])
  })

  test('the habits of the line tell when it is overdue, until it speaks', () => {
    const h = startHearing(WIRE, 0)
    hearOpened(h, 0)
    h.overdue = true
    expect(judgeHearing(h, true, 1)).toEqual(['line-quiet'])
    hearValid(h, 2)
    expect(judgeHearing(h, true, 3)).toEqual([])
  })
})

describe('a receiver', () => {
  test('that gives the same sample for ten seconds is dead, however the stream is cut', () => {
    for (const odd of [0, 1]) {
      const h = startHearing(SOUND, 0)
      hearOpened(h, 0)
      flow(h, 0, 10 * SECOND, () => new Uint8Array(4410 + odd).fill(0x80))
      expect(judgeHearing(h, true, 9 * SECOND)).toEqual([])
      expect(judgeHearing(h, true, 10 * SECOND)).toEqual(['signal-flat'])
      hearBytes(h, noise(1), 11 * SECOND)
      expect(judgeHearing(h, true, 11 * SECOND)).toEqual([])
    }
  })

  test('that moves its last bit only is dead too, and one channel of two as well, however the stream is cut', () => {
    const lsb = (i: number) => (((i * 7919) % 13) % 3) - 1
    for (const odd of [0, 1, 3]) {
      const h = startHearing(SOUND, 0)
      hearOpened(h, 0)
      const dithered = new Uint8Array(Int16Array.from({ length: 60_000 }, (_, i) => 4660 + lsb(i)).buffer)
      const half = new Int16Array(60_000).map((_, i) => (i % 2 === 0 ? lsb(i) : ((i * 7919) % 251) * 101))
      for (let at = 0, from = 0; from < dithered.length; from += 4410 + odd, at += SECOND)
        hearBytes(h, dithered.subarray(from, from + 4410 + odd), at)
      expect(judgeHearing(h, true, 28 * SECOND)).toEqual(['signal-flat'])
      const stereo = startHearing(SOUND, 0)
      for (let from = 0; from < 120_000; from += 882 + odd)
        hearBytes(stereo, new Uint8Array(half.buffer).subarray(from, from + 882 + odd), from / 44)
      expect(judgeHearing(stereo, true, 3000)).toEqual(['signal-stereo'])
    }
  })

  test('that gives noise is told after a quarter of an hour without a page, or after the time the site has set', () => {
    const h = startHearing(SOUND, 0)
    hearOpened(h, 0)
    flow(h, 0, 15 * MINUTE, noise)
    expect(judgeHearing(h, true, 15 * MINUTE)).toEqual(['nothing-valid'])
    const set = startHearing({ ...SOUND, quietAfter: 6 * SECOND }, 0)
    hearOpened(set, 0)
    flow(set, 0, 6 * SECOND, noise)
    expect(judgeHearing(set, true, 6 * SECOND)).toEqual(['line-quiet'])
  })

  test('that brought pages may be quiet through a night: its own habits tell how long', () => {
    const h = startHearing(SOUND, 0)
    hearOpened(h, 0)
    hearValid(h, SECOND)
    flow(h, 2 * SECOND, 20 * MINUTE, noise)
    expect(judgeHearing(h, true, 20 * MINUTE)).toEqual([])
  })

  test('that sends one sound on two channels is told, and one that goes over to a single channel is well', () => {
    const h = startHearing(SOUND, 0)
    hearOpened(h, 0)
    let seed = 7
    const sample = () => {
      seed = (seed * 48271) % 2147483647
      return seed & 0xffff
    }
    const single = () => new Uint8Array(Uint16Array.from({ length: 1024 }, sample).buffer)
    const twice = (): Uint8Array => {
      const words = new Uint16Array(1024)
      for (let i = 0; i < words.length; i += 2) words[i] = words[i + 1] = sample()
      return new Uint8Array(words.buffer)
    }
    for (let i = 0; i < 50; i++) hearBytes(h, twice(), i * 50)
    expect(judgeHearing(h, true, 2500)).toEqual(['signal-stereo'])
    for (let i = 0; i < 50; i++) hearBytes(h, single(), 2500 + i * 50)
    expect(judgeHearing(h, true, 5000)).toEqual([])
  })

  test('that fills one channel of two is told as stereo too, wherever the stream is cut', () => {
    for (const cut of [0, 1, 2, 3]) {
      const h = startHearing(SOUND, 0)
      hearOpened(h, 0)
      for (let i = 0; i < 50; i++) {
        const sound = noise(i)
        hearBytes(
          h,
          sound.map((byte, at) => ((at + cut) % 4 < 2 ? byte : 0)),
          i * 50,
        )
      }
      expect(judgeHearing(h, true, 2500)).toEqual(['signal-stereo'])
    }
  })

  test.each([
    ['signal-rate', 'preamble-other-rate', 2],
    ['signal-inverted', 'sync-upside-down', 2],
    ['signal-bent', 'preamble-heard', 4],
  ] as const)(
    'whose transmissions nobody can read is told by %s until one is sound',
    (fault, note, times) => {
      const h = startHearing(SOUND, 0)
      hearOpened(h, 0)
      for (let i = 1; i < times; i++) hearUnread(h, note)
      expect(judgeHearing(h, true, SECOND)).toEqual([])
      hearUnread(h, note)
      expect(judgeHearing(h, true, SECOND)).toEqual([fault])
      hearUnread(h, 'transmission-end')
      expect(judgeHearing(h, true, SECOND)).toEqual([fault])
      hearSound(h)
      expect(judgeHearing(h, true, SECOND)).toEqual([])
    },
  )

  test('that mutes between transmissions is not dead once it has shown that twice', () => {
    const h = startHearing(SOUND, 0)
    hearOpened(h, 0)
    for (const start of [0, MINUTE, 2 * MINUTE]) {
      flow(h, start, start + 20 * SECOND, zeros)
      expect(judgeHearing(h, true, start + 20 * SECOND)).toEqual(start < 2 * MINUTE ? ['signal-flat'] : [])
      hearValid(h, start + 20 * SECOND)
      hearBytes(h, noise(1), start + 21 * SECOND)
    }
  })
})
