import { expect, test } from 'vitest'
import { Decoder } from '../../../src/core/pocsag/decoder.ts'
import { encodeTransmission, type OutgoingPage } from '../../../src/core/pocsag/encode.ts'
import type { DecodedPage } from '../../../src/core/pocsag/page.ts'
import { unpack } from '../../support/bits.ts'

const call = (ric: number): OutgoingPage => ({ ric, function: 3, type: 'alpha', text: 'FIRE ZONE 3' })
/** The second begins behind an idle codeword, as it stands in a later frame. */
const row = unpack(encodeTransmission([call(1_310_720), call(1_310_727)]))

/** @param then what becomes of the decoder in the middle of the first page */
function heard(then: (decoder: Decoder) => void): DecodedPage[] {
  const decoder = new Decoder({ baud: 1200, charset: 'us', soft: true, polarity: 'auto' })
  for (const [i, bit] of row.entries()) {
    if (i === 576 + 64) then(decoder)
    decoder.pushBit(bit, 128)
  }
  decoder.end()
  const last = new Map<number, DecodedPage>()
  for (const event of decoder.take()) if (event.kind === 'page') last.set(event.page.id, event.page)
  return [...last.values()]
}

test('where another lead is believed inside a page nothing is sure of it; idle behind it shows how bits stand', () => {
  expect(heard(() => undefined).map((p) => p.quality)).toEqual(['clean', 'clean'])
  expect(heard((d) => d.moved())).toMatchObject([
    { ric: 1_310_720, text: 'FIRE ZONE 3', quality: 'doubtful', doubt: 'words' },
    { ric: 1_310_727, text: 'FIRE ZONE 3', quality: 'clean' },
  ])
})

test('bits that were none are forgotten, and what comes once more is read', () => {
  const again = (decoder: Decoder) => {
    decoder.gone()
    for (const bit of row.slice(0, 576 + 64)) decoder.pushBit(bit, 128)
  }
  expect(
    heard(again)
      .filter((p) => p.quality === 'clean')
      .map((p) => p.ric),
  ).toEqual([1_310_720, 1_310_727])
})
