import { expect, test } from 'vitest'
import type { LineEffect, LineInput } from '../../../../src/core/line/kit/protocol.ts'
import { pocsagOptions } from '../../../../src/core/line/pocsag/options.ts'
import { pocsag } from '../../../../src/core/line/pocsag/pocsag.ts'
import {
  encodeTransmission,
  type OutgoingPage,
  placeTransmission,
} from '../../../../src/core/pocsag/encode.ts'

const arrest: OutgoingPage = { ric: 1234560, function: 3, type: 'alpha', text: 'CARDIAC ARREST WARD 7B' }
const bleep: OutgoingPage = { ric: 8, function: 0, type: 'numeric', text: '2222' }

function run(options: unknown, inputs: readonly LineInput[]): LineEffect[] {
  let state = pocsag.start(pocsagOptions.parse(options))
  return inputs.flatMap((input) => {
    const [next, effects] = pocsag.step(state, input)
    state = next
    return effects
  })
}

const pagesIn = (effects: readonly LineEffect[]) => effects.filter((e) => e.kind === 'page')

/** A byte at a time as a line at 1200 bit/s brings them, the first complete at `start` + 8 bits. */
function inRealTime(bits: Uint8Array, start: number): LineInput[] {
  return Array.from(bits, (byte, i) => ({
    kind: 'bytes',
    bytes: Uint8Array.of(byte),
    at: start + ((i + 1) * 8 * 1000) / 1200,
  }))
}

test('a page names its RIC, its words, its positions and when it was on the air', () => {
  const { bits, placed } = placeTransmission([arrest])
  const [effect] = pagesIn(run({}, inRealTime(bits, 10_000)))
  const { addressBit, endBit } = placed[0]!
  expect(effect!.page).toMatchObject({
    to: { scheme: 'ric', ric: 1234560, fn: 3 },
    type: 'alpha',
    text: 'CARDIAC ARREST WARD 7B',
    quality: 'clean',
    corrected: 0,
    radio: { baud: 1200, addressBit, endBit },
  })
  expect(effect!.page.firstByte).toBeCloseTo(10_000 + (addressBit * 1000) / 1200, 3)
  expect(effect!.page.lastByte).toBeCloseTo(10_000 + (endBit * 1000) / 1200, 3)
})

test('bits that come faster than the air carries them are never dated before the portion in front', () => {
  const { bits } = encodeTransmission([arrest])
  const half = bits.length >>> 1
  const effects = run({}, [
    { kind: 'bytes', bytes: bits.subarray(0, half), at: 5000 },
    { kind: 'bytes', bytes: bits.subarray(half), at: 5003 },
  ])
  const { firstByte, lastByte } = pagesIn(effects)[0]!.page
  expect(firstByte).toBeGreaterThanOrEqual(5000)
  expect(lastByte).toBeLessThanOrEqual(5003)
  expect(firstByte).toBeLessThanOrEqual(lastByte)
})

test('a wake-up is asked for while a transmission is open, and silence brings out the page at its end', () => {
  const { bits, placed } = placeTransmission([bleep])
  const cut = bits.subarray(0, placed[0]!.endBit / 8)
  const before = run({}, [{ kind: 'bytes', bytes: cut, at: 1000 }])
  expect(pagesIn(before)).toEqual([])
  expect(before.at(-1)).toEqual({ kind: 'wake', after: 125 })
  const effects = run({ baud: 1200 }, [
    { kind: 'bytes', bytes: cut, at: 1000 },
    { kind: 'silence', at: 1100 },
  ])
  expect(effects).toContainEqual({ kind: 'wake', after: 100 })
  expect(pagesIn(effects).map((e) => [e.page.text, e.page.quality])).toEqual([['2222', 'unterminated']])
})

test('a page that fills its batch is complete when the line hears that nothing follows, and not when it drops there', () => {
  const page: OutgoingPage = { ric: 15, function: 0, type: 'numeric', text: '22221' }
  const { bits } = encodeTransmission([page])
  const heard = (last: LineInput) =>
    pagesIn(run({}, [{ kind: 'bytes', bytes: bits, at: 0 }, last])).map((e) => [e.page.text, e.page.quality])
  expect(heard({ kind: 'closed', at: 500 })).toEqual([['22221', 'unterminated']])
  expect(heard({ kind: 'silence', at: 500 })).toEqual([['22221', 'unterminated']])
  const noise = Uint8Array.from({ length: 16 }, (_, i) => (i * 89) ^ 0x35)
  expect(heard({ kind: 'bytes', bytes: noise, at: 500 })).toEqual([['22221', 'clean']])
})

