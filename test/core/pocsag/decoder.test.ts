import { describe, expect, test } from 'vitest'
import { addressWord } from '../../../src/core/pocsag/code/codeword.ts'
import { IDLE } from '../../../src/core/pocsag/code/tables.ts'
import { Decoder, type DecoderOptions } from '../../../src/core/pocsag/decoder.ts'
import { RicDirectory } from '../../../src/core/pocsag/directory.ts'
import { flipBits } from '../../../src/core/pocsag/disturb.ts'
import { encodeTransmission, type OutgoingPage, placeTransmission } from '../../../src/core/pocsag/encode.ts'
import type { DecoderEvent } from '../../../src/core/pocsag/events.ts'
import type { DecodedPage } from '../../../src/core/pocsag/page.ts'
import { seeded } from '../../../src/core/seeded.ts'
import { pack, repeat, unpack } from '../../support/bits.ts'
import { aDayOfPages, somePage } from '../../support/pocsag-traffic.ts'

const long: OutgoingPage = {
  ric: 1234560,
  function: 3,
  type: 'alpha',
  text: 'Trauma call, resus bay 2, adult pedestrian, ETA 8 min. Trauma team to ED now, massive haemorrhage pack requested.',
}
const bleep: OutgoingPage = { ric: 4004, function: 0, type: 'numeric', text: '2222' }

function decode(row: readonly number[], options: Partial<DecoderOptions> = {}): readonly DecoderEvent[] {
  const decoder = new Decoder({ baud: 1200, charset: 'us', soft: false, polarity: 'auto', ...options })
  const { bits, bitCount } = pack(row)
  decoder.push(bits, bitCount)
  decoder.end()
  return decoder.take()
}

const pages = (events: readonly DecoderEvent[]) => events.flatMap((e) => (e.kind === 'page' ? [e.page] : []))
const brief = (events: readonly DecoderEvent[]) => pages(events).map((p) => [p.ric, p.quality, p.text])
const sound = (events: readonly DecoderEvent[]) =>
  pages(events).filter((p) => p.quality === 'clean' || p.quality === 'corrected')

/** Turns bits of the codeword that begins at `word`. */
function hit(row: number[], word: number, wrong: readonly number[]): void {
  for (const bit of wrong) row[word + bit]! ^= 1
}

test('in noise a text is not surely over where a codeword of it would pass as the next address', () => {
  // Seven codewords are twenty characters and nothing left over: the text may end there.
  const text = 'CARDIAC ARREST WARD 7 BED 3'
  const before = Array.from({ length: 4 }, (_, i) => ({ ...long, ric: 1234560 + 8 * i }))
  const placed = placeTransmission([...before, { ric: 433768, function: 3, type: 'alpha', text }])
  const { addressBit } = placed.placed[4]!
  const told = (noisy: boolean) => {
    const row = unpack(placed)
    if (noisy) for (let at = 576; at < addressBit; at += 32) if ((at - 576) % 544 !== 0) hit(row, at, [9])
    const other = addressWord(71496, 2)
    for (let bit = 0; bit < 32; bit++) row[addressBit + 256 + bit] = (other >>> (31 - bit)) & 1
    hit(row, addressBit + 256, [5])
    return pages(decode(row)).find((p) => p.ric === 433768)
  }
  expect(told(true)).toMatchObject({ text: text.slice(0, 20), quality: 'doubtful', doubt: 'words' })
  expect(told(false)).toMatchObject({ text: text.slice(0, 20), quality: 'clean' })
})

test('bursts and slips of the bit clock, in any order, never make it fall over', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = seeded(seed)
    const sent = Array.from({ length: 6 }, () => ({ ...somePage('alpha', random), function: 3 as const }))
    const row: number[] = []
    let burst = 0
    for (const bit of unpack(encodeTransmission(sent))) {
      if (burst === 0 && random() < 1 / 300) burst = 1 + Math.floor(random() * 12)
      row.push(burst > 0 && random() < 0.4 ? bit ^ 1 : bit)
      burst = Math.max(0, burst - 1)
      const slip = random() * 900
      if (slip < 1) row.push(bit)
      else if (slip < 2) row.pop()
    }
    for (const page of pages(decode(row))) expect(page.words).not.toContain(undefined)
  }
})

