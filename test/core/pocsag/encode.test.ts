import { expect, test } from 'vitest'
import { addressWord } from '../../../src/core/pocsag/code/codeword.ts'
import { IDLE, SYNC } from '../../../src/core/pocsag/code/tables.ts'
import { encodeTransmission, messageWords, placeTransmission } from '../../../src/core/pocsag/encode.ts'

/** Codewords on which three public encoders agree (libpocsag, UniPager, go-pocsagencode). */
test('codewords equal those of other encoders', () => {
  expect(addressWord(1234000, 0)).toBe(0x4b514723)
  expect(addressWord(2000, 3)).toBe(0x001f5fa2)
  expect(addressWord(500, 1)).toBe(0x0007c9f8)
  const digits = messageWords({ ric: 1234000, function: 0, type: 'numeric', text: '5551234' })
  expect(digits).toEqual([0xd55423e6, 0xe1199ed7])
  const hello = { ric: 2000, function: 3, type: 'alpha', text: 'Hello, World!' } as const
  const common = [0x89a668a5, 0xcdfb3413, 0xc0bafa10, 0xb4e6c937]
  expect(messageWords(hello)).toEqual([...common, 0x9c200448])
  expect(messageWords(hello, { padding: 'eot' })).toEqual([...common, 0x9c2201bc])
})

test('a transmission is preamble, sync, frames', () => {
  const { bits, bitCount } = encodeTransmission([{ ric: 500, function: 1, type: 'tone', text: '' }])
  expect(bitCount).toBe(576 + 544)
  const words = new DataView(bits.buffer)
  for (let byte = 0; byte < 72; byte++) expect(bits[byte]).toBe(0xaa)
  expect(words.getUint32(72)).toBe(SYNC)
  for (let slot = 0; slot < 16; slot++) {
    expect(words.getUint32(76 + 4 * slot)).toBe(slot === 8 ? 0x0007c9f8 : IDLE)
  }
})

test('inverted bits are the complement', () => {
  const page = { ric: 8, function: 0, type: 'numeric', text: '2222' } as const
  const plain = encodeTransmission([page]).bits
  const inverted = encodeTransmission([page], { inverted: true }).bits
  expect(inverted).toEqual(plain.map((byte) => byte ^ 0xff))
})

test('pages share batches without waste, each in its own frame', () => {
  const pages = [7, 0, 3, 3, 3].map((frame) => ({
    ric: 8000 + frame,
    function: 0 as const,
    type: 'tone' as const,
    text: '',
  }))
  const { placed, bitCount } = placeTransmission(pages)
  expect(bitCount).toBe(576 + 2 * 544)
  expect(placed.map((p) => (p.addressBit - 576 - 32) / 32)).toEqual([14, 0, 6, 7, 17 + 6])
})

test('copies are whole rounds, each starting a batch', () => {
  const page = { ric: 8, function: 0, type: 'numeric', text: '2222' } as const
  const { placed } = placeTransmission([page], { copies: 3 })
  expect(placed.map((p) => p.addressBit)).toEqual([608, 608 + 544, 608 + 1088])
})
