import { afterAll, beforeAll, expect, test } from 'vitest'
import { asId } from '../../src/core/ids.ts'
import { openPostgres } from '../../src/io/store/open.ts'
import { type Postgres, startPostgres, unreachable } from '../support/postgres.ts'
import { aBleep, anAlert, anAttempt, storeContract } from './store.ts'

const why = unreachable()
let server: Postgres | undefined

beforeAll(async () => {
  if (!why) server = await startPostgres()
})
afterAll(() => server?.stop())

async function freshUrl(): Promise<string> {
  if (!server) throw new Error('PostgreSQL was not started')
  return server.fresh()
}
const open = (url: string) => openPostgres(url, () => {})

storeContract('PostgreSQL', async () => open(await freshUrl()), why)

test('two nodes never claim the same row, and one leads a duty until it lets go', async (ctx) => {
  if (why) ctx.skip(why)
  const url = await freshUrl()
  const [one, two] = [await open(url), await open(url)]
  await one.transact(async (tx) => {
    await tx.bleeps.add(aBleep('b1'))
    await tx.alerts.add(anAlert('a1', 'b1'), [])
    await tx.attempts.add(Array.from({ length: 40 }, (_, i) => anAttempt(`t${i}`, 'a1')))
  })
  const claims = await Promise.all(
    [one, two, one, two].map((store, i) =>
      store.transact((tx) => tx.attempts.claim({ owner: `n${i}`, now: 5000, until: 9000, limit: 15 })),
    ),
  )
  const ids = claims.flat().map((a) => a.id)
  expect(new Set(ids).size).toBe(ids.length)

  const lease = await one.lead('chores')
  expect(lease).toBeDefined()
  expect(await two.lead('chores')).toBeUndefined()
  await lease?.release()
  // The server ends the session a moment after the connection closes.
  await expect.poll(async () => (await two.lead('chores')) !== undefined).toBe(true)

  const rung = new Promise<void>((heard) => two.wake.on('due', heard))
  one.wake.ring('due')
  await rung
  await Promise.all([one.close(), two.close()])
})

test('a key held by one node makes the other wait until its transaction ends', async (ctx) => {
  if (why) ctx.skip(why)
  const url = await freshUrl()
  const [one, two] = [await open(url), await open(url)]
  const order: string[] = []
  let letGo = () => {}
  const held = new Promise<void>((go) => {
    letGo = go
  })
  const first = one.transact(async (tx) => {
    await tx.alone('0028')
    await tx.bleeps.add(aBleep('b1'))
    await held
    order.push('one')
  })
  const second = two.transact(async (tx) => {
    await tx.alone('0028')
    order.push('two')
    return tx.bleeps.get(asId('b1'))
  })
  letGo()
  await first
  const seen = await second
  if (order[0] === 'one') expect(seen).toBeDefined()
  expect(order).toHaveLength(2)
  await Promise.all([one.close(), two.close()])
})
