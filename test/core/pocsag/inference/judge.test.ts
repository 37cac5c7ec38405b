import { describe, expect, test } from 'vitest'
import { CORRECTIONS, ERROR_MASKS, syndrome, UNCORRECTABLE } from '../../../../src/core/pocsag/code/bch.ts'
import { glyphsOf } from '../../../../src/core/pocsag/code/charset.ts'
import { dataOf, isMessage, messageWord } from '../../../../src/core/pocsag/code/codeword.ts'
import { contentText, LOST } from '../../../../src/core/pocsag/code/content.ts'
import { messageWords, type OutgoingPage } from '../../../../src/core/pocsag/encode.ts'
import { judge, type Readings } from '../../../../src/core/pocsag/inference/judge.ts'
import { seeded } from '../../../../src/core/seeded.ts'
import { somePage } from '../../../support/pocsag-traffic.ts'

const us = glyphsOf('us')
const text = 'Trauma call, resus bay 2, adult pedestrian, ETA 8 min. Trauma team to ED now.'

/** A page as the code alone reads it, with bits of its codewords turned. */
function readings(
  page: Pick<OutgoingPage, 'type' | 'text'>,
  wrong: (word: number) => readonly number[],
  more: Partial<Readings> = {},
): Readings {
  const received = messageWords({ ric: 0, function: 3, ...page }).map((word, i) =>
    wrong(i).reduce((turned, bit) => (turned ^ (0x80000000 >>> bit)) >>> 0, word),
  )
  const words = received.map((raw) => {
    const s = syndrome(raw)
    const word = (raw ^ ERROR_MASKS[s]!) >>> 0
    return CORRECTIONS[s] === UNCORRECTABLE || !isMessage(word) ? LOST : dataOf(word)
  })
  const weights = words.map(() => undefined)
  return { type: page.type, words, received, weights, ended: true, whole: true, seam: undefined, ...more }
}

const alpha = { type: 'alpha', text } as const
const sent = messageWords({ ric: 0, function: 3, ...alpha }).map(dataOf)
const at =
  (places: Readonly<Record<number, readonly number[]>>) =>
  (i: number): readonly number[] =>
    places[i] ?? []

describe('a codeword with three wrong bits', () => {
  test('is told by its text', () => {
    const page = readings(alpha, at({ 8: [4, 9, 14] }))
    expect(page.words[8]).toBe(LOST)
    expect(judge(page, us)).toMatchObject({ words: sent, inferred: [8], corrected: 3 })
  })

  test('behind a control character that only a corrected codeword holds, nothing is believed', () => {
    const noisy = { type: 'alpha', text: `${text.slice(0, 40)}\u001d${text.slice(41)}` } as const
    const clean = judge(readings(noisy, at({ 3: [5] })), us)
    expect(clean.words).not.toContain(LOST)
    const word = Math.floor((40 * 7) / 20)
    const stray = judge(readings(noisy, at({ [word]: [5], [word + 1]: [5] })), us)
    expect(stray.words.filter((w) => w === LOST).length).toBeGreaterThan(0)
  })

  test('stays lost where another makes as good a text', () => {
    const told = Array.from(sent, (_, i) => {
      const random = seeded(i)
      return Array.from({ length: 40 }, () => {
        const bits = [0, 10, 20].map((from) => from + 1 + Math.floor(random() * 10))
        const { words, inferred } = judge(readings(alpha, at({ [i]: bits })), us)
        return inferred.length === 0 ? 'lost' : words[i] === sent[i] ? 'right' : 'wrong'
      })
    }).flat()
    const share = (what: string) => told.filter((t) => t === what).length / told.length
    expect(share('right')).toBeGreaterThan(0.6)
    expect(share('lost')).toBeGreaterThan(0.1)
    expect(share('wrong')).toBeLessThan(0.01)
  })

  test.each([
    ['two in a row', { 6: [4, 9, 14], 7: [3, 8, 15] }],
    ['another with four wrong bits', { 6: [4, 9, 14], 12: [3, 8, 13, 20] }],
    [
      'more of them than a readable page has',
      Object.fromEntries([1, 3, 5, 7, 9, 11].map((i) => [i, [4, 9, 14]])),
    ],
  ] as const)('is left alone with %s', (_, places) => {
    const page = readings(alpha, at(places))
    const { words, inferred } = judge(page, us)
    expect(inferred).toEqual([])
    expect(words).toEqual(page.words)
  })

  test('is left alone behind a slip, and in a page of digits', () => {
    const slipped = readings(alpha, at({ 6: [4, 9, 14] }), { whole: false })
    expect(judge(slipped, us).inferred).toEqual([])
    const digits = readings({ type: 'numeric', text: '222212345678901' }, at({ 1: [4, 9, 14] }))
    expect(digits.words[1]).toBe(LOST)
    expect(judge(digits, us).words).toEqual(digits.words)
  })

  test('in a text without rule is hardly ever told, and never wrongly', () => {
    const random = seeded(11)
    const results = Array.from({ length: 300 }, () => {
      const noise = Array.from({ length: 40 }, () =>
        String.fromCharCode(32 + Math.floor(random() * 95)),
      ).join('')
      const page = { type: 'alpha', text: noise } as const
      const right = messageWords({ ric: 0, function: 3, ...page }).map(dataOf)
      const { words, inferred } = judge(readings(page, at({ 5: [3, 12, 18] })), us)
      return inferred.length === 0 ? 'lost' : words.every((word, i) => word === right[i]) ? 'right' : 'wrong'
    })
    expect(results.filter((r) => r === 'wrong')).toEqual([])
    expect(results.filter((r) => r === 'right').length).toBeLessThan(30)
  })

  test('behind which the next page may have begun is told if the text goes on, and only then', () => {
    // Six codewords are 120 bits, of which one is left over: the text may end there.
    const goesOn = readings(alpha, at({ 6: [0, 9, 14] }), { seam: 6 })
    expect(judge(goesOn, us).words).toEqual(sent)
    const other = messageWords({ ric: 0, function: 3, type: 'alpha', text: 'CARDIAC ARREST WARD 7B' })
    const received = [...goesOn.received.slice(0, 7), ...other]
    const words = [...goesOn.words.slice(0, 7), ...other.map(dataOf)]
    const weights = words.map(() => undefined)
    expect(judge({ ...goesOn, received, words, weights }, us).inferred).toEqual([])
  })
})

