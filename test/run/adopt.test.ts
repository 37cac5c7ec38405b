import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Neighbour } from '../../src/ports/neighbours.ts'
import { type Store, StoreFault } from '../../src/ports/store.ts'
import { type AdoptParts, startAdopt } from '../../src/run/alert/adopt.ts'
import type { Loop } from '../../src/run/loop.ts'
import { quietMetrics } from '../support/quiet.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

let store: Store
let clock: VirtualClock
let loop: Loop
let apart: boolean
let all: readonly Neighbour[]
let adopted: number
/** How many calls there were to go on with. */
let calls: number
let meets: Error | undefined
let said: string[]

beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock()
  apart = false
  all = []
  adopted = 0
  said = []
  calls = 3
  meets = undefined
  loop = started({ neighbours: { ask: async () => all } })
})
const write = (what: string, more?: object) => void said.push([what, ...Object.values(more ?? {})].join(' '))
const started = (more: Pick<AdoptParts, 'neighbours'>): Loop =>
  startAdopt({
    ...{ clock, metrics: quietMetrics, wake: store.wake, node: 'two' },
    log: { info: write, warn: write, error: write, debug: write },
    apart: () => apart,
    adopt: async () => {
      if (meets) throw meets
      adopted += 1
      return calls
    },
    ...more,
  })
afterEach(async () => {
  await loop.stop()
  await store.close()
})

const WELL: Neighbour = { node: 'zulu', fit: true, apart: false }

test.each<[string, readonly Neighbour[], number, number]>([
  ['nobody answers', [], 1, 1],
  ['one has the database', [WELL], 0, 0],
  ['one has the database and is not fit', [{ ...WELL, fit: false }], 1, 1],
  ['one is apart as well, and comes behind us', [{ ...WELL, apart: true }], 1, 1],
  ['one is apart as well, and comes before us', [{ ...WELL, node: 'one', apart: true }], 0, 0],
  ['one has not said yet how it is', [{ ...WELL, fit: false, slow: true }], 0, 1],
])('calls that were open when we went apart, when %s', async (_, neighbours, first, later) => {
  all = neighbours
  await clock.elapse(2000)
  expect(adopted).toBe(0)
  apart = true
  await clock.elapse(600)
  expect(adopted).toBe(first)
  await clock.elapse(3000)
  expect(adopted).toBe(later)
})

test('a neighbour that went on with them and is gone leaves them to us; each absence asks anew', async () => {
  all = [WELL]
  apart = true
  await clock.elapse(3000)
  expect(adopted).toBe(0)
  all = []
  await clock.elapse(600)
  expect(adopted).toBe(1)
  apart = false
  await clock.elapse(600)
  apart = true
  await clock.elapse(600)
  expect(adopted).toBe(2)
})

test('a site of one node goes on with them at once', async () => {
  await loop.stop()
  loop = started({})
  apart = true
  await clock.elapse(500)
  expect(adopted).toBe(1)
})

test.each([
  [3, ['calls-adopted 3']],
  [0, []],
])('that %i calls were gone on with is told so: %j', async (open, told) => {
  calls = open
  apart = true
  await clock.elapse(3000)
  expect([adopted, said]).toEqual([1, told])
})

test('a node that answers nothing is waited for a second and a half, in each absence', async () => {
  all = [{ ...WELL, fit: false, slow: true }]
  await clock.elapse(500)
  for (const times of [1, 2]) {
    apart = true
    await clock.elapse(1999)
    expect(adopted).toBe(times - 1)
    await clock.elapse(1)
    expect(adopted).toBe(times)
    apart = false
    await clock.elapse(500)
  }
})

test('a node of our own name is ourselves', async () => {
  all = [{ ...WELL, node: 'two', apart: true }]
  apart = true
  await clock.elapse(500)
  expect(adopted).toBe(1)
})

test('what keeps them from going on is told by name, and tried again twice a second', async () => {
  await clock.elapse(500)
  meets = new StoreFault('store-full')
  apart = true
  await clock.elapse(500)
  expect(said).toEqual([expect.stringMatching(/^defect store-full adopt/)])
  meets = undefined
  await clock.elapse(500)
  expect(adopted).toBe(1)
})