describe('slips of the bit clock', () => {
  const row = unpack(encodeTransmission([long, bleep]))
  const cases = [-2, -1, 1, 2].flatMap((slip) => [700, 900, 1130, 1500].map((at) => ({ slip, at })))

  test.each(cases)(
    'of $slip bits at bit $at: nothing false, and what comes later is whole',
    ({ slip, at }) => {
      const slipped = [
        ...row.slice(0, at),
        ...(slip > 0 ? repeat(0, slip) : []),
        ...row.slice(slip < 0 ? at - slip : at),
      ]
      const events = decode(slipped)
      for (const page of sound(events)) expect([long.text, bleep.text]).toContain(page.text)
      expect(sound(events).map((p) => p.ric)).toContain(bleep.ric)
      const told = pages(events).findLast((p) => p.ric === long.ric)!
      expect(told.text.length).toBeGreaterThan(0)
      if (told.text !== long.text) expect(['damaged', 'unterminated']).toContain(told.quality)
    },
  )

  test('at any bit: what is told in the end and not called doubtful was sent, but where a transmission ends with it', () => {
    const short: OutgoingPage = { ric: 70_001, function: 1, type: 'alpha', text: 'RING 4471 PLEASE.' }
    const whole = unpack(encodeTransmission([long, short, bleep]))
    const sent = [long, short, bleep].map((p) => `${p.ric}/${p.function} ${p.text}`)
    let wrong = 0
    let tried = 0
    // Three and 32 have no common factor: every place in a codeword has its turn, in a third of the time.
    for (const slip of [-2, -1, 1, 2])
      for (let at = 576; at < whole.length - 32; at += 3) {
        const held = repeat(whole[at - 1]!, Math.max(0, slip))
        const slipped = [...whole.slice(0, at), ...held, ...whole.slice(at - Math.min(0, slip))]
        const told = new Map(pages(decode(slipped)).map((page) => [page.id, page]))
        const sure = [...told.values()].filter((p) => /clean|corrected/.test(p.quality))
        if (sure.some((p) => !sent.includes(`${p.ric}/${p.function} ${p.text}`))) wrong++
        tried++
      }
    expect(wrong / tried).toBeLessThan(0.01)
  })

  test('found behind a page that was given out: the page is told again, as doubtful', () => {
    const whole = unpack(encodeTransmission([long, bleep]))
    const toldOf = (at: number) =>
      decode([...whole.slice(0, at), whole[at - 1]!, ...whole.slice(at)]).flatMap((e) =>
        e.kind === 'page' && e.page.ric === long.ric
          ? [{ revises: e.revises, suspect: e.page.suspect, text: e.page.text }]
          : [],
      )
    // Some bits of it only: elsewhere more words come with the second telling.
    const alike = Array.from({ length: 320 }, (_, i) => toldOf(1184 + i)).filter(
      ([first, second, ...more]) => first?.text === second?.text && more.length === 0,
    )
    expect(alike.length).toBeGreaterThan(0)
    for (const told of alike)
      expect(told).toMatchObject([
        { revises: false, suspect: false },
        { revises: true, suspect: true },
      ])
  })

  test('a page received wholly behind a slip is given out, from the place the slip began, and told to be doubtful', () => {
    const quiet = unpack(encodeTransmission([bleep]))
    // Between sync and the address: the slip is known only by the words that follow it.
    const slipped = [...quiet.slice(0, 640), 1, ...quiet.slice(640)]
    expect(brief(decode(slipped))).toEqual([[4004, 'doubtful', '2222']])
  })

  test.each([
    { where: 'before its address', first: -64, last: 0, doubt: 'address and words' },
    { where: 'at its end', first: 40, last: 96, doubt: 'words' },
  ])('a slip $where leaves digits unsure that needed no correction', ({ first, last, doubt }) => {
    const { bits, bitCount, placed } = placeTransmission([bleep])
    const quiet = unpack({ bits, bitCount })
    const at = placed[0]!.addressBit
    const told = Array.from({ length: last - first }, (_, i) => at + first + i)
      .map((bit) => pages(decode([...quiet.slice(0, bit), 1, ...quiet.slice(bit)])).at(-1))
      .filter((page) => page?.suspect && page.type === 'numeric' && !page.words.includes(-1))
    expect(told.length).toBeGreaterThan(0)
    for (const page of told)
      expect(page).toMatchObject({ quality: expect.stringMatching(/doubtful|unterminated/), doubt })
  })
})

test('a tone to an address that idle codewords make behind a bad lead is doubtful, unless it is on the list', () => {
  const tone: OutgoingPage = { ric: 2_010_871, function: 3, type: 'tone', text: '' }
  const row = unpack(encodeTransmission([tone]))
  const directory = new RicDirectory([{ ric: tone.ric }])
  expect(pages(decode(row))).toMatchObject([{ ric: tone.ric, quality: 'unterminated', suspect: true }])
  expect(brief(decode(row, { directory }))).toEqual([[tone.ric, 'clean', '']])
  const other = unpack(encodeTransmission([{ ...tone, ric: 1_234_560 }]))
  expect(brief(decode(other))).toEqual([[1_234_560, 'clean', '']])
})

