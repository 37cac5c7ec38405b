import { describe, expect, test } from 'vitest'
import {
  collapseKey,
  doorbell,
  lockScreen,
  phoneText,
  privacySchema,
  secondsLeft,
} from '../../../src/core/deliver/payload.ts'
import { asId } from '../../../src/core/ids.ts'
import { anEmergency } from '../../support/attempts.ts'
import { aPhone } from '../../support/delivery.ts'

const attempt = anEmergency(aPhone('phone'))

describe('what may leave the building', () => {
  test('by default an opaque id, the class and the purpose', () => {
    expect(doorbell(attempt, 'opaque', 'WARD 7B')).toEqual({
      id: attempt.id,
      class: 'emergency',
      purpose: 'ask',
    })
  })

  test('the place where the site says so: masked and bounded, and still no other word', () => {
    expect(doorbell(attempt, 'place', 'WARD 7B').place).toBe('WARD 7B')
    expect(doorbell(attempt, 'place', 'BED 3 943 476 5919').place).toBe('BED 3 [NHS number]')
    expect(doorbell(attempt, 'place', 'BED 3 12/03/1957').place).toBe('BED 3 [date]')
    expect(doorbell(attempt, 'place', 'BED 3 07700 900123').place).toBe('BED 3 [telephone]')
    expect(doorbell(attempt, 'place', 'W'.repeat(500)).place).toHaveLength(40)
    expect(doorbell(attempt, 'place', undefined)).not.toHaveProperty('place')
  })

  test('a place that may be wrong is told with what to check, however long it is, and not at all where no place is', () => {
    const unclear = 'Bed unclear: check'
    expect(doorbell(attempt, 'place', 'WARD 7 BED 3', undefined, unclear).place).toBe(
      'WARD 7 BED 3. Bed unclear: check',
    )
    expect(doorbell(attempt, 'place', 'W'.repeat(500), undefined, unclear).place).toMatch(
      /^W{40}\. Bed unclear: check$/,
    )
    expect(doorbell(attempt, 'opaque', 'WARD 7 BED 3', undefined, unclear)).not.toHaveProperty('place')
    expect(doorbell(attempt, 'place', undefined, undefined, unclear)).not.toHaveProperty('place')
  })

  test.each([
    ['emergency', 'ask', 'Emergency call'],
    ['test', 'ask', 'Test call'],
    ['emergency', 'stand-down', 'Stand down'],
    ['urgent', 'cancel', 'Stand down'],
    ['urgent', 'again', 'Urgent bleep'],
  ] as const)('a locked screen shows of %s, %s: %s', (c, purpose, title) => {
    expect(lockScreen({ id: 'x', class: c, purpose })).toEqual({ title, body: 'Unlock to read' })
  })
})

test('pushes about one alert share a key of 32 characters that Web Push allows', () => {
  expect(collapseKey(asId('0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000'))).toMatch(/^[A-Za-z0-9_-]{32}$/)
  expect(collapseKey(asId(`${'x'.repeat(9)}0190aaaabbbb7ccc8dddeeeeffff0000`))).toBe(
    '0190aaaabbbb7ccc8dddeeeeffff0000',
  )
})

test('a provider is never given longer than the attempt has', () => {
  expect(secondsLeft(attempt, attempt.expires - 1500)).toBe(1)
  expect(secondsLeft(attempt, attempt.expires + 1)).toBe(0)
})

test('a site may let out the place or nothing', () => {
  expect(privacySchema.options).toEqual(['opaque', 'place'])
})

test('a text says the class, the place where it may, where to look, and how to answer where that comes back', () => {
  const bell = { id: 'x', class: 'urgent', purpose: 'ask' } as const
  expect(phoneText(bell)).toBe('Urgent bleep. Open Bleep Bridge.')
  expect(phoneText({ ...bell, place: 'WARD 7B' })).toBe('Urgent bleep, WARD 7B. Open Bleep Bridge.')
  expect(phoneText(bell, true)).toBe('Urgent bleep. Open Bleep Bridge. Or reply 1 if coming, 2 if not.')
  expect(phoneText({ ...bell, place: 'W'.repeat(40) }, true).length).toBeLessThanOrEqual(160)
})
