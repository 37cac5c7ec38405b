import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { asId, uuid7 } from '../../../src/core/ids.ts'
import type { Millis } from '../../../src/core/instant.ts'
import { systemRandom } from '../../../src/io/random.ts'
import { AT_FIRST, afterFailure, afterTurn } from '../../../src/io/store/bring-pace.ts'
import { bringingOf } from '../../../src/io/store/bring-turns.ts'
import { openSqlite, type RowStore } from '../../../src/io/store/open.ts'
import { StoreFault } from '../../../src/ports/store.ts'
import { removeFolder } from '../../support/folders.ts'

const LOOK: Millis = 1000
const BLEEPS = 130

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
    for (let n = 0; n < BLEEPS; n += 1) {
      const at = now - 600_000 + n
      const page = { to: { scheme: 'number', number: '4000' }, type: 'alpha', text: `RING ${n}` } as const
      await tx.bleeps.add({
        ...{ id: asId(uuid7(at, systemRandom.bytes(10))), number: '4000', received: at, stage: 'routed' },
        page: { ...page, quality: 'clean', corrected: 0, fields: {}, firstByte: at, lastByte: at },
        ...{ sightings: 1, repeats: 0 },
      })
    }
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

/** How often it had to be tried, how long pages waited behind it in all and at once, and for how long they did not. */
async function bringAll(to: RowStore) {
  let [tries, shut, longest, open] = [1, 0, 0, 0]
  let together: number | undefined
  const bringing = bringingOf({
    ...{ file, node: 'one', now: () => now },
    async alone(work) {
      const began = now
      try {
        return await work()
      } finally {
        shut += now - began
        longest = Math.max(longest, now - began)
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
      open += LOOK
    } while (bringing.rests(LOOK))
  }
  return { tries, shut, longest, open, together }
}

const there = () => shared.transact((tx) => tx.bleeps.count())

test('a database that can take only a few bleeps at once gets them a few at once, and pages have most of the time', async () => {
  const { tries, shut, longest, open, together } = await bringAll(refusing((bleeps) => bleeps > 3))
  expect(together).toBe(BLEEPS)
  expect(await there()).toMatchObject({ bleeps: BLEEPS })
  expect(await file.transact((tx) => tx.bleeps.count())).toMatchObject({ bleeps: 0 })
  expect(tries).toBeLessThan(BLEEPS)
  expect(longest).toBe(AT_FIRST.within)
  expect(open).toBeGreaterThanOrEqual(2 * shut)
})

test('a connection that is lost in each second turn delays what comes back, and nothing of it comes twice or not', async () => {
  let turns = 0
  const { longest, open, shut, together } = await bringAll(refusing(() => ++turns % 2 === 0))
  expect(together).toBe(BLEEPS)
  expect(await there()).toMatchObject({ bleeps: BLEEPS })
  expect(longest).toBeLessThanOrEqual(2 * AT_FIRST.within)
  expect(open).toBeGreaterThanOrEqual(2 * shut)
})

test('a database that can take nothing for long gets a longer time for one bleep, and is left alone for twice as long', async () => {
  let refused = 0
  const { longest, open, shut, together } = await bringAll(refusing((bleeps) => bleeps > 0 && ++refused < 12))
  expect(together).toBe(BLEEPS)
  expect(longest).toBe(20_000)
  expect(open).toBeGreaterThanOrEqual(2 * shut)
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
