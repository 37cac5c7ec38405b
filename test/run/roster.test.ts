import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Listed } from '../../src/core/directory/listed.ts'
import { asId } from '../../src/core/ids.ts'
import { DAY } from '../../src/core/instant.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Store } from '../../src/ports/store.ts'
import { createRoster } from '../../src/run/roster.ts'
import { smallSite } from '../support/small-site.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const people = (n: number): readonly Listed[] =>
  Array.from({ length: n }, (_, i) => ({
    ...{ key: `k${i}`, person: asId(`listed-${i}`), name: `Dr ${i}`, staffGroup: 'doctor', active: true },
  }))

test('a long list is taken over with turns in between, and one that comes meanwhile is the last word', async () => {
  const store = await openSqlite(':memory:')
  const site = smallSite()
  const random = { bytes: (n: number) => new Uint8Array(n) }
  const roster = await createRoster({ store, site, clock: new VirtualClock(), random })
  const long = roster.list(people(5000))
  let turns = 0
  let over = false
  void long.then(() => {
    over = true
  })
  await turn()
  const short = roster.list(people(1))
  for (; !over; turns++) await turn()
  await Promise.all([long, short])
  expect(turns).toBeGreaterThan(30)
  expect(roster.current().people.size).toBe(site.people.length + 1)
  roster.close()
  await store.close()
})

test('an edit reads the edits once, and many at once are one reading more at most', async () => {
  const store = await openSqlite(':memory:')
  let reads = 0
  const counting: Store = {
    ...store,
    transact: (work, within) =>
      store.transact((tx) => {
        const list = () => {
          reads += 1
          return tx.directory.list()
        }
        return work({ ...tx, directory: { ...tx.directory, list } })
      }, within),
  }
  let byte = 0
  const random = { bytes: (n: number) => new Uint8Array(n).fill(byte++) }
  const clock = new VirtualClock()
  const roster = await createRoster({ store: counting, site: smallSite(), clock, random })
  const [person] = roster.current().people.keys()
  const leave = (day: number) =>
    roster.edit('op', { kind: 'leave', person: person ?? '', from: day * DAY, to: (day + 1) * DAY })
  reads = 0
  expect((await leave(1)).ok).toBe(true)
  expect(reads).toBe(1)
  reads = 0
  const made = await Promise.all(Array.from({ length: 20 }, (_, i) => leave(2 + i)))
  expect(made.every(({ ok }) => ok)).toBe(true)
  expect(reads).toBeLessThan(20)
  // Whoever else edits is heard.
  reads = 0
  store.wake.ring('directory')
  await roster.refresh()
  expect(reads).toBe(1)
  roster.close()
  await store.close()
})
