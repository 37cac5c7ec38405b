import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHAIN_START, followChain } from '../../src/core/govern/audit.ts'
import { type AlertId, type AttemptId, asId, type DeviceId, type PersonId } from '../../src/core/ids.ts'
import { sha256 } from '../../src/io/store/audit.ts'
import { openPostgres } from '../../src/io/store/open.ts'
import type { Store } from '../../src/ports/store.ts'
import { stepStored } from '../../src/run/step-attempt.ts'
import { type Postgres, startPostgres, unreachable } from '../support/postgres.ts'
import { aBleep, anAlert, anAttempt, storeContract } from './store.ts'
import { governContract } from './store-govern.ts'

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
governContract('PostgreSQL', async () => open(await freshUrl()), why)

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

test('a leader whose session the server ends knows that it leads no more, and another node may', async (ctx) => {
  if (why) ctx.skip(why)
  const url = await freshUrl()
  const [one, two] = [await open(url), await open(url)]
  const lease = await one.lead('chores')
  expect(lease?.held()).toBe(true)
  const server = new pg.Client({ connectionString: url })
  await server.connect()
  await server.query(`select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`)
  await server.end()
  await expect.poll(() => lease?.held()).toBe(false)
  await expect.poll(async () => (await two.lead('chores')) !== undefined).toBe(true)
  await lease?.release()
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

test('two nodes that append to the audit at one moment make one chain', async (ctx) => {
  if (why) ctx.skip(why)
  const url = await freshUrl()
  const nodes = [await open(url), await open(url)]
  const entry = (n: number) => ({
    at: n,
    actor: 'op',
    action: 'x',
    subject: `a${n}`,
    outcome: 'done' as const,
  })
  await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      nodes[i % 2]!.transact(async (tx) => {
        // A row of its own first: what others append meanwhile must still be seen behind the lock.
        await tx.notes.set(`n${i}`, i, i)
        await tx.audit.append(entry(i))
      }),
    ),
  )
  const rows = await nodes[0]!.transact((tx) => tx.audit.since(0, 100))
  const end = rows.reduce((state, row) => followChain(state, row, sha256), CHAIN_START)
  expect(end).toMatchObject({ seq: 40, erased: 0 })
  expect(end.broken).toBeUndefined()
  await Promise.all(nodes.map((node) => node.close()))
})

test('a receipt and the provider’s answer at one moment: the later stage stands', async (ctx) => {
  if (why) ctx.skip(why)
  const url = await freshUrl()
  const [one, two] = [await open(url), await open(url)]
  await one.transact(async (tx) => {
    await tx.bleeps.add(aBleep('b1'))
    await tx.alerts.add(anAlert('a1', 'b1'), [])
    await tx.attempts.add([anAttempt('t1', 'a1')])
  })
  const id = asId<AttemptId>('t1')
  let answered: Promise<unknown> = Promise.resolve()
  await one.transact(async (tx) => {
    await stepStored(tx, id, { kind: 'receipt', stage: 'presented', at: 2000 })
    const taken = { kind: 'outcome', outcome: { kind: 'taken' }, at: 2001, random: 0 } as const
    answered = two.transact((other) => stepStored(other, id, taken))
    await turns(two)
  })
  await answered
  expect((await one.transact((tx) => tx.attempts.get(id)))?.state).toBe('presented')
  await Promise.all([one.close(), two.close()])
})

test('inbox rows of one device become visible in the order of their cursors', async (ctx) => {
  if (why) ctx.skip(why)
  const url = await freshUrl()
  const [one, two] = [await open(url), await open(url)]
  const row = {
    device: asId<DeviceId>('d1'),
    person: asId<PersonId>('p1'),
    alert: asId<AlertId>('a1'),
    purpose: 'ask' as const,
    at: 1000,
    expires: 9000,
  }
  const order: string[] = []
  let second: Promise<void> = Promise.resolve()
  await one.transact(async (tx) => {
    await tx.inbox.add([row])
    second = two.transact((other) => other.inbox.add([row])).then(() => void order.push('second'))
    await turns(two)
    order.push('first')
  })
  await second
  expect(order).toEqual(['first', 'second'])
  await Promise.all([one.close(), two.close()])
})

test('connections cut by the server end no process, and rings are heard again', async (ctx) => {
  if (why) ctx.skip(why)
  const url = await freshUrl()
  const lost: string[] = []
  const one = await openPostgres(url, (error) => void lost.push(error.name))
  const two = await open(url)
  expect(await one.lead('chores')).toBeDefined()
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
  )
  await admin.end()
  await expect.poll(() => lost.length).toBeGreaterThan(0)
  let heard = 0
  one.wake.on('due', () => void heard++)
  await expect
    .poll(
      () => {
        two.wake.ring('due')
        return heard
      },
      { timeout: 8000, interval: 200 },
    )
    .toBeGreaterThan(0)
  await Promise.all([one.close(), two.close()])
})

/** Other work has had its turn, so that whoever does not wait for this transaction is done by now. */
async function turns(store: Store): Promise<void> {
  for (let i = 0; i < 50; i++) await store.transact((tx) => tx.notes.get('any'))
}
