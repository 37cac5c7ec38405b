import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Store } from '../../src/ports/store.ts'
import { everyOpen } from '../../src/run/every-open.ts'
import { alertOf, bleepOf } from '../support/delivery.ts'

let store: Store
beforeEach(async () => {
  store = await openSqlite(':memory:')
})
afterEach(() => store.close())

/** Open alerts, some of them raised at one instant. */
const raise = (count: number) =>
  store.transact(async (tx) => {
    for (let i = 0; i < count; i++) {
      await tx.bleeps.add(bleepOf(`a${i}`, Math.floor(i / 3), 'urgent'))
      await tx.alerts.add(alertOf(`a${i}`, Math.floor(i / 3), 'urgent'), [])
    }
  })
const ids = async () => {
  const found: string[] = []
  for await (const { id } of everyOpen(store)) found.push(id)
  return found
}

test.each([0, 1, 49, 50, 51, 130])('each of %i open alerts is read once, in parts', async (count) => {
  await raise(count)
  const found = await ids()
  expect([found.length, new Set(found).size]).toEqual([count, count])
})

test('a page is stored between two parts of a long list', async () => {
  await raise(500)
  const order: string[] = []
  const listing = ids().then(() => void order.push('list'))
  const page = store.transact((tx) => tx.notes.set('page', 1, 1)).then(() => void order.push('page'))
  await Promise.all([listing, page])
  expect(order).toEqual(['page', 'list'])
})
