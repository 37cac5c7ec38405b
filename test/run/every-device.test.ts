import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Store } from '../../src/ports/store.ts'
import { everyDevice } from '../../src/run/every-device.ts'
import { enrol } from '../support/ward.ts'

let store: Store
beforeEach(async () => {
  store = await openSqlite(':memory:')
})
afterEach(() => store.close())

test('every device is read once, whatever their number is to the size of a part', async () => {
  expect(await everyDevice(store)).toEqual([])
  let enrolled = 0
  for (const count of [1, 249, 250, 1]) {
    await enrol(
      store,
      Array.from({ length: count }, (_, i) => `p${enrolled + i}`),
    )
    enrolled += count
    const ids = (await everyDevice(store)).map(({ id }) => id)
    expect(new Set(ids).size).toBe(enrolled)
    expect(ids).toEqual(ids.toSorted())
  }
})

test('a page is stored between two parts of a long list', async () => {
  await enrol(
    store,
    Array.from({ length: 2000 }, (_, i) => `p${i}`),
  )
  const order: string[] = []
  const listing = everyDevice(store).then(() => void order.push('list'))
  const page = store.transact((tx) => tx.notes.set('page', 1, 1)).then(() => void order.push('page'))
  await Promise.all([listing, page])
  expect(order).toEqual(['page', 'list'])
})
