import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Page } from '../../../src/core/bleep/bleep.ts'
import { type AlertId, alertAlike, asId, type BleepId, type FeedId } from '../../../src/core/ids.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { type Store, StoreFault } from '../../../src/ports/store.ts'
import { openAlikeIds } from '../../../src/run/line/alike-ids.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { countingRandom } from '../../support/ward.ts'

const START = Date.UTC(2026, 10, 30, 9)
let store: Store
beforeEach(async () => {
  store = await openSqlite(':memory:')
})
afterEach(() => store.close())

const node = (on: Store = store) =>
  openAlikeIds({
    ...{ store: on, clock: new VirtualClock(START), random: countingRandom() },
    common: (feed) => feed !== 'switchboard',
    mac: (key, text) => createHmac('sha256', key).update(text).digest(),
  })

const page = (text: string, at = START): Page => ({
  ...{ to: { scheme: 'number', number: '2222' }, type: 'alpha', text, quality: 'clean' },
  ...{ corrected: 0, fields: {}, firstByte: at - 300, lastByte: at },
})
const air = { feed: asId<FeedId>('air'), tap: 'air', repeatMs: 0 }

test('two nodes give one id to what both heard, each time the same words come, and another to all else', async () => {
  const [one, two] = [await node(), await node()]
  const ids = (of: typeof one) => [
    of(air, '2222', page('ARREST 7B')),
    of(air, '2222', page('ARREST 7B', START + 20_000)),
    of(air, '2222', page('ARREST 7C')),
    of(air, '1113', page('ARREST 7B')),
    of(air, '2222', page('ARREST 7B', START + 301_000)),
  ]
  const first = ids(one)
  expect(ids(two)).toEqual(first)
  expect(new Set(first).size).toBe(5)
})

test('two taps of a node that hear one page take it for one; what a line of its own brings is its own', async () => {
  const of = await node()
  expect(of({ ...air, tap: 'roof' }, '2222', page('ARREST'))).toBe(of(air, '2222', page('ARREST')))
  const own = () => of({ ...air, feed: asId('switchboard') }, '2222', page('ARREST'))
  expect(own()).not.toBe(own())
  expect(alertAlike(own())).toBeDefined()
})

test('the words cannot be tried on an id: each site has a key, and without one there are no such ids', async () => {
  const other = await openSqlite(':memory:')
  await other.transact((tx) => tx.notes.set('alike-key', 'another', START))
  expect((await node(other))(air, '2222', page('ARREST'))).not.toBe(
    (await node())(air, '2222', page('ARREST')),
  )
  await other.close()
  const away: Store = { ...store, transact: () => Promise.reject(new StoreFault('store-lost')) }
  const none = await node(away)
  expect(none(air, '2222', page('ARREST'))).not.toBe(none(air, '2222', page('ARREST')))
})

test('the first alert of such a bleep is alike as well, and of no other', async () => {
  const bleep = (await node())(air, '2222', page('ARREST'))
  const alert: AlertId | undefined = alertAlike(bleep)
  expect(alert).toMatch(/^[0-9a-f-]{36}$/)
  expect(alert).not.toBe(bleep)
  expect(alertAlike(asId<BleepId>('0199b1f0-0000-7000-8000-000000000000'))).toBeUndefined()
})
