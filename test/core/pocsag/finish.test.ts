import { expect, test } from 'vitest'
import { glyphsOf } from '../../../src/core/pocsag/code/charset.ts'
import { finishPage } from '../../../src/core/pocsag/finish.ts'
import type { OpenPage } from '../../../src/core/pocsag/page.ts'

const LETTERS = [0x12345, 0x23456, 0x34567, 0x45671]

/** A page of an address and four codewords, with bits corrected in each, out of sound or out of bare bits. */
function finished(corrections: readonly number[], sound: boolean) {
  const weights = corrections.map((n) => (sound && n > 0 ? new Uint8Array(32).fill(128) : undefined))
  const page: OpenPage = {
    ...{
      id: 0,
      ric: 1_310_720,
      fn: 3,
      addressBit: 608,
      addressCorrected: corrections[0]!,
      addressTold: false,
    },
    ...{ evidence: 1000, peak: 1000, words: LETTERS, received: [0, ...LETTERS], weights },
    ...{ corrections: [...corrections], endBit: 768, trailingLost: 0, seam: undefined, doubtful: false },
    ...{ holed: false, behindSlip: false, suspect: false, echo: false, paused: false, given: undefined },
  }
  const judged = { words: LETTERS, inferred: [], corrected: 0, doubted: [] }
  return finishPage(page, judged, {
    ...{ type: 'alpha', how: 'followed', known: undefined, glyphs: glyphsOf('us'), baud: 1200 },
    ...{ looked: 800, inverted: false, wrongShare: 0.001, behind: 0, called: false, unproved: false },
  })
}

test('sound with more than 0.7 corrected bits a codeword is not sure of a page; bare bits are', () => {
  expect(finished([0, 1, 1, 1, 0], true)).toMatchObject({ quality: 'corrected', corrected: 3 })
  const rough = finished([0, 1, 1, 1, 1], true)
  expect(rough).toMatchObject({ quality: 'doubtful', doubt: 'address and words', corrected: 4 })
  expect(finished([0, 1, 1, 1, 1], false)).toMatchObject({ quality: 'corrected', corrected: 4 })
  expect(finished([0, 0, 0, 0, 0], true)).toMatchObject({ quality: 'clean' })
})
