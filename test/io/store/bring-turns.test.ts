import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Bleep } from '../../../src/core/bleep/bleep.ts'
import { asId, uuid7 } from '../../../src/core/ids.ts'
import type { Instant, Millis } from '../../../src/core/instant.ts'
import { systemRandom } from '../../../src/io/random.ts'
import { AT_FIRST, afterFailure, afterTurn } from '../../../src/io/store/bring-pace.ts'
import { bringingOf } from '../../../src/io/store/bring-turns.ts'
import { openSqlite, type RowStore } from '../../../src/io/store/open.ts'
import { StoreFault } from '../../../src/ports/store.ts'
import { removeFolder } from '../../support/folders.ts'

const LOOK: Millis = 1000
const BLEEPS = 130

/** So long pages wait for the last turn. */
const PATIENCE: Millis = 2000

function aBleep(text: string, at: Instant): Bleep {
  const page = { to: { scheme: 'number', number: '4000' }, type: 'alpha', text } as const
  return {
    ...{ id: asId(uuid7(at, systemRandom.bytes(10))), number: '4000', received: at, stage: 'routed' },
    page: { ...page, quality: 'clean', corrected: 0, fields: {}, firstByte: at, lastByte: at },
    ...{ sightings: 1, repeats: 0 },
  }
}

let folder: string
let shared: RowStore
let file: RowStore
let now: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bring-'))
  shared = await openSqlite(join(folder, 'shared.sqlite'))
  file = await openSqlite(join(folder, 'file.sqlite'))
  now = 1_790_000_000_000
  await file.transact(async (tx) => {
    for (let n = 0; n < BLEEPS; n += 1) await tx.bleeps.add(aBleep(`RING ${n}`, now - 600_000 + n))
  })
})
afterEach(async () => {
  await Promise.all([shared.close(), file.close()])
  removeFolder(folder)
})

/** A database that rolls a turn back when this says so of how many bleeps it brought; the time of the turn is over then. */
function refusing(refuses: (bleeps: number) => boolean): RowStore {
  return {
    ...shared,
    rows: (work, within) =>
      shared.rows(async (tx, own) => {
        const count = async () =>
          Number((await sql<{ n: number }>`select count(*) as n from bleeps`.execute(tx)).rows[0]?.n)
        const before = await count()
        const done = await work(tx, own)
        const brought = (await count()) - before
        if (!refuses(brought)) return done
        now += within ?? 0
        throw new StoreFault('store-lost')
      }, within),
  }
}

/** Nothing was decided on both sides. */
const never = () => Promise.reject(new Error('nothing to be done again'))

/** How often it had to be tried, how long at most pages waited for it, and for how long it rested in between. */
async function bringAll(to: RowStore) {
  let [tries, waited, rested] = [1, 0, 0]
  let together: number | undefined
  const bringing = bringingOf({
    ...{ file, node: 'one', now: () => now, redo: never },
    async alone(work) {
      const began = now
      try {
        await work(() => now - began <= PATIENCE)
      } finally {
        waited = Math.max(waited, Math.min(PATIENCE, now - began))
      }
    },
  })
  const all = () =>
    bringing.all(
      to,
      () => false,
      (bleeps) => {
        together = bleeps
      },
    )
  while (together === undefined && tries < 200) {
    await all().catch(() => {
      tries += 1
    })
    do {
      now += LOOK
      rested += LOOK
    } while (bringing.rests(LOOK))
  }
  return { tries, waited, rested, together }
}

const there = () => shared.transact((tx) => tx.bleeps.count())
const here = () => file.transact((tx) => tx.bleeps.count())

test('a database that can take only a few bleeps at once gets them a few at once, and no page waits for that', async () => {
  const { tries, waited, together } = await bringAll(refusing((bleeps) => bleeps > 3))
  expect(together).toBe(BLEEPS)
  expect(await there()).toMatchObject({ bleeps: BLEEPS })
  expect(await here()).toMatchObject({ bleeps: 0 })
  expect(tries).toBeLessThan(BLEEPS)
  expect(waited).toBe(0)
})

