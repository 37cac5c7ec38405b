import { afterEach, beforeEach, expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { type Store, StoreFault } from '../../../src/ports/store.ts'
import { startTrail } from '../../../src/run/keep/trail.ts'
import { listeningMetrics, quietLog } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let store: Store
let clock: VirtualClock
let away: boolean
let metrics: ReturnType<typeof listeningMetrics>
beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock()
  away = false
  metrics = listeningMetrics()
})
afterEach(() => store.close())

const start = () =>
  startTrail({
    store: {
      ...store,
      transact: (work) => (away ? Promise.reject(new StoreFault('store-lost')) : store.transact(work)),
    },
    ...{ clock, wake: store.wake, log: quietLog, metrics },
  })
const onRecord = async () =>
  (await store.transact((tx) => tx.audit.since(0, 99))).map(
    ({ actor, action, subject }) => `${actor} ${action} ${subject}`,
  )

test('a look is on the record within a second, once for each person, thing and quarter of an hour', async () => {
  const trail = start()
  for (const actor of ['op', 'op', 'other']) trail.looked(actor, 'alert.read', 'a1')
  trail.looked('op', 'alert.read', 'a2')
  await clock.elapse(SECOND)
  const first = ['op alert.read a1', 'other alert.read a1', 'op alert.read a2']
  expect(await onRecord()).toEqual(first)
  await clock.elapse(14 * MINUTE)
  trail.looked('op', 'alert.read', 'a1')
  await clock.elapse(SECOND)
  expect(await onRecord()).toEqual(first)
  await clock.elapse(MINUTE)
  trail.looked('op', 'alert.read', 'a1')
  await clock.elapse(SECOND)
  expect(await onRecord()).toEqual([...first, 'op alert.read a1'])
  await trail.stop()
  expect(clock.pending).toBe(0)
})

test('acts are all on the record, in order, with who was refused', async () => {
  const trail = start()
  trail.did({ actor: 'op', action: 'session.open', subject: '', outcome: 'refused' })
  trail.did({ actor: 'op', action: 'session.open', subject: '' })
  await trail.stop()
  const rows = await store.transact((tx) => tx.audit.since(0, 9))
  expect(rows.map(({ outcome }) => outcome)).toEqual(['refused', 'done'])
  expect(metrics.counted.map(([, labels]) => labels?.outcome)).toEqual(['refused', 'done'])
})

test('while the database is away entries wait, with their own times; what is told when stopping is kept', async () => {
  const trail = start()
  const began = clock.now()
  away = true
  trail.looked('op', 'alert.read', 'a1')
  await clock.elapse(5 * SECOND)
  away = false
  await clock.elapse(2 * SECOND)
  trail.looked('op', 'alert.read', 'a2')
  await trail.stop()
  const rows = await store.transact((tx) => tx.audit.since(0, 9))
  expect(rows.map(({ at, subject }) => [at - began, subject])).toEqual([
    [0, 'a1'],
    [7 * SECOND, 'a2'],
  ])
})

test('what may wait is bounded, and what is dropped is counted', async () => {
  const trail = start()
  away = true
  for (let i = 0; i < 20_003; i++) trail.did({ actor: 'op', action: 'x', subject: `${i}` })
  expect(metrics.counted.filter(([, labels]) => labels?.outcome === 'dropped')).toHaveLength(3)
  away = false
  await trail.stop()
  const first = await store.transact((tx) => tx.audit.since(0, 1))
  expect(first[0]?.subject).toBe('3')
})
