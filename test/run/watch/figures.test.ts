import { afterEach, expect, test } from 'vitest'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { asId, type BleepId, type PersonId } from '../../../src/core/ids.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { type Store, StoreFault } from '../../../src/ports/store.ts'
import { settleFacts } from '../../../src/run/keep/settle-facts.ts'
import { measuredStore } from '../../../src/run/measured-store.ts'
import { startLagWatch } from '../../../src/run/watch/lag-watch.ts'
import { aBleep } from '../../contract/store.ts'
import { listeningMetrics } from '../../support/quiet.ts'
import { smallSite } from '../../support/small-site.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let store: Store | undefined
afterEach(async () => {
  await store?.close()
  store = undefined
})

test('a settled bleep tells each leg once, and whose the seconds to acceptance were', async () => {
  store = await openSqlite(':memory:')
  const heard = listeningMetrics()
  const at = Date.UTC(2026, 10, 20, 9)
  await store.transact(async (tx) => {
    const id = asId<BleepId>('b1')
    const page = { ...aBleep('x').page, firstByte: at, lastByte: at }
    const meaning = { kind: 'met', class: 'urgent', reason: 'class-address', rule: 'x' } as const
    const passed = { decoded: at + 30, stored: at + 45, routed: at + 100 }
    await tx.bleeps.add(aBleep('b1', { received: at, page, passed, stage: 'routed', meaning }))
    const hop = (name: string, after: number, person?: string) => ({
      ...{ bleep: id, hop: name, at: at + after, clock: 'ours' as const },
      ...(person === undefined ? {} : { person: asId<PersonId>(person) }),
    })
    await tx.hops.stamp([
      ...[hop('handed', 200, 'a'), hop('handed', 210, 'b')],
      ...[
        hop('taken', 700, 'a'),
        hop('on-device', 1700, 'a'),
        hop('accepted', 11_700, 'a'),
        hop('accepted', 30_000, 'b'),
      ],
    ])
  })
  const directory = buildDirectory(smallSite())
  await settleFacts(store, directory, at + MINUTE, heard)
  expect(heard.observed).toEqual([])
  await settleFacts(store, directory, at + DAY, heard)
  await settleFacts(store, directory, at + DAY, heard)
  const legs = heard.observed.filter(([name]) => name === 'bleepbridge_leg_seconds')
  expect(legs.map(([, seconds, labels]) => [labels?.hop, seconds, labels?.class])).toEqual([
    ['last-byte', 0, 'urgent'],
    ['decoded', 0.03, 'urgent'],
    ['stored', 0.015, 'urgent'],
    ['routed', 0.055, 'urgent'],
    ['handed', 0.1, 'urgent'],
    ['handed', 0.11, 'urgent'],
    ['taken', 0.5, 'urgent'],
    ['on-device', 1, 'urgent'],
    ['accepted', 10, 'urgent'],
    ['accepted', 29.79, 'urgent'],
  ])
  const owners = heard.observed.filter(([name]) => name === 'bleepbridge_owner_seconds')
  expect(Object.fromEntries(owners.map(([, seconds, labels]) => [labels?.owner, seconds]))).toEqual({
    ours: 0.2,
    provider: 0.5,
    network: 1,
    person: 10,
  })
})

test('transactions are timed, and what the database refuses is counted by code', async () => {
  const heard = listeningMetrics()
  const clock = new VirtualClock()
  store = await openSqlite(':memory:')
  const measured = measuredStore(store, { clock, metrics: heard })
  await measured.transact(async (tx) => {
    await tx.notes.get('x')
    clock.advance(40)
  })
  expect(heard.observed).toEqual([['bleepbridge_store_commit_seconds', 0.04, undefined]])
  const refusing = measuredStore(
    { ...store, transact: () => Promise.reject(new StoreFault('store-full')) },
    { clock, metrics: heard },
  )
  await expect(refusing.transact(async () => 1)).rejects.toThrow(StoreFault)
  expect(heard.counted).toEqual([['bleepbridge_store_faults_total', { fault: 'store-full' }, 1]])
})

test('the worst delay of ten seconds is told, and forgotten in the next', () => {
  const heard = listeningMetrics()
  const clock = new VirtualClock()
  let late = 0
  // Timers fire when virtual time says so; here the clock shows that they came late.
  const slow = { now: () => clock.now() + late, after: (ms: number, run: () => void) => clock.after(ms, run) }
  const watch = startLagWatch({ clock: slow, metrics: heard })
  clock.advance(5 * SECOND)
  late = 300
  clock.advance(5 * SECOND)
  expect(heard.gauges).toEqual([['bleepbridge_loop_lag_seconds', 0.3, undefined]])
  clock.advance(10 * SECOND)
  expect(heard.gauges.at(-1)).toEqual(['bleepbridge_loop_lag_seconds', 0, undefined])
  expect(watch.take()).toBe(300)
  expect(watch.take()).toBe(0)
  // A step of the system clock is found by reading it, and is no delay.
  late += HOUR
  watch.stepped(HOUR)
  clock.advance(10 * SECOND)
  expect(watch.take()).toBe(0)
  watch.stop()
  expect(clock.pending).toBe(0)
})
