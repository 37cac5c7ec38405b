import { afterEach, expect, test } from 'vitest'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { asId, type BleepId, type FeedId, type NodeId, type SightingId } from '../../../src/core/ids.ts'
import { SECOND } from '../../../src/core/instant.ts'
import type { ByBothPaths } from '../../../src/core/measure/report/parallel.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import { bothPaths } from '../../../src/run/keep/parallel.ts'
import { aBleep, anAlert } from '../../contract/store.ts'
import { smallSite } from '../../support/small-site.ts'

const AT = Date.UTC(2026, 10, 30, 10)
const NODE = asId<NodeId>('north')
let store: Store
afterEach(() => store.close())

async function heard(id: string, at: number, feed: string): Promise<void> {
  await store.transact(async (tx) => {
    const page = { ...aBleep(id).page, firstByte: at - SECOND, lastByte: at }
    const known = await tx.bleeps.get(asId<BleepId>(id))
    if (known === undefined)
      await tx.bleeps.add(aBleep(id, { number: '2201', received: at, page, stage: 'routed' }))
    await tx.bleeps.sight({
      ...{
        id: asId<SightingId>(`${id}-${feed}`),
        bleep: asId<BleepId>(id),
        feed: asId<FeedId>(feed),
        tap: feed,
      },
      ...{ node: NODE, page, begun: at, reason: 'first-sighting' },
    })
  })
}

async function rang(id: string, on?: { at: number; device: string }): Promise<void> {
  await store.transact(async (tx) => {
    const person = asId<never>('ada')
    const responder = {
      ...{ person, roles: [], state: 'asked', asked: AT, rung: AT, path: 0, since: AT, changed: 0 },
    } as const
    await tx.alerts.add(anAlert(`a-${id}`, id, { responders: { [person]: responder } }), [])
    if (on === undefined) return
    const { at, device } = on
    await tx.hops.stamp([
      {
        bleep: asId<BleepId>(id),
        hop: 'on-device',
        at,
        device: asId(device),
        person,
        clock: 'ours',
      },
    ])
  })
}

async function rows(hospital?: string): Promise<readonly ByBothPaths[]> {
  const all: ByBothPaths[] = []
  const directory = buildDirectory(smallSite())
  const air = new Set([asId<FeedId>('air')])
  for await (const some of bothPaths(store, directory, air, AT, AT + 3600_000, hospital)) all.push(...some)
  return all
}

test('by both ways: the end of the page on the air, and the first phone that said it had it', async () => {
  store = await openSqlite(':memory:')
  await heard('b1', AT + 1000, 'line')
  await heard('b1', AT + 4000, 'air')
  await rang('b1', { at: AT + 2500, device: 'd1' })
  expect(await rows()).toMatchObject([{ rung: true, pager: AT + 4000, phone: AT + 2500 }])
})

test('what came by one way only, and what was sent out again by radio, which is no phone', async () => {
  store = await openSqlite(':memory:')
  await heard('b1', AT + 1000, 'air')
  await rang('b1', { at: AT + 9000, device: 'radio' })
  await heard('b2', AT + 2000, 'line')
  await rang('b2', { at: AT + 2100, device: 'd1' })
  await heard('b3', AT + 3000, 'air')
  const [first, second, third] = await rows()
  expect(first).toMatchObject({ rung: true, pager: AT + 1000 })
  expect(first).not.toHaveProperty('phone')
  expect(second).toMatchObject({ rung: true, phone: AT + 2100 })
  expect(second).not.toHaveProperty('pager')
  expect(third).toMatchObject({ rung: false, pager: AT + 3000 })
})

test('for one hospital only the calls of its numbers count', async () => {
  store = await openSqlite(':memory:')
  await heard('b1', AT + 1000, 'air')
  const own = buildDirectory(smallSite()).numbers.get('2201')?.site
  expect(await rows(own)).toHaveLength(1)
  expect(await rows('elsewhere')).toEqual([])
})
