import { expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { startSiteWatch } from '../../../src/run/watch/site-watch.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

test('nodes that work with different site files say so, once a reload has had its time, until they agree', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 29, 9))
  const store = await openSqlite(':memory:')
  const parts = {
    store,
    clock,
    log: quietLog,
    metrics: quietMetrics,
    wake: store.wake,
    readable: async () => true,
  }
  const prints = { north: 'a', south: 'a' }
  const north = startSiteWatch({ ...parts, node: 'north', print: () => prints.north })
  const south = startSiteWatch({ ...parts, node: 'south', print: () => prints.south })
  await clock.elapse(5 * MINUTE)
  expect([north.troubles(), south.troubles()]).toEqual([[], []])

  // One node after the other is told of a change: that is no trouble yet.
  prints.north = 'b'
  await clock.elapse(MINUTE)
  expect([north.troubles(), south.troubles()]).toEqual([[], []])
  await clock.elapse(2 * MINUTE)
  expect(north.troubles()).toEqual([{ code: 'site-differs', subject: 'files', detail: 'south' }])
  expect(south.troubles()).toEqual([{ code: 'site-differs', subject: 'files', detail: 'north' }])

  prints.south = 'b'
  await clock.elapse(30 * SECOND)
  expect([north.troubles(), south.troubles()]).toEqual([[], []])

  // A node that is not there differs from nobody.
  prints.south = 'c'
  await clock.elapse(30 * SECOND)
  await south.stop()
  await clock.elapse(5 * MINUTE)
  expect(north.troubles()).toEqual([])
  await north.stop()
  await store.close()
})

test('where nobody shares the database nothing is written and nothing is told', async () => {
  const clock = new VirtualClock()
  const store = await openSqlite(':memory:')
  const parts = {
    store,
    clock,
    log: quietLog,
    metrics: quietMetrics,
    wake: store.wake,
    readable: async () => true,
  }
  const watch = startSiteWatch({ ...parts, node: 'only', print: () => undefined })
  await clock.elapse(5 * MINUTE)
  expect(watch.troubles()).toEqual([])
  expect(await store.transact((tx) => tx.notes.list('site-files/'))).toEqual([])
  await watch.stop()
  await store.close()
})

test('files that are away are told after a minute, and no more once they are back', async () => {
  const clock = new VirtualClock()
  const store = await openSqlite(':memory:')
  let there = true
  const parts = { store, clock, log: quietLog, metrics: quietMetrics, wake: store.wake }
  const readable = async () => there
  const watch = startSiteWatch({ ...parts, node: 'only', print: () => undefined, readable })
  await clock.elapse(MINUTE)
  there = false
  await clock.elapse(50 * SECOND)
  expect(watch.troubles()).toEqual([])
  await clock.elapse(30 * SECOND)
  expect(watch.troubles()).toEqual([{ code: 'site-unreadable', subject: 'files' }])
  there = true
  await clock.elapse(20 * SECOND)
  expect(watch.troubles()).toEqual([])
  await watch.stop()
  await store.close()
})
