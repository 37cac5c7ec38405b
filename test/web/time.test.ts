import { expect, test } from 'vitest'
import { clock, clockSeconds, faceOf, instantOf } from '../../src/web/shared/time.js'

/* A field for a time is by the clocks of the hospital, whatever zone the machine of the switchboard is set to. */
test.each([
  ['in winter', '2026-11-30T08:00', '2026-11-30T08:00:00.000Z'],
  ['in summer', '2026-07-01T08:00', '2026-07-01T07:00:00.000Z'],
  ['an hour that the autumn repeats is its first', '2026-10-25T01:30', '2026-10-25T00:30:00.000Z'],
  ['the hour behind it', '2026-10-25T02:00', '2026-10-25T02:00:00.000Z'],
  [
    'one that the spring skips is the same time after the change',
    '2026-03-29T01:30',
    '2026-03-29T01:30:00.000Z',
  ],
  ['with seconds, as some browsers give it', '2026-07-01T08:00:30', '2026-07-01T07:00:30.000Z'],
])('%s', (_, face, instant) => {
  expect(instantOf(face)).toBe(instant)
})

test('the hour that the autumn repeats says which of the two it is, and no other does', () => {
  expect(clock('2026-10-25T00:30:00Z')).toBe('01:30 BST')
  expect(clockSeconds('2026-10-25T01:30:05Z')).toBe('01:30:05 GMT')
  for (const at of [
    '2026-10-24T23:59:59Z',
    '2026-10-25T02:00:00Z',
    '2026-03-29T00:30:00Z',
    '2026-03-29T01:30:00Z',
  ])
    expect(clock(at)).toMatch(/^\d\d:\d\d$/)
})

test('what a field is given is what it gives back', () => {
  for (const at of ['2026-11-30T08:00:00.000Z', '2026-07-01T07:00:00.000Z', '2026-10-25T00:30:00.000Z'])
    expect(instantOf(faceOf(Date.parse(at)))).toBe(at)
})
