import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Neighbour } from '../../src/ports/neighbours.ts'
import type { Store } from '../../src/ports/store.ts'
import { startAdopt } from '../../src/run/alert/adopt.ts'
import type { Loop } from '../../src/run/loop.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

let store: Store
let clock: VirtualClock
let loop: Loop
let apart: boolean
let all: readonly Neighbour[]
let adopted: number

beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock()
  apart = false
  all = []
  adopted = 0
  loop = startAdopt({
    ...{ clock, log: quietLog, metrics: quietMetrics, wake: store.wake, node: 'two' },
    neighbours: { ask: async () => all },
    apart: () => apart,
    adopt: async () => {
      adopted += 1
      return 3
    },
  })
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
