import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRinger } from '../../src/web/app/ringer.js'

const heard = vi.hoisted(() => [] as string[])
vi.mock('../../src/web/shared/ring.js', () => ({
  ring: (c: string) => heard.push(c),
  shake: () => undefined,
}))

beforeEach(() => {
  heard.length = 0
  vi.useFakeTimers()
})
afterEach(() => void vi.useRealTimers())

test('a routine bleep that comes while an emergency rings does not silence it', () => {
  const ringer = createRinger()
  ringer.start({ id: 'arrest', class: 'emergency' })
  ringer.start({ id: 'bloods', class: 'routine' })
  expect(ringer.is('arrest')).toBe(true)
  vi.advanceTimersByTime(5000)
  expect(heard).toEqual(['emergency', 'routine', 'emergency'])
})

test('of two emergencies the answered one is still, the other rings on to its own end', () => {
  const ringer = createRinger()
  ringer.start({ id: 'first', class: 'emergency' })
  vi.advanceTimersByTime(20_000)
  ringer.start({ id: 'second', class: 'emergency' })
  ringer.stop('second')
  expect(ringer.now()).toEqual(['first'])
  heard.length = 0
  vi.advanceTimersByTime(120_000)
  expect(heard.length).toBeGreaterThanOrEqual(7)
  expect(ringer.now()).toEqual([])
  heard.length = 0
  vi.advanceTimersByTime(60_000)
  expect(heard).toEqual([])
})

test('when the emergency is answered, the urgent call behind it is heard in its own time', () => {
  const ringer = createRinger()
  ringer.start({ id: 'sepsis', class: 'urgent' })
  ringer.start({ id: 'arrest', class: 'emergency' })
  ringer.stop('arrest')
  heard.length = 0
  vi.advanceTimersByTime(8000)
  expect(heard).toEqual(['urgent'])
  ringer.stop()
  vi.advanceTimersByTime(60_000)
  expect(heard).toEqual(['urgent'])
})