test('a connection that is lost in each second turn delays what comes back, and nothing of it comes twice or not', async () => {
  let turns = 0
  const { together } = await bringAll(refusing(() => ++turns % 2 === 0))
  expect(together).toBe(BLEEPS)
  expect(await there()).toMatchObject({ bleeps: BLEEPS })
  expect(await here()).toMatchObject({ bleeps: 0 })
})

test('a database that can take nothing for long gets a longer time for one bleep, and is left alone for twice as long', async () => {
  let refused = 0
  const began = now
  const { rested, together } = await bringAll(refusing((bleeps) => bleeps > 0 && ++refused < 12))
  expect(together).toBe(BLEEPS)
  expect(rested).toBeGreaterThanOrEqual((2 / 3) * (now - began))
})

test('a last turn that takes longer than a page can wait is followed by another, with what was stored meanwhile', async () => {
  let slow = 2
  const { waited, together } = await bringAll({
    ...shared,
    async rows(work, within) {
      const isLast = (await here()).bleeps === 0
      const done = await shared.rows(work, within)
      if (!isLast || slow === 0) return done
      slow -= 1
      now += 3000
      await file.transact((tx) => tx.bleeps.add(aBleep(`MEANWHILE ${slow}`, now)))
      return done
    },
  })
  expect(together).toBe(BLEEPS + 2)
  expect(await there()).toMatchObject({ bleeps: BLEEPS + 2 })
  expect(await here()).toMatchObject({ bleeps: 0 })
  expect(waited).toBe(PATIENCE)
})

test('while calls are on their way the file takes pages and nobody finds them there; refused, they are there as they were', async () => {
  const rows = () => file.rows((tx) => tx.selectFrom('bleeps').selectAll().orderBy('id').execute())
  const before = await rows()
  const seen: number[] = []
  const bringing = bringingOf({
    ...{ file, node: 'one', now: () => now, redo: never },
    alone: (work) => work(() => true),
  })
  const all = bringing.all(
    {
      ...shared,
      rows: (work, within) =>
        shared.rows(async (tx, own) => {
          await work(tx, own)
          seen.push((await rows()).length)
          await file.transact((mine) => mine.bleeps.add(aBleep('MEANWHILE', now)))
          seen.push((await rows()).length)
          throw new StoreFault('store-lost')
        }, within),
    },
    () => false,
    () => undefined,
  )
  await expect(all).rejects.toThrow('store-lost')
  expect(seen).toEqual([BLEEPS - AT_FIRST.bleeps, BLEEPS - AT_FIRST.bleeps + 1])
  const after = await rows()
  expect(after).toHaveLength(BLEEPS + 1)
  expect(after.filter(({ id }) => before.some((one) => one.id === id))).toEqual(before)
  expect(await there()).toMatchObject({ bleeps: 0 })
})

test('a turn is halved down to one bleep before it gets more time, and grows only behind quick ones', () => {
  const failed = (times: number) =>
    Array.from({ length: times }).reduce<typeof AT_FIRST>((pace) => afterFailure(pace, false), AT_FIRST)
  expect([1, 2, 3, 4, 5, 6].map((n) => failed(n).bleeps)).toEqual([25, 13, 7, 4, 2, 1])
  expect(failed(6).within).toBe(AT_FIRST.within)
  expect([7, 8, 9, 10, 20].map((n) => failed(n).within)).toEqual([4000, 8000, 16_000, 20_000, 20_000])
  expect(afterTurn(failed(8), 3000)).toEqual(failed(8))
  expect(afterTurn(failed(8), 10)).toMatchObject({ bleeps: 2, within: AT_FIRST.within })
  expect(afterTurn(AT_FIRST, 10)).toEqual(AT_FIRST)
  expect(afterFailure(AT_FIRST, true)).toMatchObject({ bleeps: 50, lastWithin: 2 * AT_FIRST.lastWithin })
})
