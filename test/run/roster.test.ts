import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Listed } from '../../src/core/directory/listed.ts'
import { asId } from '../../src/core/ids.ts'
import { openSqlite } from '../../src/io/store/open.ts'
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
