import { expect, test } from 'vitest'
import type { Device } from '../../../src/core/deliver/device.ts'
import { Lanes, laneOf } from '../../../src/core/deliver/lanes.ts'
import { RADIO_DEVICE } from '../../../src/core/deliver/plan.ts'
import { asId } from '../../../src/core/ids.ts'

const phone = (id: string, host = 'push.example'): Device => ({
  id: asId(id),
  owner: { kind: 'person', person: asId('p1') },
  label: id,
  channel: 'webpush',
  address: JSON.stringify({ endpoint: `https://${host}/${id}` }),
  state: 'active',
  enrolled: 0,
})
const late = { kind: 'later', fault: 'provider-timeout' } as const

function ill(): Lanes {
  const lanes = new Lanes()
  for (let i = 0; i < 6; i++) lanes.ended(phone(`p${i % 3}`), late, 1000)
  return lanes
}

test('a lane is the push service’s own address, or the channel', () => {
  expect(laneOf(phone('a'))).toBe('webpush https://push.example')
  expect(laneOf({ channel: 'webpush', address: 'not json' })).toBe('webpush')
  expect(laneOf({ channel: 'webpush', address: '{"endpoint":7}' })).toBe('webpush')
  expect(laneOf({ channel: 'fcm', address: '{"endpoint":"https://x.example"}' })).toBe('fcm')
})

test('four places a device, the radio as many as it likes', () => {
  const lanes = new Lanes()
  for (let i = 0; i < 4; i++) {
    lanes.began(asId('p'))
    lanes.began(RADIO_DEVICE)
  }
  expect(lanes.room(asId('p'))).toBe(false)
  expect(lanes.room(asId('q'), 3)).toBe(true)
  expect(lanes.room(asId('q'), 4)).toBe(false)
  expect(lanes.room(RADIO_DEVICE, 9)).toBe(true)
  expect(lanes.held(0)).toEqual(['p'])
  lanes.ended(phone('p'), { kind: 'taken' }, 0)
  expect(lanes.held(0)).toEqual([])
})

test('a clock that was set back keeps no ill provider from its trial', () => {
  const lanes = ill()
  expect(lanes.open(phone('p9'), 1001)).toBe(false)
  expect(lanes.held(1001)).toContain('p9')
  expect(lanes.held(-999)).toContain('p9')
  expect(lanes.held(-1000)).toEqual([])
  expect(lanes.open(phone('p9'), -1000)).toBe(true)
  expect(lanes.open(phone('p9'), -999)).toBe(false)
})

test('one phone that fails is not an ill provider; three are', () => {
  const lanes = new Lanes()
  for (let i = 0; i < 20; i++) lanes.ended(phone('p1'), late, 0)
  expect(lanes.open(phone('p2'), 0)).toBe(true)
  expect(ill().open(phone('p9'), 1000)).toBe(false)
  expect(ill().open(phone('p9', 'other.example'), 1000)).toBe(true)
})

test('an ill lane lets one trial through every two seconds, and holds the rest of its phones back', () => {
  const lanes = ill()
  expect(lanes.open(phone('p9'), 2000)).toBe(false)
  expect(lanes.held(2000)).toContain('p9')
  expect(lanes.held(3000)).toEqual([])
  expect(lanes.open(phone('p9'), 3000)).toBe(true)
  expect(lanes.open(phone('p8'), 3000)).toBe(false)
})

test('the first that gets through frees every phone that waited, once', () => {
  const lanes = ill()
  lanes.open(phone('p9'), 1500)
  const freed = lanes.ended(phone('p0'), { kind: 'taken' }, 4000)
  expect([...(freed ?? [])].sort()).toEqual(['p0', 'p1', 'p2', 'p9'])
  expect(lanes.ended(phone('p1'), { kind: 'taken' }, 4000)).toBeUndefined()
  expect(lanes.open(phone('p9'), 4000)).toBe(true)
})

test('calls beyond the four places, as emergencies are, keep the device full until they have ended too', () => {
  const lanes = new Lanes()
  for (let i = 0; i < 5; i++) lanes.began(asId('p'))
  lanes.ended(phone('p'), { kind: 'taken' }, 0)
  expect([lanes.room(asId('p')), lanes.held(0)]).toEqual([false, ['p']])
  lanes.ended(phone('p'), { kind: 'taken' }, 0)
  expect([lanes.room(asId('p')), lanes.held(0)]).toEqual([true, []])
})

test('the phones at which a provider failed when it fell ill wait with the others', () => {
  expect([...ill().held(1500)].sort()).toEqual(['p1', 'p2'])
})

test('what we held back ourselves says nothing of the provider', () => {
  const lanes = new Lanes()
  const ours = { kind: 'later', fault: 'provider-circuit-open' } as const
  for (let i = 0; i < 9; i++) lanes.ended(phone(`p${i % 3}`), ours, 1000)
  expect(lanes.open(phone('p9'), 1000)).toBe(true)
})

test('not more than two thousand waiting phones are named', () => {
  const lanes = ill()
  for (let i = 0; i < 2100; i++) lanes.open(phone(`w${i}`), 1500)
  expect(lanes.held(1500)).toHaveLength(2000)
})
