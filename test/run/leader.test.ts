import { expect, test } from 'vitest'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Lease } from '../../src/ports/store.ts'
import { StoreFault } from '../../src/ports/store.ts'
import { leaderOf } from '../../src/run/leader.ts'

test('a duty is asked for until it is had, kept while it is held, asked for anew when it was lost, and let go', async () => {
  const told: string[] = []
  let free = false
  let held = true
  const store = await openSqlite(':memory:')
  const leader = leaderOf(
    {
      ...store,
      async lead(duty): Promise<Lease | undefined> {
        told.push(`asked for ${duty}`)
        return free
          ? { duty, token: 1, held: () => held, release: async () => void told.push('let go') }
          : undefined
      },
    },
    'chores',
  )
  expect(await leader.leads()).toBe(false)
  free = true
  expect(await leader.leads()).toBe(true)
  expect(await leader.leads()).toBe(true)
  expect(told).toEqual(['asked for chores', 'asked for chores'])
  held = false
  free = false
  expect(await leader.leads()).toBe(false)
  free = true
  held = true
  expect(await leader.leads()).toBe(true)
  await leader.leave()
  expect(told.slice(2)).toEqual(['asked for chores', 'asked for chores', 'let go'])
  await store.close()
})

test('work of a duty is refused before the duty was had, and where the database knows another holder', async () => {
  const store = await openSqlite(':memory:')
  let known = true
  const leader = leaderOf(
    {
      ...store,
      transact: (work, within) =>
        store.transact(
          (tx) =>
            work({
              ...tx,
              async fence() {
                if (!known) throw new StoreFault('lead-lost')
              },
            }),
          within,
        ),
    },
    'chores',
  )
  const write = () => leader.store.transact((tx) => tx.notes.set('n', 1, 1))
  await expect(write()).rejects.toMatchObject({ code: 'lead-lost' })
  await leader.leads()
  await write()
  known = false
  await expect(write()).rejects.toMatchObject({ code: 'lead-lost' })
  await store.close()
})
