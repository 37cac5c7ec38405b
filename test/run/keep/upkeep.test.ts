import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../src/core/instant.ts'
import { sha256 } from '../../../src/io/store/audit.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import { isSound, verifyAudit } from '../../../src/run/keep/audit-verify.ts'
import { startUpkeep } from '../../../src/run/keep/upkeep.ts'
import { USUAL_KEEPS } from '../../support/keeps.ts'
import { listeningMetrics, quietLog } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const START = Date.UTC(2026, 10, 20, 9)
let store: Store
let clock: VirtualClock
beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock(START)
})
afterEach(() => store.close())

const append = async (n: number) => {
  for (let i = 0; i < n; i++)
    await store.transact((tx) =>
      tx.audit.append({ at: START + i, actor: 'op', action: 'x', subject: `a${i}`, outcome: 'done' }),
    )
}
/** Content taken away without a word, as by somebody who has the database file. */
const hide = (seq: number) => store.transact((tx) => tx.audit.forget([seq]))

test('the chain is followed at start and once a day, and a hidden entry is an alarm with its number', async () => {
  await append(450)
  const metrics = listeningMetrics()
  const upkeep = startUpkeep({
    ...{ store, clock, wake: store.wake, log: quietLog, metrics, digest: sha256, keeps: USUAL_KEEPS },
  })
  const intact = () =>
    metrics.gauges.filter(([name]) => name === 'bleepbridge_audit_intact').map(([, n]) => n)
  await clock.elapse(MINUTE)
  expect(intact()).toEqual([1])
  expect(upkeep.troubles()).toEqual([])
  await hide(300)
  await clock.elapse(2 * HOUR)
  expect(intact()).toEqual([1])
  await clock.elapse(DAY)
  expect(intact()).toEqual([1, 0])
  expect(upkeep.troubles()).toEqual([{ code: 'audit-broken', subject: 'audit', detail: 'entry 300' }])
  await upkeep.stop()
  expect(clock.pending).toBe(0)
})

test('captures are swept each hour by their keep time, and counted', async () => {
  const swept: number[] = []
  const metrics = listeningMetrics()
  const upkeep = startUpkeep({
    ...{ store, clock, wake: store.wake, log: quietLog, metrics, digest: sha256 },
    keeps: { ...USUAL_KEEPS, captures: 2 },
    async sweep(before) {
      swept.push((clock.now() - before) / DAY)
      return 3
    },
  })
  await clock.elapse(2 * HOUR + MINUTE)
  expect(swept).toEqual([2, 2, 2])
  expect(metrics.counted[0]).toEqual(['bleepbridge_retention_erased_total', { data: 'captures' }, 3])
  await upkeep.stop()
})

test('a place in the chain that was written down is held against it', async () => {
  await append(5)
  const rows = await store.transact((tx) => tx.audit.since(0, 9))
  const anchor = { seq: 3, digest: rows[2]!.digest }
  const parts = { store, clock, digest: sha256 }
  const whole = await verifyAudit(parts, anchor)
  expect([isSound(whole), whole.seq]).toEqual([true, 5])
  expect((await verifyAudit(parts, { ...anchor, digest: 'other' })).broken).toEqual({
    seq: 3,
    why: 'other-chain',
  })
  expect((await verifyAudit(parts, { seq: 9, digest: 'x' })).broken).toEqual({ seq: 5, why: 'cut-off' })
})