test('a tone is sure where bits are, and doubtful among wrong ones: it may be what is left of a page, or of nothing', () => {
  const tone: OutgoingPage = { ric: 1_234_567, function: 1, type: 'tone', text: '' }
  const directory = new RicDirectory([{ ric: tone.ric }])
  const { bits, bitCount, placed } = placeTransmission([tone])
  const from = placed[0]!.addressBit
  /** So many wrong bits in each idle codeword before it and behind. */
  const around = (before: number, behind: number) => {
    const row = unpack({ bits, bitCount })
    const places = [2, 9, 16, 23].slice(0, before)
    for (let word = 608; word < from; word += 32) hit(row, word, places)
    if (behind > 0) hit(row, from + 32, [2, 9, 16, 23, 30].slice(0, behind))
    return pages(decode(row, behind === 0 ? { directory } : {}))
  }
  expect(around(0, 0)).toMatchObject([{ ric: tone.ric, quality: 'clean' }])
  expect(around(3, 0)).toMatchObject([{ ric: tone.ric, quality: 'doubtful', doubt: 'words' }])
  expect(around(3, 3)).toMatchObject([{ ric: tone.ric, quality: 'doubtful', doubt: 'address' }])
})

describe('a line without signal', () => {
  const row = unpack(encodeTransmission([bleep, long]))

  test.each([0, 1])('stuck at %i behind a transmission, whole or broken off: no page of it', (level) => {
    for (const end of [row.length, row.length - 200, 1200, 700]) {
      for (const turn of [0, 1]) {
        const events = decode([...row.slice(0, end), ...repeat(level, 4000)].map((bit) => bit ^ turn))
        for (const page of sound(events)) expect([bleep.ric, long.ric]).toContain(page.ric)
        expect(pages(events).length).toBeLessThanOrEqual(2)
      }
    }
  })

  test('noise behind a transmission that broke off gives hardly a page', () => {
    const random = seeded(3)
    let invented = 0
    for (let i = 0; i < 200; i++) {
      const noise = Array.from({ length: 3000 }, () => (random() < 0.5 ? 1 : 0))
      const cut = 700 + Math.floor(random() * (row.length - 700))
      const events = decode([...row.slice(0, cut), ...noise])
      invented += sound(events).filter((p) => p.ric !== bleep.ric && p.ric !== long.ric).length
    }
    // A chance codeword in the last slots of the batch that broke off: 1 in 100 at most.
    expect(invented).toBeLessThanOrEqual(2)
  })

  test('a transmission that begins inside the remains of another is heard', () => {
    const events = decode([
      ...row.slice(0, 1001),
      ...unpack(encodeTransmission([{ ...bleep, text: '3333' }])),
    ])
    expect(sound(events).map((p) => p.text)).toContain('3333')
  })
})

describe('sync', () => {
  test('a receiver that comes in late hears the next batch', () => {
    const filler: OutgoingPage[] = Array.from({ length: 8 }, () => ({ ...bleep, text: '1111' }))
    const row = unpack(encodeTransmission([...filler, { ...bleep, text: '4444' }]))
    expect(pages(decode(row.slice(900))).at(-1)!.text).toBe('4444')
  })

  test('a destroyed sync codeword between two batches costs nothing', () => {
    const sent = placeTransmission([long])
    const row = unpack(sent)
    for (let i = 0; i < 32; i += 3) row[576 + 544 + i]! ^= 1
    expect(brief(decode(row)).at(-1)).toEqual([1234560, 'clean', long.text])
  })

  test('the first sync codeword may have six wrong bits behind a preamble', () => {
    const row = unpack(encodeTransmission([bleep]))
    hit(row, 576, [1, 6, 11, 17, 22, 30])
    expect(brief(decode(row))).toEqual([[4004, 'clean', '2222']])
  })

  test('a missing codeword in a batch is found at the next sync', () => {
    const row = unpack(encodeTransmission([long, bleep]))
    const events = decode([...row.slice(0, 800), ...row.slice(832)])
    for (const page of sound(events)) expect(page.ric).toBe(bleep.ric)
  })

  test('the wrong polarity is refused when the right one is configured', () => {
    const row = unpack(encodeTransmission([bleep], { inverted: true }))
    expect(brief(decode(row, { polarity: 'normal' }))).toEqual([])
    expect(brief(decode(row, { polarity: 'inverted' }))).toEqual([[4004, 'clean', '2222']])
  })
})

