import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqlite } from '../../../src/io/store/open.ts'
import { StoreFault } from '../../../src/ports/store.ts'
import { OURSELVES } from '../../../src/run/desk/shift-log.ts'
import { turn } from '../../../src/run/slices.ts'
import { ARREST } from '../../support/console-bed.ts'
import { type Bed, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

// A board of more calls than are read at once: nothing is left out, nothing twice, and pages are stored meanwhile.

const CALLS = 25
let bed: Bed
/** Each part that is read, and each turn that everything else has had since. */
let order: string[]
/** Once both have begun, a part that is refused. */
let meets: number

beforeEach(async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 30, 3))
  const inner = await openSqlite(':memory:')
  ;[order, meets] = [[], 0]
  bed = await openBed({
    clock,
    store: {
      ...inner,
      transact: (work, within) => {
        order.push('part')
        if (order.length > 2 && meets-- === 1) return Promise.reject(new StoreFault('store-busy'))
        setImmediate(() => order.push('other'))
        return inner.transact(work, within)
      },
    },
  })
  for (let i = 0; i < CALLS; i++) {
    // Some are raised at one instant.
    if (i % 3 === 0) clock.advance(1)
    await bed.call({ ...ARREST, place: `Bay ${i}` })
  }
  // What the calls themselves left to be done.
  await turn()
  order = []
})
afterEach(() => bed.close())

const board = async (more: { readonly limit?: number; readonly cursor?: string } = {}) => {
  const said = await bed.desk.board(OURSELVES, more)
  if (!said.ok) throw new Error(said.fault.code)
  return { ids: said.value.alerts.map(({ id }) => id), cursor: said.value.cursor }
}

test('everything else has its turn between two parts of a board', async () => {
  const { ids } = await board()
  expect([ids.length, new Set(ids).size]).toEqual([CALLS, CALLS])
  expect(order.slice(0, 5)).toEqual(['part', 'other', 'part', 'other', 'part'])
})

test('of boards that are looked at together, one at a time goes on behind its first part', async () => {
  const all = await Promise.all([board(), board(), board(), board()])
  for (const { ids } of all) expect(new Set(ids).size).toBe(CALLS)
  expect(order.slice(0, 4)).toEqual(['part', 'part', 'part', 'part'])
  expect(order.slice(4).join(' ')).not.toContain('part part')
})

test.each([1, 9, 10, 11, 20, 24])('answers of %i calls follow each other', async (limit) => {
  const found: string[] = []
  for (let cursor: string | undefined; ; ) {
    const next = await board({ limit, ...(cursor === undefined ? {} : { cursor }) })
    expect(next.ids.length).toBeLessThanOrEqual(limit)
    found.push(...next.ids)
    cursor = next.cursor
    if (cursor === undefined) break
  }
  expect([found.length, new Set(found).size]).toEqual([CALLS, CALLS])
})

test('a board that the store would not go on with holds up no other', async () => {
  meets = 1
  const [failed, whole] = await Promise.allSettled([board(), board()])
  expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'store-busy' } })
  expect(whole).toMatchObject({ status: 'fulfilled', value: { ids: { length: CALLS } } })
})