test('an address no directory holds is for review, one it holds is not', () => {
  const { bits } = encodeTransmission([arrest, bleep])
  const effects = run({ rics: [{ ric: 8 }] }, [{ kind: 'bytes', bytes: bits, at: 0 }])
  expect(pagesIn(effects).map((e) => [e.page.text, e.page.radio?.unknownRic])).toEqual([
    ['CARDIAC ARREST WARD 7B', true],
    ['2222', undefined],
  ])
})

test('the directory says how content reads, by RIC and function', () => {
  const { bits } = encodeTransmission([{ ric: 16, function: 0, type: 'alpha', text: 'Bay 4' }])
  const read = (rics: unknown) =>
    pagesIn(run({ rics }, [{ kind: 'bytes', bytes: bits, at: 0 }])).map((e) => [e.page.type, e.page.text])
  expect(read([{ ric: 16, function: 0, type: 'alpha' }])).toEqual([['alpha', 'Bay 4']])
  expect(read([{ ric: 16, function: 0, type: 'numeric' }])[0]![0]).toBe('numeric')
  expect(read([{ ric: 16, function: 0, type: 'tone' }])).toEqual([['tone', '']])
  expect(read([{ ric: 8, to: 23, type: 'alpha' }])).toEqual([['alpha', 'Bay 4']])
})

test('a better copy improves the page of the first one', () => {
  const { bits, placed } = placeTransmission([arrest], { copies: 2 })
  const [first, second] = placed
  const hit = (word: number, wrong: readonly number[]) => {
    for (const bit of wrong) bits[(word + bit) >>> 3]! ^= 0x80 >>> ((word + bit) & 7)
  }
  hit(first!.addressBit + 64, [4, 9, 15, 22])
  hit(second!.addressBit + 128, [5, 6, 7])
  const pages = pagesIn(run({}, [{ kind: 'bytes', bytes: bits, at: 0 }]))
  expect(pages.map((e) => [e.page.quality, e.page.text, e.improves])).toEqual([
    ['damaged', 'CA\ufffd\ufffd\ufffd\ufffdC ARREST WARD 7B', undefined],
    ['doubtful', 'CARDIAC ARREST WARD 7B', pages[0]!.ref],
  ])
})

test('noise, lost words and lost addresses are kept and counted, not thrown away', () => {
  const { bits, placed } = placeTransmission([arrest])
  for (const bit of [2, 9, 17]) {
    bits[(placed[0]!.addressBit + bit) >>> 3]! ^= 0x80 >>> ((placed[0]!.addressBit + bit) & 7)
  }
  const effects = run({}, [
    { kind: 'bytes', bytes: bits, at: 0 },
    { kind: 'closed', at: 1 },
  ])
  expect(pagesIn(effects)).toEqual([])
  const faults = effects.flatMap((e) => (e.kind === 'discard' ? [e.fault] : []))
  expect(faults).toContain('codeword-bad')
  expect(faults).toContain('address-lost')
})

test('16-bit audio needs its sample rate, and nothing is ever sent', () => {
  expect(pocsagOptions.safeParse({ input: 'pcm16' }).success).toBe(false)
  const options = pocsagOptions.parse({ input: 'pcm16', sampleRate: 22_050 })
  expect(pocsag.listensOnly(options)).toBe(true)
})

test('a line held up anywhere in a transmission loses no page: what is early is mended when the bits go on', () => {
  const long = { ...arrest, text: 'CARDIAC ARREST WARD 7B BED 3, LIFT OUT OF ORDER, USE STAIRS BY X-RAY' }
  const { bits } = encodeTransmission([bleep, long])
  for (let at = 1; at < bits.length; at++) {
    const effects = run({ baud: 1200 }, [
      { kind: 'bytes', bytes: bits.subarray(0, at), at: 1000 },
      { kind: 'silence', at: 1150 },
      { kind: 'bytes', bytes: bits.subarray(at), at: 1400 },
      { kind: 'closed', at: 5000 },
    ])
    const shown = new Map<number, string>()
    for (const { ref, page, improves } of pagesIn(effects)) {
      if (improves !== undefined) shown.delete(improves)
      shown.set(ref, page.text)
    }
    expect([...shown.values()], `held up after byte ${at}`).toEqual(['2222', long.text])
    expect(pagesIn(effects).filter((e) => e.page.quality === 'damaged')).toEqual([])
  }
})

test('a line silent for two seconds has stopped: what comes then is a new transmission', () => {
  const { bits } = encodeTransmission([arrest])
  const effects = run({ baud: 1200 }, [
    { kind: 'bytes', bytes: bits.subarray(0, 100), at: 0 },
    { kind: 'silence', at: 100 },
    { kind: 'silence', at: 2100 },
    { kind: 'bytes', bytes: bits, at: 60_000 },
    { kind: 'closed', at: 61_000 },
  ])
  expect(pagesIn(effects).at(-1)?.page).toMatchObject({ text: arrest.text, quality: 'clean' })
})
