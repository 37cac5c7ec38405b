import { expect, test } from 'vitest'
import type { Page } from '../../../src/core/bleep/bleep.ts'
import { unclearIn } from '../../../src/core/bleep/unclear.ts'

const radio = { baud: 1200, addressBit: 0, endBit: 64, emittedBit: 96, words: [1] }
const page = (text: string, more: Partial<Page> = {}): Page => ({
  to: { scheme: 'ric', ric: 8, fn: 3 },
  type: 'alpha',
  text,
  quality: 'damaged',
  corrected: 0,
  fields: {},
  firstByte: 0,
  lastByte: 0,
  ...more,
})

test.each([
  ['CARDIAC ARREST WARD 7 BED\ufffd\ufffd\ufffd\ufffdLEASE ATTEND', 'Bed unclear: check'],
  ['CARDIAC ARREST WA\ufffd\ufffd\ufffd BED 3', 'Words unclear: check'],
  ['CARDIAC ARREST WARD \ufffd\ufffd\ufffdED 3', 'Ward unclear: check'],
  ['PLEASE RING 44\ufffd1', 'Telephone number unclear: check'],
  ['FIRE ZONE \ufffd\ufffd', 'Zone unclear: check'],
  ['CAR\ufffdIAC ARREST WARD 7 BED 3', 'Words unclear: check'],
])('of “%s”', (text, sentence) => {
  expect(unclearIn(page(text))).toBe(sentence)
})

test('what was inferred is told like what was lost, by where it stands', () => {
  const text = 'CARDIAC ARREST WARD 7 BED 3 PLEASE'
  const doubtful = (from: number, to: number) =>
    unclearIn(page(text, { quality: 'doubtful', radio: { ...radio, doubt: 'words', doubted: [[from, to]] } }))
  expect(doubtful(25, 29)).toBe('Bed unclear: check')
  expect(doubtful(0, 3)).toBe('Words unclear: check')
})

test('an address comes before all, and a sure page has nothing to check', () => {
  expect(unclearIn(page('BED \ufffd', { radio: { ...radio, doubt: 'address' } }))).toBe(
    'Whom it was for is unclear: check',
  )
  expect(unclearIn(page('4\ufffd21', { type: 'numeric' }))).toBe('Number unclear: check')
  expect(
    unclearIn(page('', { type: 'tone', quality: 'doubtful', radio: { ...radio, doubt: 'words' } })),
  ).toBe('Words unclear: check')
  expect(unclearIn(page('BED 3', { quality: 'unterminated' }))).toBe('The end may be missing: check')
  expect(unclearIn(page('BED 3', { quality: 'clean' }))).toBeUndefined()
  expect(unclearIn(page('BED 3', { quality: 'corrected', radio: { ...radio, suspect: true } }))).toBe(
    'Words unclear: check',
  )
})
