import { expect, test } from 'vitest'
import type { Lease } from '../../src/ports/store.ts'
import { leaderOf } from '../../src/run/leader.ts'

test('a duty is asked for until it is had, kept while it is held, asked for anew when it was lost, and let go', async () => {
  const told: string[] = []
  let free = false
  let held = true
  const leader = leaderOf(
    {
      async lead(duty): Promise<Lease | undefined> {
        told.push(`asked for ${duty}`)
        return free ? { duty, held: () => held, release: async () => void told.push('let go') } : undefined
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
})
