import { describe, expect, test } from 'vitest'
import { dialled, phoneNumber, readNumber } from '../../../src/core/deliver/phone-number.ts'

test('a telephone number is one in the international form, however it is typed; a reference is none', () => {
  expect(phoneNumber.parse('07700 900123')).toBe('+447700900123')
  expect(phoneNumber.safeParse('staff-4711').success).toBe(false)
})

describe('what is dialled', () => {
  test.each(['+447700900123', '+1234567', '+123456789012345', '22', '4421', '12345678'])('%s', (address) => {
    expect(dialled(address)).toBe(address)
  })
  test.each([
    '+123456',
    '+1234567890123456',
    '2',
    '123456789',
    '4421;x',
    ' 4421',
    '4421\n',
    'a4421',
    '++44',
    'a+447700900123',
  ])('%j is not', (address) => expect(dialled(address)).toBeUndefined())
})

describe('a number as each channel keeps it', () => {
  test.each([
    ['nudge', 'staff-4711', 'staff-4711'],
    ['nudge', '07700 900123', '+447700900123'],
    ['notify', '07700 900123', '+447700900123'],
    ['notify', 'staff-4711', undefined],
    ['notify', '4421', undefined],
    ['modem', '07700 900123', '+447700900123'],
    ['modem', '4421', undefined],
    ['voice', ' 4421 ', '4421'],
    ['voice', '07700 900123', '+447700900123'],
    ['voice', '1', undefined],
    ['voice', '442a', undefined],
    ['voice', 'a4421', undefined],
    ['voice', '123456789', undefined],
    ['webpush', '07700 900123', undefined],
  ] as const)('%s: %s', (channel, typed, kept) => expect(readNumber(channel, typed)).toBe(kept))
})
