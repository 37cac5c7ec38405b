import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { identifiersIn, isNhsNumber } from '../../../src/core/bleep/identifiers.ts'
import { maskedFor, maskText } from '../../../src/core/deliver/mask.ts'
import { hospitalNumbers } from '../../../src/core/directory/hospital-numbers.ts'
import { seeker } from '../../../src/core/govern/subject.ts'

const ALL = ['nhs-number', 'hospital-number', 'date-of-birth', 'telephone', 'postcode'] as const

describe('NHS numbers', () => {
  // 943 476 5919 is the example of the NHS Data Dictionary; the 999 range is reserved for tests; the others were
  // worked out by hand: 10·d1 + 9·d2 + … + 2·d9, eleven less the remainder.
  test.each([
    ['9434765919', true],
    ['9434765918', false],
    ['9990000018', true],
    ['4010232137', true],
    ['0000000000', true],
    ['1234567890', false],
    ['943476591', false],
    ['94347659190', false],
    ['943476591X', false],
  ] as const)('%s: %s', (digits, want) => expect(isNhsNumber(digits)).toBe(want))

  test('no nine digits with a remainder of one have a check digit', () => {
    // 1000000010: sum 10·1 = 10, 11 − 10 = 1 → check digit 1. 0000000060: 2·6 = 12, remainder 1 → 10, never issued.
    expect(isNhsNumber('1000000001')).toBe(true)
    for (let d = 0; d < 10; d++) expect(isNhsNumber(`000000006${d}`)).toBe(false)
  })

  test('changing any one digit makes it false', () => {
    const change = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }))
    fc.assert(
      fc.property(change, ([at, by]) => {
        const digits = [...'9434765919'].map(Number)
        digits[at] = (digits[at]! + by) % 10
        expect(isNhsNumber(digits.join(''))).toBe(false)
      }),
      { seed: 4 },
    )
  })
})

describe('what is masked and what is left', () => {
  test.each([
    ['MET CALL WARD 7B 943 476 5919', 'MET CALL WARD 7B [NHS number]'],
    ['PT 943-476-5919 BED 3', 'PT [NHS number] BED 3'],
    ['PT9434765919.', 'PT[NHS number].'],
    ['SMITH 12/03/1957 BED 4', 'SMITH [date] BED 4'],
    ['DOB 1.2.57', 'DOB [date]'],
    ['BORN 3RD MARCH 1957', 'BORN [date]'],
    ['12 Mar 57', '[date]'],
    ['1957-03-12', '[date]'],
    ['DOB 12031957', 'DOB [date]'],
    ['DOB: 120357', 'DOB: [date]'],
    ['RING 020 7946 0018', 'RING [telephone]'],
    ['RING +44 7700 900123 NOW', 'RING [telephone] NOW'],
    ['RING (01632) 960 001', 'RING ([telephone]'],
    ['07700900123', '[telephone]'],
  ])('%s', (text, want) => expect(maskText(text, ALL)).toBe(want))

  test.each([
    '70123',
    '2345 2345',
    'PLS CALL EXT 4421 RE BED 12',
    'TRAUMA CALL ED RESUS ETA 10 MIN',
    'FIRE ALARM ZONE 12 LEVEL 3 WEST',
    '1113',
    'WARD 7B BED 3',
    'NEWS 7 BP 90/50',
    '1234567890',
    'BATCH 12345678901234',
    'MAY 3 PATIENTS MOVE',
  ])('left as it is: %s', (text) => expect(maskText(text, ALL)).toBe(text))

  test('any text comes through without a throw, and never longer for want of identifiers', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        expect(maskText(text, [])).toBe(text)
        expect(typeof maskText(text, ALL)).toBe('string')
      }),
      { seed: 4 },
    )
  })
})

describe('for whom', () => {
  test.each([
    [{ kind: 'report' }, ALL],
    [{ kind: 'console' }, ['nhs-number', 'hospital-number', 'date-of-birth', 'postcode']],
    [{ kind: 'device', channel: 'webpush', clinical: true }, []],
    [
      { kind: 'device', channel: 'webpush', clinical: false },
      ['nhs-number', 'hospital-number', 'date-of-birth', 'postcode'],
    ],
    [{ kind: 'device', channel: 'mqtt', clinical: true }, ALL],
    [{ kind: 'device', channel: 'nudge', clinical: true }, ALL],
  ] as const)('%j', (viewer, want) => expect(maskedFor(viewer)).toEqual(want))
})

test('postcodes are masked with the rest, and wards that look like one are not', () => {
  expect(maskText('COLLAPSE AT SW1A 1AA, OR M11AE', ['postcode'])).toBe(
    'COLLAPSE AT [postcode], OR [postcode]',
  )
  for (const text of ['W7 2ND BED', 'WARD B3 4TH FLOOR', 'BED 3', 'X4421', 'A1 2222'])
    expect(maskText(text, ['postcode'])).toBe(text)
})

test('what is masked is found however it is written: one reader for both', () => {
  expect(
    identifiersIn('RING +44 (0)7700 900456 RE 943 476 5919').map(({ kind, key }) => [kind, key]),
  ).toEqual([
    ['telephone', '07700900456'],
    ['nhs-number', '9434765919'],
  ])
  expect(seeker('07700900456')('RING 07700 900 456')).toBe(true)
  expect(seeker('sw1a1aa')('FALL AT SW1A 1AA')).toBe(true)
  expect(seeker('07700900456')('RING 07700 900457')).toBe(false)
})

describe('the hospital’s own numbers, by the shape that the site gives', () => {
  const own = hospitalNumbers('RXK[ -]?\\d{3}[ -]?\\d{3}')!

  test.each([
    ['ARREST RXK 123456 BED 3', 'ARREST [hospital number] BED 3'],
    ['rxk123456, RXK-654-321', '[hospital number], [hospital number]'],
    ['RXK 123456 RXK 654321', '[hospital number] [hospital number]'],
    ['RXK123456 943 476 5919', '[hospital number] [NHS number]'],
    ['RXK1234567 ARXK123456 RXK12345', 'RXK1234567 ARXK123456 RXK12345'],
    ['RING 4421 WARD 7B', 'RING 4421 WARD 7B'],
  ])('%s is masked', (text, want) => expect(maskText(text, ALL, own)).toBe(want))

  test('are no numbers where the site has given no shape', () => {
    expect(maskText('RXK 123456', ALL)).toBe('RXK 123456')
  })

  test.each(['rxk123456', 'RXK 123 456', 'RXK-123456'])('%s finds the same one, and no other', (sought) => {
    const find = seeker(sought, own)
    expect(['PT RXK 123-456', 'RXK123456.'].map(find)).toEqual([true, true])
    expect(['RXK 123457', 'RXK 1234567', '123456'].map(find)).toEqual([false, false, false])
  })
})