describe('a correction of two bits', () => {
  /** The page with the codeword that four wrong bits make look like one with two. */
  function miscorrected(page: Pick<OutgoingPage, 'type' | 'text'>, i: number, data: number): Readings {
    const right = readings(page, () => [])
    const turned = (right.received[i]! ^ messageWord(data)) >>> 0
    const bits = Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => turned & (0x80000000 >>> bit))
    expect(bits).toHaveLength(6)
    return readings(page, at({ [i]: bits.slice(0, 4) }))
  }

  /** Data of codewords six bits from one: what it may be mistaken for. */
  function neighbours(data: number): number[] {
    const word = messageWord(data)
    const all = Array.from({ length: 1 << 20 }, (_, other) => other)
    return all.filter((other) => {
      let rest = (messageWord(other) ^ word) >>> 0
      let bits = 0
      for (; rest !== 0; rest &= rest - 1) bits++
      return bits === 6
    })
  }

  test('is withdrawn where its text is unlikely, and never for good text', () => {
    const taken = neighbours(sent[5]!)
      .slice(0, 200)
      .map((data) => miscorrected(alpha, 5, data))
    const withdrawn = taken.filter((page) => judge(page, us).words[5] === LOST)
    expect(withdrawn.length / taken.length).toBeGreaterThan(0.8)
    for (let i = 0; i < sent.length; i++) {
      expect(judge(readings(alpha, at({ [i]: [3, 17] })), us).words).toEqual(sent)
    }
  })

  test('of digits is withdrawn where it brings in one that no sender uses', () => {
    const page = readings({ type: 'numeric', text: '22*2222222' }, (i) => (i === 0 ? [3, 17] : []))
    const { words } = judge(page, us)
    expect(contentText('numeric', words, us)).toBe('\ufffd\ufffd\ufffd\ufffd\ufffd22222')
  })

  test('stands in marks and brackets that the page uses elsewhere', () => {
    const marks = { type: 'alpha', text: 'bay (2) [x] now [y] then [z] and [w] go' } as const
    const right = messageWords({ ric: 0, function: 3, ...marks }).map(dataOf)
    expect(judge(readings(marks, at({ 3: [3, 17] })), us).words).toEqual(right)
  })
})

test('of pages called whole at three in a hundred bits wrong, 1 in 100 is wrong at most', () => {
  const random = seeded(77)
  const score = { whole: 0, told: 0, wrong: 0 }
  for (let k = 0; k < 400; k++) {
    const page = somePage('alpha', random)
    const right = messageWords(page).map(dataOf)
    const bits = Array.from({ length: 32 }, (_, bit) => bit)
    const { words, inferred } = judge(
      readings(page, () => bits.filter(() => random() < 0.03)),
      us,
    )
    if (words.includes(LOST)) continue
    score.whole++
    if (inferred.length > 0) score.told++
    if (words.some((word, i) => word !== right[i])) score.wrong++
  }
  expect(score.told).toBeGreaterThan(60)
  expect(score.wrong).toBeLessThanOrEqual(score.whole / 100)
})

test('reliabilities count: a lost codeword is told by its weak bits', () => {
  const page = readings(alpha, at({ 6: [4, 9, 14, 22] }))
  expect(page.words[6]).toBe(LOST)
  const weak = new Uint8Array(32).fill(128)
  for (const bit of [4, 9, 14, 22]) weak[bit] = 10
  const weights = page.words.map((_, i) => (i === 6 ? weak : undefined))
  expect(judge(page, us).inferred).toEqual([])
  expect(judge({ ...page, weights }, us)).toMatchObject({ words: sent, inferred: [6], corrected: 4 })
})

describe('on a line with clicks', () => {
  const click = 'Level BED fire Level TO blood please ring trauma registrar Level 2890 Level BED B.'
  const heard = { type: 'alpha', text: `6972 ${click}` } as const
  const sure = new Uint8Array(32).fill(128)
  /** Clicks turn the surest bit, here and there. */
  const clicks = {
    1: [7],
    3: [25],
    7: [15],
    14: [12],
    17: [2],
    18: [26],
    20: [23],
    22: [29],
    27: [16],
    29: [18],
  }
  const weighted = (page: Readings, word11: Uint8Array): Readings => ({
    ...page,
    weights: page.words.map((_, i) => (i === 11 ? word11 : i in clicks ? sure : undefined)),
  })

  test('a codeword that two clicks made another is doubtful: one click turns bits beside one another', () => {
    const page = readings(heard, at({ ...clicks, 11: [6, 7, 27, 28, 29] }))
    expect(contentText('alpha', page.words, us)).toContain('TO bloil please')
    const weights = sure.slice()
    for (const [bit, weight] of Object.entries({ 0: 55, 6: 2, 7: 31, 27: 59, 28: 9, 29: 99 }))
      weights[Number(bit)] = weight
    expect(judge(weighted(page, weights), us).doubted).toContain(11)
  })

  test('a sure bit that is wrong among sure ones is no reason for doubt', () => {
    const page = readings(heard, at({ ...clicks, 11: [15] }))
    expect(judge(weighted(page, sure), us).doubted).toEqual([])
  })
})
