import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CHARSETS, glyphsOf } from '../../src/core/pocsag/code/charset.ts'
import { MAX_PAGE_WORDS } from '../../src/core/pocsag/code/tables.ts'
import { Decoder } from '../../src/core/pocsag/decoder.ts'
import { flipBits } from '../../src/core/pocsag/disturb.ts'
import { encodeTransmission, type OutgoingPage, placeTransmission } from '../../src/core/pocsag/encode.ts'
import type { DecodedPage } from '../../src/core/pocsag/page.ts'
import { Receiver, type ReceiverEvent, type ReceiverOptions } from '../../src/core/pocsag/receiver.ts'
import { seeded } from '../../src/core/seeded.ts'
import { eachAlone, onTheAir, somePage } from '../support/pocsag-traffic.ts'

const seed = 20261122
const usual: ReceiverOptions = {
  input: 'packed',
  baud: 'auto',
  bitOrder: 'msb',
  polarity: 'auto',
  charset: 'us',
  repeatSeconds: 120,
}

const kind = fc.constantFrom('alpha', 'numeric', 'tone')
const traffic = fc.record({ kinds: fc.array(kind, { minLength: 1, maxLength: 6 }), seed: fc.nat() })
const pagesOf = ({ kinds, seed }: { kinds: OutgoingPage['type'][]; seed: number }) => {
  const random = seeded(seed)
  return kinds.map((k) => somePage(k, random))
}

function decode(bits: Uint8Array, bitCount: number): DecodedPage[] {
  const decoder = new Decoder({ baud: 1200, charset: 'us', soft: false, polarity: 'auto' })
  decoder.push(bits, bitCount)
  decoder.end()
  return decoder.take().flatMap((e) => (e.kind === 'page' ? [e.page] : []))
}

const brief = (p: OutgoingPage | DecodedPage) => `${p.ric}/${p.function} ${p.type} ${p.text}`

test('what was encoded is decoded, once each, whatever the frames, the padding and the polarity', () => {
  fc.assert(
    fc.property(
      traffic,
      fc.constantFrom('nul', 'eot', 'eot-repeated'),
      fc.boolean(),
      fc.integer({ min: 32, max: 700 }),
      (day, padding, inverted, preambleBits) => {
        const pages = pagesOf(day)
        const { bits, bitCount } = encodeTransmission(pages, { padding, inverted, preambleBits })
        const got = decode(bits, bitCount)
        expect(got.map(brief).sort()).toEqual(pages.map(brief).sort())
        expect(got.every((p) => p.quality === 'clean')).toBe(true)
      },
    ),
    { seed, numRuns: 200 },
  )
})

test('every text of every charset comes back, at every length', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...CHARSETS),
      fc.nat(),
      fc.integer({ min: 1, max: 120 }),
      (charset, s, length) => {
        const random = seeded(s)
        const printable = glyphsOf(charset).slice(0x20, 0x7f)
        const text = Array.from({ length }, () => printable[Math.floor(random() * printable.length)]!).join(
          '',
        )
        const page = { ric: 1234560 + (s % 8), function: 3, type: 'alpha', text } as const
        const { bits, bitCount } = encodeTransmission([page], { charset })
        const decoder = new Decoder({
          baud: 512,
          charset,
          soft: false,
          polarity: 'auto',
          rules: ['alpha', 'alpha', 'alpha', 'alpha'],
        })
        decoder.push(bits, bitCount)
        decoder.end()
        const texts = decoder.take().flatMap((e) => (e.kind === 'page' ? [e.page.text] : []))
        expect(texts).toEqual([text])
      },
    ),
    { seed, numRuns: 200 },
  )
})

test('one or two wrong bits in every codeword change nothing but the count', () => {
  fc.assert(
    fc.property(traffic, fc.integer({ min: 1, max: 2 }), (day, wrong) => {
      const random = seeded(day.seed)
      const page = somePage(day.kinds[0]!, random)
      const { bits, bitCount, placed } = placeTransmission([page])
      for (let word = 576; word < bitCount; word += 32) {
        const first = Math.floor(random() * 32)
        const second = (first + 1 + Math.floor(random() * 31)) % 32
        for (const bit of wrong === 1 ? [first] : [first, second]) {
          bits[(word + bit) >>> 3]! ^= 0x80 >>> ((word + bit) & 7)
        }
      }
      const got = decode(bits, bitCount)
      expect(got.map(brief)).toEqual([brief(page)])
      const codewords = got[0]!.words.length + 1
      expect(got[0]!.corrected).toBe(codewords * wrong)
      expect(got[0]!.addressBit).toBe(placed[0]!.addressBit)
      expect(got[0]!.endBit).toBe(placed[0]!.endBit)
    }),
    { seed, numRuns: 200 },
  )
})

