import { expect, test } from 'vitest'
import type { Device } from '../../../src/core/deliver/device.ts'
import { GoneHosts, heardGone, isReachable, SECOND_TRY, stillThere } from '../../../src/core/deliver/gone.ts'
import { readdressed } from '../../../src/core/deliver/proof.ts'
import { asId } from '../../../src/core/ids.ts'
import { aPhone } from '../../support/delivery.ts'

const AT = Date.UTC(2026, 10, 22, 3, 0)
const phone = aPhone('phone')

test('an address is believed gone the second time, a minute later', () => {
  const once = heardGone(phone, AT, false)
  expect(once).toMatchObject({ state: 'active', saidGone: AT })
  expect(heardGone(once, AT + SECOND_TRY - 1, false)).toBe(once)
  const dead = heardGone(once, AT + SECOND_TRY, false)
  expect(dead.state).toBe('dead')
  expect(dead).not.toHaveProperty('saidGone')
  expect(heardGone(dead, AT + 2 * SECOND_TRY, false)).toBe(dead)
})

test('while its push service says so of everybody, nobody is dropped', () => {
  const once = heardGone(phone, AT, true)
  expect(heardGone(once, AT + SECOND_TRY, true)).toBe(once)
})

test('what was taken shows that the address is there, and a new address is a new start', () => {
  const once = heardGone(phone, AT, false)
  expect(stillThere(once)).toEqual(phone)
  expect(stillThere(phone)).toBe(phone)
  expect(readdressed({ ...once, state: 'dead' }, 'webpush', '{"new":1}', AT + 5)).toEqual({
    ...phone,
    ...{ address: '{"new":1}', subscribed: AT + 5, proved: {} },
  })
})

test('a dead address is no dead phone', () => {
  const states = (['active', 'dead', 'signed-out', 'revoked'] as const).map(
    (state): Device => ({ ...phone, state }),
  )
  expect(states.map((d) => isReachable(d, 'webpush'))).toEqual([true, false, false, false])
  expect(states.map((d) => isReachable(d, 'socket'))).toEqual([true, true, false, false])
})

test('a host is doubted from its third phone on, for ten minutes, until it takes one', () => {
  const hosts = new GoneHosts()
  const say = (id: string, gone = true, at = AT) => hosts.heard('push.example', asId(id), gone, at)
  for (let i = 0; i < 5; i++) say('a')
  say('b')
  expect(hosts.doubted('push.example', AT)).toBe(false)
  say('c', true, AT + 1000)
  expect(hosts.doubted('push.example', AT + 1000)).toBe(true)
  expect(hosts.doubted('other.example', AT)).toBe(false)
  expect(hosts.doubted('push.example', AT + 600_000)).toBe(false)
  say('d', false)
  expect(hosts.doubted('push.example', AT + 1000)).toBe(false)
})
