import { afterEach, beforeEach, expect, test } from 'vitest'
import { asId } from '../../../src/core/ids.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { type Store, StoreFault } from '../../../src/ports/store.ts'
import { keepReports } from '../../../src/run/deliver/provider-reports.ts'
import { aBleep, anAlert, anAttempt } from '../../contract/store.ts'
import { listeningMetrics, quietLog } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'

let store: Store
let rung = 0
const clock = new VirtualClock(7000)
beforeEach(async () => {
  rung = 0
  store = await openSqlite(':memory:')
  store.wake.on('alerts', () => {
    rung += 1
  })
  await store.transact(async (tx) => {
    await tx.bleeps.add(aBleep('b1'))
    await tx.alerts.add(anAlert('a1', 'b1'), [])
  })
})
afterEach(() => store.close())

const report = async (alert: string, of: Store = store) => {
  const metrics = listeningMetrics()
  keepReports({ store: of, clock, metrics, log: quietLog })(anAttempt('t1', alert), 'text-delivered')
  await settle(20)
  return metrics.counted
}

test('what a network says later is on the record of the alert, whose screens look again', async () => {
  expect(await report('a1')).toEqual([])
  expect(await store.transact((tx) => tx.hops.of(asId('b1')))).toMatchObject([
    {
      ...{ bleep: 'b1', alert: 'a1', hop: 'text-delivered', at: 7000, class: 'routine', clock: 'ours' },
      ...{ device: 'd1', attempt: 't1', person: 'p1' },
    },
  ])
  expect(rung).toBe(1)
})

test('of a test of the way nothing is kept, and nobody is woken', async () => {
  expect(await report('self-test')).toEqual([])
  expect(rung).toBe(0)
})

test('what cannot be kept is told', async () => {
  const away: Store = { ...store, transact: () => Promise.reject(new StoreFault('store-lost')) }
  expect(await report('a1', away)).toMatchObject([['bleepbridge_faults_total', { fault: 'step-failed' }, 1]])
})
