import { expect, test } from 'vitest'
import { maskedNumber, nudgeNumber } from '../../../src/core/deliver/nudge-number.ts'

// 07700 900000 to 900999 are kept by Ofcom for use in examples.
test.each([
  ['07700 900123', '+447700900123'],
  ['07700-900-123', '+447700900123'],
  ['+44 7700 900123', '+447700900123'],
  ['+44 (0)7700 900123', '+447700900123'],
  ['0044 7700 900123', '+447700900123'],
  ['(020) 7946 0123', '+442079460123'],
  ['+353 20 910 1234', '+353209101234'],
  [' staff-4711 ', 'staff-4711'],
  ['4711.pager@example.nhs.uk', '4711.pager@example.nhs.uk'],
])('%j is sent to %j', (typed, number) => {
  expect(nudgeNumber.parse(typed)).toBe(number)
})

test.each([
  '',
  'ab',
  '2201',
  '07700 9001234',
  '07700 90012',
  '+0770',
  '+44 7700 900123 4567',
  '1+447700900123',
  'call+447700900123now!',
  '+447700900123x!',
  '00447700900123x!',
  '1107700900123',
  '<x>',
  'a\r\nb',
  'two words',
])('%j is no number and no reference', (typed) => {
  const read = nudgeNumber.safeParse(typed)
  expect(read.error?.issues.map(({ message }) => message)).toEqual([
    'is neither a telephone number nor a reference',
  ])
})

test('three characters of it are shown, and nothing where it is gone', () => {
  expect(maskedNumber('+447700900123')).toBe('…123')
  expect(maskedNumber('')).toBe('')
})
