import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqlite, type RowStore } from '../../../src/io/store/open.ts'

// One connection: whoever uses it waits for whoever began before, and nobody goes on with what another had begun.

let store: RowStore
beforeEach(async () => {
  store = await openSqlite(':memory:')
})
afterEach(() => store.close())

const notes = () => store.transact((tx) => tx.notes.get('n'))

test('transactions, a look at the size and a tidying that come at once go one at a time, in their order', async () => {
  const said: string[] = []
  const held = Promise.withResolvers<void>()
  const first = store.transact(async (tx) => {
    said.push('first begins')
    await held.promise
    await tx.notes.set('n', 1, 0)
    said.push('first ends')
  })
  const others = [
    store.measure().then(() => said.push('measured')),
    store.tidy().then(() => said.push('tidied')),
    store.rows(async (tx) => {
      const { value } = await tx.selectFrom('notes').select('value').executeTakeFirstOrThrow()
      said.push(`read ${value}`)
    }),
    store.transact(async (tx) => said.push(`read ${await tx.notes.get('n')} as well`)),
  ]
  await new Promise((next) => setImmediate(next))
  expect(said).toEqual(['first begins'])
  held.resolve()
  await Promise.all([first, ...others])
  expect(said.slice(0, 2)).toEqual(['first begins', 'first ends'])
  expect(said.slice(2).toSorted()).toEqual(['measured', 'read 1', 'read 1 as well', 'tidied'])
})

test('what throws half-way leaves nothing behind, and whoever waited goes on', async () => {
  const failed = store.transact(async (tx) => {
    await tx.notes.set('n', 'half', 0)
    throw new Error('half-way')
  })
  const next = store.transact(async (tx) => {
    expect(await tx.notes.get('n')).toBeUndefined()
    await tx.notes.set('n', 'whole', 0)
  })
  await expect(failed).rejects.toThrow('half-way')
  await next
  expect(await notes()).toBe('whole')
})

test('a statement that the database refuses ends its own transaction and no other', async () => {
  const twice = store.rows(async (tx) => {
    const row = { key: 'n', value: '1', at: 0 }
    await tx.insertInto('notes').values([row, row]).execute()
  })
  await expect(twice).rejects.toThrow()
  expect(await notes()).toBeUndefined()
})
