import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Bleep, Page } from '../../src/core/bleep/bleep.ts'
import { asId } from '../../src/core/ids.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Neighbour } from '../../src/ports/neighbours.ts'
import type { Store } from '../../src/ports/store.ts'
import { createElsewhere, type Rings } from '../../src/run/alert/elsewhere.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

let store: Store
let clock: VirtualClock
beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock()
})
afterEach(() => store.close())

async function heard(...feeds: readonly string[]): Promise<Bleep> {
  const at = clock.now()
  const page: Page = {
    ...{ to: { scheme: 'number', number: '2222' }, type: 'alpha', text: 'CARDIAC ARREST', quality: 'clean' },
    ...{ corrected: 0, fields: {}, firstByte: at, lastByte: at },
  }
  const id = asId<Bleep['id']>(`b-${at}`)
  const bleep: Bleep = {
    ...{ id, number: '2222', page, received: at, stage: 'received', passed: { decoded: at } },
    ...{ sightings: feeds.length, repeats: 0 },
  }
  await store.transact(async (tx) => {
    await tx.bleeps.add(bleep)
    for (const feed of feeds)
      await tx.bleeps.sight({
        ...{ id: asId(`${id}-${feed}`), bleep: id, feed: asId(feed), tap: feed, node: asId('two'), page },
        ...{ begun: at, reason: 'first-sighting' },
      })
  })
  return bleep
}

const elsewhere = (all: readonly Neighbour[], apart = true) =>
  createElsewhere({
    ...{ store, clock, node: 'two' },
    neighbours: { ask: async () => all },
    apart: () => apart,
    common: (feed) => feed === 'air',
  })

const WELL: Neighbour = { node: 'zulu', fit: true, apart: false }

test.each<[string, readonly Neighbour[], Rings, Rings]>([
  ['nobody answers', [], 'here', 'here'],
  ['one has the database', [WELL], 'unsure', 'there'],
  ['one has the database and is not fit', [{ ...WELL, fit: false }], 'here', 'here'],
  ['one is apart as well, and comes behind us', [{ ...WELL, apart: true }], 'here', 'here'],
  ['one is apart as well, and comes before us', [{ ...WELL, node: 'one', apart: true }], 'unsure', 'there'],
  ['one has not said yet how it is', [{ ...WELL, fit: false, slow: true }], 'unsure', 'here'],
  [
    'one that comes before us is losing the database now',
    [{ ...WELL, node: 'one', fit: false }],
    'unsure',
    'here',
  ],
])('a bleep from the air while we are apart, when %s', async (_, all, first, later) => {
  const bleep = await heard('air')
  const rings = elsewhere(all)
  expect(await rings(bleep)).toBe(first)
  await clock.elapse(1600)
  expect(await rings(bleep)).toBe(later)
})

test('what a line of ours alone has heard rings here, and so does everything while we have the database', async () => {
  expect(await elsewhere([WELL])(await heard('switchboard'))).toBe('here')
  await clock.elapse(10)
  expect(await elsewhere([WELL])(await heard('air', 'switchboard'))).toBe('here')
  await clock.elapse(10)
  expect(await elsewhere([WELL], false)(await heard('air'))).toBe('here')
})

test('a neighbour that was well before the page came and is not any more is not relied on', async () => {
  let all: readonly Neighbour[] = [WELL]
  const ask = createElsewhere({
    ...{ store, clock, node: 'two', apart: () => true, common: () => true },
    neighbours: { ask: async () => all },
  })
  expect(await ask(await heard('air'))).toBe('unsure')
  all = []
  await clock.elapse(10)
  expect(await ask(await heard('air'))).toBe('here')
})

test.each<[string, Neighbour, number, Rings]>([
  ['has rung it', WELL, 999, 'unsure'],
  ['has rung it', WELL, 1000, 'there'],
  ['is about to go on by itself', { ...WELL, fit: false, slow: true }, 1499, 'unsure'],
  ['is about to go on by itself', { ...WELL, fit: false, slow: true }, 1500, 'here'],
  ['is of our own name', { ...WELL, node: 'two', apart: true }, 0, 'here'],
])('whether a neighbour %s: %j after %i ms', async (_, neighbour, later, rings) => {
  const bleep = await heard('air')
  await clock.elapse(later)
  expect(await elsewhere([neighbour])(bleep)).toBe(rings)
})

test('neighbours are asked once for all that comes within their answer’s time', async () => {
  let asked = 0
  const rings = createElsewhere({
    ...{ store, clock, node: 'two', apart: () => true, common: () => true },
    neighbours: {
      ask: async () => {
        asked += 1
        return []
      },
    },
  })
  const bleep = await heard('air')
  await rings(bleep)
  await clock.elapse(400)
  await rings(bleep)
  expect(asked).toBe(1)
  await clock.elapse(1)
  await rings(bleep)
  expect(asked).toBe(2)
})
