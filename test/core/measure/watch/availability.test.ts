import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../../../src/core/instant.ts'
import { availability, observe, shown, watched } from '../../../../src/core/measure/watch/availability.ts'

const start = () => watched('feed', 'radio-a', 'Radio tap A', 0, '2026-11', 90 * SECOND)
const tick = (at: number, month = '2026-11') => ({ kind: 'tick' as const, at, month })

test('a thing is unknown until it speaks, and unknown time counts for nothing', () => {
  let thing = observe(start(), tick(60 * SECOND))
  expect(thing.state).toBe('unknown')
  expect(availability(thing.month)).toBeUndefined()
  thing = observe(thing, { kind: 'heard', at: 70 * SECOND })
  expect(thing).toMatchObject({ state: 'good', since: 70 * SECOND })
})

test('silence beyond its bound fails it, and the first sign of life mends it', () => {
  let thing = observe(start(), { kind: 'heard', at: 0 })
  thing = observe(thing, tick(90 * SECOND))
  expect(thing.state).toBe('good')
  thing = observe(thing, tick(91 * SECOND))
  expect(thing).toMatchObject({ state: 'failed', why: 'line-silent', since: 91 * SECOND })
  thing = observe(thing, { kind: 'heard', at: 200 * SECOND })
  expect(thing).toMatchObject({ state: 'good', since: 200 * SECOND })
  expect(thing.why).toBeUndefined()
})

test('a fault it reports itself is not mended by a mere sign of life', () => {
  let thing = observe(start(), { kind: 'said', at: 0, fault: 'port-unplugged' })
  thing = observe(thing, { kind: 'heard', at: 5 })
  expect(thing).toMatchObject({ state: 'failed', why: 'port-unplugged' })
  thing = observe(thing, { kind: 'said', at: 9 })
  expect(thing.state).toBe('good')
})

test('a month’s availability is the share of known time it worked, and a new month begins with nothing', () => {
  let thing = observe(start(), { kind: 'said', at: 0 })
  thing = observe(thing, { kind: 'said', at: 9 * HOUR, fault: 'peer-closed' })
  thing = observe(thing, { kind: 'said', at: 10 * HOUR, fault: 'line-errors', works: true })
  thing = observe(thing, tick(DAY))
  expect(thing.state).toBe('failed')
  thing = observe(thing, { kind: 'said', at: DAY })
  expect(availability(thing.month)).toBeCloseTo(23 / 24)
  thing = observe(thing, tick(DAY + MINUTE, '2026-12'))
  expect(availability(thing.month)).toBeUndefined()
})

test('the learnt pattern may set another bound for the hour', () => {
  const thing = observe(start(), { kind: 'heard', at: 0 })
  expect(observe(thing, { ...tick(HOUR), expected: 2 * HOUR }).state).toBe('good')
})

test('what is shown carries the sentence and the remedy of its code', () => {
  const thing = observe(start(), { kind: 'said', at: 0, fault: 'port-unplugged' })
  expect(shown(thing)).toMatchObject({
    sort: 'feed',
    state: 'failed',
    bound: 90 * SECOND,
    why: { code: 'port-unplugged', remedy: 'Plug the adapter in again; it is re-opened by itself' },
  })
})
