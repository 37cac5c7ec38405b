import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Attempt } from '../../../src/core/deliver/attempt.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import { Lanes } from '../../../src/core/deliver/lanes.ts'
import { asId } from '../../../src/core/ids.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import { type AheadTools, storeAhead } from '../../../src/run/deliver/ahead.ts'
import { aBleep, anAlert, anAttempt } from '../../contract/store.ts'
import { aPhone, takingChannels } from '../../support/delivery.ts'

// What goes with the very commit that asks for it, and what is left to be claimed.

const NOW = 5000
const later = { kind: 'later', fault: 'provider-timeout' } as const
const channels = takingChannels()

let store: Store
let lanes: Lanes
beforeEach(async () => {
  lanes = new Lanes()
  store = await openSqlite(':memory:')
  await store.transact(async (tx) => {
    await tx.bleeps.add(aBleep('b1'))
    await tx.alerts.add(anAlert('a1', 'b1'), [])
  })
})
afterEach(() => store.close())

const asked = (id: string, more: Partial<Attempt> = {}, device: Partial<Device> = {}) => {
  const phone = { ...aPhone(more.device ?? id), ...device }
  return { attempt: anAttempt(id, 'a1', { device: phone.id, ...more }), device: phone }
}
type Ask = ReturnType<typeof asked>

/** Which of these went, and the state that each is stored in. */
const stored = async (asks: readonly Ask[], more: Partial<AheadTools> = {}) => {
  const tools: AheadTools = {
    ...{ channels, lanes, free: () => 99, holder: (now) => ({ owner: 'node-1', until: now + 30_000 }) },
    ...more,
  }
  const going = await store.transact((tx) => storeAhead(tx, asks, aBleep('b1'), NOW, tools))
  const all = await store.transact((tx) => tx.attempts.ofAlert(asId('a1')))
  return {
    going: going.map(({ attempt }) => attempt.id),
    ready: going,
    states: Object.fromEntries(all.map(({ id, state }) => [id, state])),
  }
}

test('what can go is stored as handed over by us, and is given back with all that is needed to send it', async () => {
  const one = asked('t1')
  const { ready, states } = await stored([one])
  expect(ready).toMatchObject([{ attempt: { id: 't1', state: 'handed' }, bleep: { id: 'b1' } }])
  expect(ready[0]?.channel).toBe(channels.get('webpush'))
  expect(ready[0]?.device).toBe(one.device)
  expect(states).toEqual({ t1: 'handed' })
  const others = await store.transact((tx) =>
    tx.attempts.claim({ owner: 'node-2', now: NOW + 29_000, until: NOW + 60_000, limit: 9 }),
  )
  expect(others).toEqual([])
})

test.each<[string, Ask]>([
  ['by a way that the site has not', asked('t1', { channel: 'ntfy' })],
  ['by radio', asked('t1', { channel: 'radio' })],
  ['to a device that was revoked', asked('t1', {}, { state: 'revoked' })],
  ['to an address that is dead', asked('t1', {}, { state: 'dead' })],
  ['that is not due', asked('t1', { due: NOW + 1 })],
  ['that would ring too late', asked('t1', { expires: NOW })],
])('what is asked for %s is left to the loop, and holds back nobody', async (_, ask) => {
  expect(await stored([ask, asked('t2')])).toMatchObject({
    going: ['t2'],
    states: { t1: 'queued', t2: 'handed' },
  })
})

test('a phone whose push address is dead still hears by its socket; what is due now goes now', async () => {
  expect((await stored([asked('t1', { channel: 'socket', due: NOW }, { state: 'dead' })])).going).toEqual([
    't1',
  ])
})

test('no more go than there are places, by class', async () => {
  const free: AheadTools['free'] = ({ class: c }) => (c === 'emergency' ? 3 : 2)
  const asks = [
    asked('t1'),
    asked('t2'),
    asked('t3'),
    asked('t4', { class: 'emergency' }),
    asked('t5', { class: 'emergency' }),
  ]
  expect(await stored(asks, { free })).toMatchObject({
    going: ['t1', 't2', 't4'],
    states: { t3: 'queued', t5: 'queued' },
  })
})

test('with no place free nothing goes, and everything is stored', async () => {
  expect(await stored([asked('t1'), asked('t2')], { free: () => 0 })).toMatchObject({
    going: [],
    states: { t1: 'queued', t2: 'queued' },
  })
})

describe('one phone', () => {
  const six = (more: Partial<Attempt> = {}) =>
    [1, 2, 3, 4, 5, 6].map((n) => asked(`t${n}`, { device: asId('d1'), ...more }))

  test('is given four at once, and another phone beside it all of its own', async () => {
    const { going } = await stored([...six(), asked('t7')])
    expect(going.toSorted()).toEqual(['t1', 't2', 't3', 't4', 't7'])
  })

  test('has what is under way counted', async () => {
    for (let i = 0; i < 3; i++) lanes.began(asId('d1'))
    expect((await stored(six())).going).toEqual(['t1'])
  })

  test('is given every emergency', async () => {
    expect((await stored(six({ class: 'emergency' }))).going).toHaveLength(6)
  })
})

test('behind a provider that answers nobody an emergency goes and nothing else', async () => {
  for (let i = 0; i < 5; i++) lanes.ended(aPhone(`ill-${i}`), later, NOW)
  const { states } = await stored([asked('t1'), asked('t2', { class: 'emergency' })])
  expect(states).toEqual({ t1: 'queued', t2: 'handed' })
})

test('what somebody else stored before is theirs to send', async () => {
  await store.transact((tx) => tx.attempts.add([asked('t1').attempt]))
  const again = { ...asked('t1b', { key: 'key-t1' }) }
  expect((await stored([again, asked('t2')])).going).toEqual(['t2'])
})
