import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Page } from '../../../src/core/bleep/bleep.ts'
import { type AlertId, alertAlike, asId, type BleepId, type FeedId, uuid8 } from '../../../src/core/ids.ts'
import { SECOND } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Log } from '../../../src/ports/log.ts'
import { type Store, StoreFault } from '../../../src/ports/store.ts'
import { openAlikeIds } from '../../../src/run/line/alike-ids.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'
import { countingRandom } from '../../support/ward.ts'

const START = Date.UTC(2026, 10, 30, 9)
let store: Store
beforeEach(async () => {
  store = await openSqlite(':memory:')
})
afterEach(() => store.close())

const node = (on: Store = store, log: Log = quietLog) =>
  openAlikeIds({
    ...{
      store: on,
      clock: new VirtualClock(START),
      random: countingRandom(),
      log,
      metrics: quietMetrics,
    },
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

test('a node that starts while the database is away gives the same ids as soon as it is back', async () => {
  let away = true
  const late: Store = {
    ...store,
    transact: (work) => (away ? Promise.reject(new StoreFault('store-lost')) : store.transact(work)),
  }
  const [one, two] = [await node(late), await node()]
  expect(one(air, '2222', page('ARREST'))).not.toBe(two(air, '2222', page('ARREST')))
  await settle()
  away = false
  // The first page after it finds that the database is back.
  one(air, '2222', page('FALL'))
  await settle(20)
  expect(one(air, '2222', page('TEST'))).toBe(two(air, '2222', page('TEST')))
})

test('the first alert of such a bleep is alike as well, and of no other', async () => {
  const bleep = (await node())(air, '2222', page('ARREST'))
  const alert: AlertId | undefined = alertAlike(bleep)
  expect(alert).toMatch(/^[0-9a-f-]{36}$/)
  expect(alert).not.toBe(bleep)
  expect(alertAlike(asId<BleepId>('0199b1f0-0000-7000-8000-000000000000'))).toBeUndefined()
})

test('nodes that time a page a second apart, or heard others in another order, give it one id all the same', async () => {
  const [one, two] = [await node(), await node()]
  const first = one(air, '2222', page('ARREST 7B'))
  two(air, '1113', page('FALL'))
  expect(two(air, '2222', page('ARREST 7B', START + SECOND))).toBe(first)
  // It lies among what came in its minutes.
  expect(first.slice(0, 13)).toBe(uuid8(START, new Uint8Array(10)).slice(0, 13))
})

test('a page that is stored again keeps the id that it was given', async () => {
  const of = await node()
  const tried = page('ARREST')
  expect(of(air, '2222', tried)).toBe(of(air, '2222', tried))
})

test('how often words came is remembered for the last thousand texts, from when each came last', async () => {
  const [one, two] = [await node(), await node()]
  const hear = (of: typeof one, text = 'ARREST') => of(air, '2222', page(text))
  const twoHears = [hear(two), hear(two), hear(two)]
  expect(new Set(twoHears).size).toBe(3)
  const third = twoHears[2]
  const first = hear(one)
  let text = 0
  const others = (many: number) => Array.from({ length: many }, () => hear(one, `text ${text++}`))
  others(900)
  hear(one)
  others(999)
  expect(hear(one)).toBe(third)
  others(1000)
  expect(hear(one)).toBe(first)
})

test('the key is written once, whole, by a database and never by a part of one', async () => {
  const key = () => store.transact((tx) => tx.notes.get('alike-key'))
  const part: Store = {
    ...store,
    transact: (work) => store.transact((tx) => work({ ...tx, isPart: true })),
  }
  const none = await node(part)
  expect(none(air, '2222', page('ARREST'))).not.toBe(none(air, '2222', page('ARREST')))
  expect(await key()).toBeUndefined()
  await node()
  const made = await key()
  expect(made).toMatch(/^[0-9a-f]{64}$/)
  await node(part)
  expect(await key()).toBe(made)
  const asked: string[] = []
  await node({
    ...store,
    transact: (work) => store.transact((tx) => work({ ...tx, alone: async (name) => void asked.push(name) })),
  })
  expect(asked).toEqual(['alike-key'])
})

describe('a key that is not there', () => {
  /** A database that was away at the start; from then on each time it is asked, the test answers. */
  async function withoutKey() {
    const asked: PromiseWithResolvers<never>[] = []
    let there = false
    const said: unknown[] = []
    const transact: Store['transact'] = () => {
      if (!there) return Promise.reject(new StoreFault('store-lost'))
      asked.push(Promise.withResolvers())
      return asked.at(-1)!.promise
    }
    const log = { ...quietLog, error: (what: string, more?: object) => void said.push([what, more]) }
    const of = await node({ ...store, transact }, log)
    there = true
    return { of, asked, said }
  }

  test('is asked for once at a time, however many pages come meanwhile, and only for what all hear', async () => {
    const { of, asked } = await withoutKey()
    of({ ...air, feed: asId('switchboard') }, '2222', page('FALL'))
    expect(asked).toHaveLength(0)
    for (const text of ['ARREST', 'FALL', 'FIRE']) of(air, '2222', page(text))
    expect(asked).toHaveLength(1)
    asked[0]!.reject(new StoreFault('store-lost'))
    await settle()
    of(air, '2222', page('ARREST'))
    expect(asked).toHaveLength(2)
  })

  test('because of a defect is told, and asked for again', async () => {
    const { of, asked, said } = await withoutKey()
    of(air, '2222', page('ARREST'))
    asked[0]!.reject(new TypeError('planted'))
    await settle()
    expect(said).toEqual([
      ['defect', expect.objectContaining({ fault: 'task-failed', subject: 'alike-ids' })],
    ])
    of(air, '2222', page('ARREST'))
    expect(asked).toHaveLength(2)
  })
})

test('a key that is there is asked for no more', async () => {
  let asked = 0
  const of = await node({
    ...store,
    transact: (work, within) => {
      asked += 1
      return store.transact(work, within)
    },
  })
  of(air, '2222', page('ARREST'))
  expect(asked).toBe(1)
})

test('a defect while the key is looked for is no absent store', async () => {
  const broken: Store = { ...store, transact: () => Promise.reject(new TypeError('planted')) }
  await expect(node(broken)).rejects.toThrow('planted')
})
