import { afterEach, beforeEach, expect, test } from 'vitest'
import { asId, type BleepId } from '../../../src/core/ids.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Copy } from '../../../src/ports/backups.ts'
import type { Erased } from '../../../src/ports/ledger.ts'
import type { Store } from '../../../src/ports/store.ts'
import { type Drilled, startDrills } from '../../../src/run/keep/drill.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'

let store: Store
let clock: VirtualClock
beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock(100 * DAY)
})
afterEach(() => store.close())

function start(copies: Copy[], erased: Erased[], drilled: () => Drilled) {
  const done: string[] = []
  const loop = startDrills({
    ...{ store, clock, wake: store.wake, log: { ...quietLog, error: () => {} }, metrics: quietMetrics },
    ...{ every: 7 * DAY, days: 14 },
    backups: {
      make: async () => {
        throw new Error('not here')
      },
      list: async () => copies,
      async renote(copy, until) {
        copies[copies.findIndex(({ path }) => path === copy.path)] = { ...copy, erased: until }
      },
      remove: async () => undefined,
    },
    ledger: {
      note: async () => undefined,
      since: async (at) => erased.filter((one) => one.at >= at),
      async prune(before) {
        erased.splice(0, erased.length, ...erased.filter((one) => one.at >= before))
      },
    },
    work: {
      async drill(path) {
        done.push(`drill ${path}`)
        return drilled()
      },
      async erase(path, since) {
        done.push(`erase ${path} ${since.length}`)
        return since.length
      },
    },
  })
  return { ...loop, done }
}
const copy = (path: string, made: number): Copy => ({
  ...{ path, made, bytes: 1, sha256: '', schema: '', audit: { seq: 0, digest: '' } },
})
const turns = async (n: number, each: number) => {
  for (let i = 0; i < n; i++) {
    await clock.elapse(each)
    await settle()
  }
}

test('the newest copy is drilled once a week; what failed stands until a drill is good', async () => {
  let troubles = ['its content is not what its note says']
  const drills = start([copy('old', 98 * DAY), copy('new', 99 * DAY)], [], () => ({ troubles, seconds: 3 }))
  await turns(3, 10 * MINUTE)
  expect(drills.done).toEqual(['drill new'])
  expect(drills.troubles()).toMatchObject([{ code: 'drill-failed', detail: troubles[0] }])
  troubles = []
  await turns(16, 12 * HOUR)
  expect(drills.done).toEqual(['drill new', 'drill new'])
  expect(drills.troubles()).toEqual([])
  expect(await store.transact((tx) => tx.notes.get('drill/restore'))).toMatchObject({
    copy: 'new',
    troubles: [],
  })
  await drills.stop()
})

test('where there is no copy to drill, that is told in the end', async () => {
  const drills = start([], [], () => ({ troubles: [], seconds: 1 }))
  await turns(4, DAY)
  expect(drills.troubles()).toEqual([])
  await turns(12, DAY)
  expect(drills.troubles()).toMatchObject([{ code: 'drill-old' }])
  await drills.stop()
})

test('a copy is reached once by each erasure after it was made, and old lines go with the last copy', async () => {
  const erased: Erased[] = [
    { at: 50 * DAY, bleep: asId<BleepId>('b0') },
    { at: 99 * DAY, bleep: asId<BleepId>('b1') },
  ]
  const copies = [copy('old', 98 * DAY), copy('new', 99.5 * DAY)]
  const drills = start(copies, erased, () => ({ troubles: [], seconds: 1 }))
  await turns(3, 10 * MINUTE)
  expect(drills.done.filter((one) => one.startsWith('erase'))).toEqual(['erase old 1'])
  erased.push({ at: clock.now(), bleep: asId<BleepId>('b2') })
  await turns(3, 10 * MINUTE)
  expect(drills.done.filter((one) => one.startsWith('erase'))).toEqual([
    'erase old 1',
    'erase old 1',
    'erase new 1',
  ])
  expect(erased.map((one) => ('bleep' in one ? one.bleep : ''))).toEqual(['b1', 'b2'])
  await drills.stop()
})