/** Random bytes, and disturbed traffic, which gets further into the decoder than noise does. */
const anything = fc.oneof(
  fc.uint8Array({ minLength: 0, maxLength: 3000 }),
  fc
    .record({ day: traffic, rate: fc.constantFrom(0, 0.01, 0.05, 0.1, 0.3), drop: fc.nat(40) })
    .map(({ day, rate, drop }) => {
      const random = seeded(day.seed)
      const air = flipBits(onTheAir(eachAlone(pagesOf(day)), random), rate, random)
      // A byte lost on the way is a slip of eight bits.
      return drop === 0 ? air.bits : air.bits.filter((_, i) => i % (97 + drop) !== 96)
    }),
)

test('any bytes in any portions: no throw, and the same pages', () => {
  fc.assert(
    fc.property(
      anything,
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
      fc.constantFrom<Partial<ReceiverOptions>>(
        {},
        { bitOrder: 'lsb' },
        { input: 'oversampled', samplesPerBit: 4 },
        { input: 'oversampled', sampleRate: 9600 },
        { input: 'pcm16', sampleRate: 11_025 },
      ),
      (bytes, portions, options) => {
        const whole = new Receiver({ ...usual, ...options })
        const expected = [...whole.push(bytes), ...whole.end()]
        const pieces = new Receiver({ ...usual, ...options })
        const got: ReceiverEvent[] = []
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = portions[i % portions.length]!
          got.push(...pieces.push(bytes.subarray(at, at + size)))
          at += size
        }
        got.push(...pieces.end())
        const pages = (events: ReceiverEvent[]) =>
          events.filter((e) => e.kind === 'page').map((e) => [e.page.baud, e])
        const byRate = (events: ReceiverEvent[]) => pages(events).sort((a, b) => Number(a[0]) - Number(b[0]))
        expect(byRate(got)).toEqual(byRate(expected))
      },
    ),
    { seed, numRuns: 300 },
  )
})

test('no page is longer than the limit, however long the sender goes on', () => {
  const page = { ric: 8, function: 3, type: 'alpha', text: 'x'.repeat(4000) } as const
  const { bits, bitCount } = encodeTransmission([page])
  const got = decode(bits, bitCount)
  expect(got.map((p) => [p.quality, p.words.length])).toEqual([['damaged', MAX_PAGE_WORDS]])
})

test('every page is out within 32 bits of its end; 64 where a batch ends with it and another follows', () => {
  fc.assert(
    fc.property(traffic, fc.constantFrom(0, 0.002), (day, rate) => {
      const random = seeded(day.seed)
      const sent = flipBits(encodeTransmission(pagesOf(day)), rate, random)
      for (const page of decode(sent.bits, sent.bitCount)) {
        const endsBatch = (page.endBit - 576) % 544 === 0
        expect(page.emittedBit - page.endBit).toBeLessThanOrEqual(endsBatch ? 64 : 32)
        expect(page.emittedBit).toBeGreaterThanOrEqual(page.endBit)
      }
    }),
    { seed, numRuns: 300 },
  )
})

test('a page alone in its transmission is out within 32 bits, at its end where its fill shows it', () => {
  fc.assert(
    fc.property(fc.nat(), kind, fc.constantFrom('nul', 'eot'), (s, type, padding) => {
      const page = somePage(type, seeded(s))
      const { bits, bitCount } = encodeTransmission([page], { padding })
      const [got] = decode(bits, bitCount)
      const room = (20 - ((page.text.length * 7) % 20)) % 20
      const shown = type === 'alpha' && room >= 7
      expect(got!.emittedBit - got!.endBit).toBeLessThanOrEqual(shown ? 0 : 32)
    }),
    { seed, numRuns: 300 },
  )
})