describe('codewords that cannot be repaired', () => {
  const sent = placeTransmission([long])
  const address = sent.placed[0]!.addressBit

  test('stand as unknown characters in their place', () => {
    const row = unpack(sent)
    hit(row, address + 64, [4, 9, 15, 22])
    const [page] = pages(decode(row))
    expect(page!.quality).toBe('damaged')
    expect(page!.text).toBe(long.text.replace('auma', '\ufffd\ufffd\ufffd\ufffd'))
    expect(page!.words[1]).toBe(-1)
  })

  test('two in a row bring out what there is, and the rest follows as a later state of the page', () => {
    const row = unpack(sent)
    hit(row, address + 64, [4, 9, 14])
    hit(row, address + 96, [5, 8, 15])
    const given = decode(row).filter((e) => e.kind === 'page')
    expect(given.map((e) => [e.revises, e.page.quality, e.page.id])).toEqual([
      [false, 'damaged', 0],
      [true, 'damaged', 0],
    ])
    expect(given[1]!.page.text).toHaveLength(long.text.length)
    expect(given[0]!.page.emittedBit - given[0]!.page.endBit).toBe(32)
  })

  test('as an address, leave words behind that belong to nobody', () => {
    const row = unpack(sent)
    hit(row, address, [4, 9, 14])
    const events = decode(row)
    expect(pages(events)).toEqual([])
    expect(events.some((e) => e.kind === 'orphan')).toBe(true)
  })

  test('as an address the directory knows, are repaired by it', () => {
    const row = unpack(sent)
    hit(row, address, [4, 9, 14])
    const directory = new RicDirectory([{ ric: 1234560, function: 3 }, { ric: 800 }])
    const [page] = pages(decode(row, { directory }))
    expect(page).toMatchObject({ ric: 1234560, quality: 'doubtful', doubt: 'address', text: long.text })
  })
})

test('with three in a hundred bits wrong no page of the directory that was not sent passes for sure', () => {
  const random = seeded(8)
  const day = aDayOfPages(random)
  const directory = new RicDirectory(day.map((p) => ({ ric: p.ric, function: p.function })))
  const sent = new Set(day.map((p) => `${p.ric} ${p.text}`))
  const events = day.flatMap((p) => {
    return decode(unpack(flipBits(encodeTransmission([p]), 0.03, random)), { directory })
  })
  const isRight = (p: DecodedPage) => sent.has(`${p.ric} ${p.text}`)
  const whole = pages(events).filter((p) => !['damaged', 'unterminated'].includes(p.quality))
  expect(whole.filter(isRight).length).toBeGreaterThan(110)
  expect(whole.filter((p) => !isRight(p)).length).toBeLessThanOrEqual(4)
  expect(sound(events).filter((p) => !isRight(p))).toEqual([])
})

test('idle codewords that a bad lead turns alike call nobody, unless the list has their address', () => {
  const { bits, placed } = placeTransmission([bleep])
  const row = unpack({ bits, bitCount: bits.length * 8 })
  const idle = [...IDLE.toString(2).padStart(32, '0')].map(Number)
  const turned = [...addressWord(2_010_867, 3).toString(2).padStart(32, '0')].map(Number)
  for (let at = placed[0]!.endBit; at + 32 <= row.length; at += 32)
    if (idle.every((bit, i) => row[at + i] === bit)) row.splice(at, 32, ...turned)
  expect(row.join('').split(turned.join('')).length).toBeGreaterThan(4)
  expect(brief(decode(row))).toEqual([[bleep.ric, 'clean', bleep.text]])
  const directory = new RicDirectory([{ ric: bleep.ric }, { ric: 2_010_864, to: 2_010_871 }])
  expect(pages(decode(row, { directory })).map((p) => p.ric)).toContain(2_010_870)
})

test('two words of the noise behind a transmission that look good by chance are no page', () => {
  const random = seeded(3)
  const row = unpack(encodeTransmission([bleep]))
  for (const fn of [0, 1, 2, 3] as const) {
    const chance = [addressWord(1_297_592, fn), addressWord(600_000, fn)].map((word) =>
      [...word.toString(2).padStart(32, '0')].map(Number),
    )
    chance[0]![7]! ^= 1
    chance[1]![20]! ^= 1
    const noise = () => Array.from({ length: 32 }, () => (random() < 0.5 ? 0 : 1))
    const tail = [noise(), ...chance, ...Array.from({ length: 8 }, noise)].flat()
    expect(brief(decode([...row, ...tail]))).toEqual([[bleep.ric, 'clean', bleep.text]])
  }
})
