import { afterEach, expect, test } from 'vitest'
import { classify } from '../../src/core/bleep/classify.ts'
import { rulesSchema } from '../../src/core/bleep/rule-schema.ts'
import { compileRules } from '../../src/core/bleep/rules.ts'
import { asId, type BleepId } from '../../src/core/ids.ts'
import { policiesSchema } from '../../src/core/route/policy.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Store } from '../../src/ports/store.ts'
import { createAlerts } from '../../src/run/alert/alerts.ts'
import { startRaise } from '../../src/run/alert/raise.ts'
import { createIngest } from '../../src/run/line/ingest.ts'
import { storedTimes } from '../../src/run/line/stored-times.ts'
import { listeningMetrics, quietLog } from '../support/quiet.ts'
import { VirtualClock } from '../support/virtual-clock.ts'
import { aHolding, countingRandom, wardDirectory } from '../support/ward.ts'

let store: Store
afterEach(() => store.close())

/** Time passes a little with every transaction, so that no two hops fall together. */
async function aPath(kept = storedTimes()) {
  const clock = new VirtualClock()
  store = await openSqlite(':memory:')
  const metrics = listeningMetrics()
  const slow: Store = {
    ...store,
    async transact(work) {
      const done = await store.transact(work)
      clock.advance(10)
      return done
    },
  }
  const compiled = compileRules(rulesSchema.parse({}))
  if (!compiled.ok) throw new Error('the starter rules do not compile')
  const directory = () => wardDirectory(aHolding())
  const base = { store: slow, clock, random: countingRandom(), metrics, log: quietLog, directory }
  const ingest = createIngest({
    ...base,
    node: asId('n'),
    skewMs: 0,
    lag: () => 0,
    hearsRePages: () => true,
    onStored: kept.onStored,
  })
  const raise = startRaise({
    ...base,
    alerts: createAlerts({ ...base, radio: true }),
    classify: (bleep, known) => classify(bleep.page, bleep.number, known, compiled.rules),
    policies: () => policiesSchema.parse({}),
    storedAt: kept.storedAt,
  })
  await raise.stop()
  const at = clock.now()
  const done = await ingest.store(
    { feed: asId('air'), tap: 'air', repeatMs: 0 },
    {
      ...{ to: { scheme: 'number', number: '2222' }, type: 'alpha', text: 'CARDIAC ARREST WARD 7B' },
      ...{ quality: 'clean', corrected: 0, fields: {}, firstByte: at - 400, lastByte: at - 20 },
    },
    undefined,
    at - 3,
  )
  if (!done.ok) throw new Error(done.fault.code)
  await raise.run()
  const passed = (await store.transact((tx) => tx.bleeps.get(done.value)))?.passed
  const seen = metrics.observed
    .filter(([name]) => name === 'bleepbridge_hop_seconds')
    .map(([, seconds, labels]) => [labels?.hop, seconds, labels?.class])
  return { at, passed, seen }
}

test('a routed bleep holds when it was decoded, stored and routed, and each is told once by class', async () => {
  const { at, passed, seen } = await aPath()
  expect(passed).toEqual({ decoded: at - 3, stored: at + 10, routed: at + 20 })
  expect(seen).toEqual([
    ['stored', 0.41, 'emergency'],
    ['routed', 0.42, 'emergency'],
  ])
})

test('a bleep that another process stored has no such hop: it is never guessed', async () => {
  const { at, passed, seen } = await aPath({ onStored: () => undefined, storedAt: () => undefined })
  expect(passed).toEqual({ decoded: at - 3, routed: at + 20 })
  expect(seen.map(([hop]) => hop)).toEqual(['routed'])
})

test('times of storing are given once, and only the latest thousand are kept', () => {
  const kept = storedTimes()
  for (let i = 0; i < 1001; i++) kept.onStored(asId<BleepId>(`b${i}`), i)
  expect([0, 1, 1, 1000].map((i) => kept.storedAt(asId(`b${i}`)))).toEqual([undefined, 1, undefined, 1000])
})
