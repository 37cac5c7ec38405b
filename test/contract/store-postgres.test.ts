import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHAIN_START, followChain } from '../../src/core/govern/audit.ts'
import { type AlertId, type AttemptId, asId, type DeviceId, type PersonId } from '../../src/core/ids.ts'
import { sha256 } from '../../src/io/store/audit.ts'
import { openPostgres } from '../../src/io/store/open.ts'
import type { WordKeys } from '../../src/io/store/word-key.ts'
import { keyDatabase } from '../../src/io/store/word-key-rows.ts'
import type { Store } from '../../src/ports/store.ts'
import { stepStored } from '../../src/run/step-attempt.ts'
import { type Postgres, startPostgres, unreachable } from '../support/postgres.ts'
import { aBleep, anAlert, anAttempt, storeContract } from './store.ts'
import { filingContract } from './store-filings.ts'
import { governContract } from './store-govern.ts'

const why = unreachable()
let server: Postgres | undefined

beforeAll(async () => {
  if (!why) server = await startPostgres()
})
afterAll(async () => {
  await Promise.all(opened.map((keys) => keys.close()))
  await server?.stop()
})

async function freshUrl(): Promise<string> {
  if (!server) throw new Error('PostgreSQL was not started')
  return server.made()
}
const open = (url: string) => openPostgres(url, () => {})
const opened: WordKeys[] = []
async function sealed(): Promise<Store> {
  const keys = await keyDatabase(
    { url: (await server?.fresh()) ?? '', siteKey: 'site', former: [], now: 1e12 },
    true,
  )
  opened.push(keys)
  return openPostgres(await freshUrl(), () => {}, 'newest', keys)
}

storeContract('PostgreSQL', async () => open(await freshUrl()), why)
governContract('PostgreSQL', async () => open(await freshUrl()), why)
filingContract('PostgreSQL', async () => open(await freshUrl()), why)
storeContract('PostgreSQL with sealed words', sealed, why)
governContract('PostgreSQL with sealed words', sealed, why)
filingContract('PostgreSQL with sealed words', sealed, why)

test('two nodes read each other’s words, and a key that one destroys is gone for both', async (ctx) => {
  if (why) ctx.skip(why)
  const [url, keyUrl] = [await freshUrl(), (await server?.fresh()) ?? '']
  const keysOf = (siteKey: string, former: string[] = []) =>
    keyDatabase({ url: keyUrl, siteKey, former, now: 1e12 }, true)
  const keys = await Promise.all([keysOf('site'), keysOf('site')])
  const one = await openPostgres(url, () => {}, 'newest', keys[0])
  const two = await openPostgres(url, () => {}, 'newest', keys[1])
  const page = { ...aBleep('x').page, text: 'MR JONES' }
  await one.transact((tx) => tx.bleeps.add(aBleep('b1', { page })))
  await two.transact((tx) => tx.bleeps.add(aBleep('b2', { page })))
  const text = (store: Store, id: string) =>
    store.transact(async (tx) => (await tx.bleeps.get(asId(id)))?.page.text)
  expect([await text(two, 'b1'), await text(one, 'b2')]).toEqual(['MR JONES', 'MR JONES'])
  const raw = new pg.Client(url)
  await raw.connect()
  const stored = (await raw.query<{ doc: string }>("select doc from bleeps where id = 'b1'")).rows[0]?.doc
  expect(stored).not.toContain('JONES')
  await two.transact((tx) => tx.purge.bleeps([asId('b1')]))
  expect(await two.tidy()).toBe(true)
  // As an archive of the database would bring it back.
  await one.transact((tx) => tx.bleeps.add(aBleep('b1')))
  await raw.query("update bleeps set doc = $1 where id = 'b1'", [stored])
  await raw.end()
  const third = await keysOf('other', ['site'])
  const again = await openPostgres(url, () => {}, 'newest', third)
  expect([await text(again, 'b1'), await text(again, 'b2')]).toEqual(['', 'MR JONES'])
  for (const each of [one, two, again]) await each.close()
  for (const each of [...keys, third]) await each.close()
})

test('two nodes bind words to the same patient, and what one destroys of a patient is gone for both', async (ctx) => {
  if (why) ctx.skip(why)
  const [url, keyUrl] = [await freshUrl(), (await server?.fresh()) ?? '']
  const keysOf = () => keyDatabase({ url: keyUrl, siteKey: 'site', former: [], now: 1e12 }, true)
  const [keys, others] = [await keysOf(), await keysOf()]
  const one = await openPostgres(url, () => {}, 'newest', keys)
  const two = await openPostgres(url, () => {}, 'newest', others)
  const page = { ...aBleep('x').page, text: 'MR JONES' }
  for (const id of ['b1', 'b2']) await one.transact((tx) => tx.bleeps.add(aBleep(id, { page })))
  const texts = (store: Store) =>
    store.transact(async (tx) => {
      const found = []
      for (const id of ['b1', 'b2']) found.push((await tx.bleeps.get(asId(id)))?.page.text)
      return found
    })
  await one.transact((tx) => tx.words.bind('b1', async () => ['nhs 9434765919']))
  await two.transact((tx) => tx.words.bind('b2', async () => ['nhs 9434765919', 'nhs 4010232137']))
  expect([await texts(one), await texts(two)]).toEqual([
    ['MR JONES', 'MR JONES'],
    ['MR JONES', 'MR JONES'],
  ])
  const raw = new pg.Client(url)
  await raw.connect()
  const { rows } = await raw.query<{ subject: string; bleeps: string }>(
    'select subject, count(*) as bleeps from subject_bleeps group by subject order by 2 desc',
  )
  expect(rows.map(({ bleeps }) => Number(bleeps))).toEqual([2, 1])
  await raw.end()
  // The last that is about the first patient alone: what is shared goes on under the other's key.
  await two.transact((tx) => tx.purge.bleeps([asId('b1')]))
  expect(await two.tidy()).toBe(true)
  const third = await keysOf()
  await third.load(rows.map(({ subject }) => subject))
  expect(rows.map(({ subject }) => typeof third.get(subject))).toEqual(['string', 'object'])
  const again = await openPostgres(url, () => {}, 'newest', third)
  expect(await texts(again)).toEqual([undefined, 'MR JONES'])
  for (const each of [one, two, again]) await each.close()
  for (const each of [keys, others, third]) await each.close()
})

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

test('a leader whose lease was taken knows that it leads no more, and the database refuses what it does', async (ctx) => {
  if (why) ctx.skip(why)
  const url = await freshUrl()
  const [one, two] = [await open(url), await open(url)]
  const lease = await one.lead('chores')
  expect(lease?.held()).toBe(true)
  await one.transact((tx) => tx.fence(lease!))
  // As if it had stood still while the other took over: what it believes is of no account.
  const other = new pg.Client({ connectionString: url })
  await other.connect()
  await other.query("update leases set token = token + 1 where name = 'chores'")
  await other.end()
  await expect(one.transact((tx) => tx.fence(lease!))).rejects.toMatchObject({ code: 'lead-lost' })
  await expect.poll(() => lease?.held()).toBe(false)
  await expect.poll(async () => (await two.lead('chores')) !== undefined).toBe(true)
  await Promise.all([one.close(), two.close()])
})

async function queueOne(store: Store): Promise<void> {
  await store.transact(async (tx) => {
    await tx.bleeps.add(aBleep('b1'))
    await tx.alerts.add(anAlert('a1', 'b1'), [])
    await tx.attempts.add([anAttempt('t1', 'a1')])
  })
}
const claim = (store: Store, owner: string) =>
  store.transact((tx) => tx.attempts.claim({ owner, now: 5000, until: 90_000_000_000_000, limit: 5 }))

test('what a dead run had claimed is claimed again as its lease lapses, long before its claim would lapse', async (ctx) => {
  if (why) ctx.skip(why)
  const url = await freshUrl()
  const [one, two] = [await open(url), await open(url)]
  await queueOne(one)
  expect(await claim(one, 'one/1')).toHaveLength(1)
  expect(await claim(two, 'two/1')).toHaveLength(0)
  // Renewed while it lives.
  await new Promise((done) => setTimeout(done, 2000))
  expect(await claim(two, 'two/1')).toHaveLength(0)
  await one.close()
  await expect.poll(async () => (await claim(two, 'two/1')).length).toBe(1)
  await two.close()
})

test('when nobody could renew anything for a while, what another has claimed is left to it', async (ctx) => {
  if (why) ctx.skip(why)
  const url = await freshUrl()
  const [one, two] = [await open(url), await open(url)]
  await queueOne(one)
  expect(await claim(two, 'two/1')).toHaveLength(1)
  expect(await claim(one, 'one/1')).toHaveLength(0)
  // As while the database fails over: no lease is renewed until it has lapsed.
  const other = new pg.Client({ connectionString: url })
  await other.connect()
  await other.query('begin; lock table leases in share row exclusive mode')
  await other.query('select pg_sleep(2.5)')
  const lapsed = await other.query(
    "select 1 from leases where name = 'run/two/1' and until < extract(epoch from clock_timestamp()) * 1000",
  )
  expect(lapsed.rows).toHaveLength(1)
  expect(await claim(one, 'one/1')).toHaveLength(0)
  await other.query('commit')
  await other.end()
  expect(await claim(one, 'one/1')).toHaveLength(0)
  await Promise.all([one.close(), two.close()])
})

test('whoever may take over is woken as a dead run lapses, and not while it lives', async (ctx) => {
  if (why) ctx.skip(why)
  const url = await freshUrl()
  const two = await open(url)
  let woken = 0
  two.wake.on('attempts', () => {
    woken += 1
  })
  await two.transact((tx) =>
    tx.attempts.claim({ owner: 'two/1', now: 5000, until: 90_000_000_000_000, limit: 5 }),
  )
  // The run of a node that renews it four times, and dies.
  const one = new pg.Client({ connectionString: url })
  await one.connect()
  for (let renewed = 0; renewed < 4; renewed += 1) {
    await one.query(`insert into leases (name, token, until)
      values ('run/one/1', 1, extract(epoch from clock_timestamp()) * 1000 + 5000)
      on conflict (name) do update set until = excluded.until`)
    await one.query('select pg_sleep(0.2)')
  }
  expect(woken).toBe(0)
  await expect.poll(() => woken).toBeGreaterThan(0)
  await one.end()
  await two.close()
})

test('a node that stands still inside a transaction loses it and its locks within a second', async (ctx) => {
  if (why) ctx.skip(why)
  const url = await freshUrl()
  const [one, two] = [await open(url), await open(url)]
  let taken = () => {}
  const holds = new Promise<void>((go) => {
    taken = go
  })
  const frozen = one.transact(async (tx) => {
    await tx.alone('bleep/1')
    taken()
    await new Promise((done) => setTimeout(done, 3000))
    await tx.notes.set('too late', 1, 1)
  })
  await holds
  await two.transact(async (tx) => {
    await tx.alone('bleep/1')
    await tx.notes.set('in time', 1, 1)
  }, 1500)
  await expect(frozen).rejects.toMatchObject({ code: 'store-lost' })
  expect(await two.transact((tx) => tx.notes.get('too late'))).toBeUndefined()
  await Promise.all([one.close(), two.close()])
})

test('a statement that the server refused fails its transaction whoever caught it, and is no defect of ours', async (ctx) => {
  if (why) ctx.skip(why)
  const url = await freshUrl()
  const two = await openPostgres(url, () => {})
  const holder = new pg.Client({ connectionString: url })
  await holder.connect()
  await holder.query(`select pg_advisory_lock(hashtextextended('device/1', 0))`)
  // Of many things one waits for the other's key too long. Nothing after it is stored, and nothing before it.
  const met: unknown[] = []
  const many = two.transact(async (tx) => {
    await tx.notes.set('before', 1, 1)
    await tx.alone('device/1').catch((error: unknown) => met.push(error))
  })
  await expect(many).rejects.toMatchObject({ code: 'store-busy' })
  expect(met).toMatchObject([{ name: 'StoreFault', code: 'store-busy' }])
  await holder.end()
  expect(await two.transact((tx) => tx.notes.get('before'))).toBeUndefined()
  // A statement that is wrong is ours, and what it was part of is not done either.
  const wrong = two.rows(async (tx) => {
    await sql`insert into notes (key, value, at) values ('wrong', '1', 1)`.execute(tx)
    await sql`select nothing`.execute(tx).catch(() => undefined)
  })
  await expect(wrong).rejects.toBeDefined()
  expect(await two.transact((tx) => tx.notes.get('wrong'))).toBeUndefined()
  await two.close()
})

test('a server that answers nothing is refused in the time asked for', async (ctx) => {
  if (why) ctx.skip(why)
  const url = await freshUrl()
  const way = await hole(Number(new URL(url).port))
  const through = new URL(url)
  through.port = String(way.port)
  const one = await open(through.href)
  await one.transact((tx) => tx.notes.set('n', 1, 1))
  way.swallow()
  const began = Date.now()
  await expect(one.transact((tx) => tx.notes.set('n', 2, 2), 500)).rejects.toMatchObject({
    code: 'store-lost',
  })
  // Not a measure of speed: without a bound of its own this would never end.
  expect(Date.now() - began).toBeLessThan(10_000)
  way.end()
  await one.close()
})

test('of several hosts the one that takes writes is found, and found again when it is lost', async (ctx) => {
  if (why) ctx.skip(why)
  const url = new URL(await freshUrl())
  const way = await hole(Number(url.port))
  const dead = '127.0.0.1:1'
  const hosts = `${dead},127.0.0.1:${way.port},127.0.0.1:${url.port}`
  const one = await open(`${url.href.replace(url.host, hosts)}?target_session_attrs=read-write`)
  await one.transact((tx) => tx.notes.set('n', 1, 1))
  way.end()
  await expect.poll(() => one.transact((tx) => tx.notes.get('n')).catch(() => 'lost')).toBe(1)
  await one.close()
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
      { interval: 200 },
    )
    .toBeGreaterThan(0)
  await Promise.all([one.close(), two.close()])
})

/** Other work has had its turn, so that whoever does not wait for this transaction is done by now. */
async function turns(store: Store): Promise<void> {
  for (let i = 0; i < 50; i++) await store.transact((tx) => tx.notes.get('any'))
}

/** A way to a server that can begin to swallow everything, as a firewall does that forgot a connection. */
async function hole(to: number): Promise<{ port: number; swallow(): void; end(): void }> {
  const pairs: [Socket, Socket][] = []
  let swallowing = false
  const front = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    pairs.push([near, far])
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (bytes) => swallowing || into.write(bytes))
      from.on('error', () => into.destroy())
      from.on('close', () => into.destroy())
    }
  })
  await new Promise<void>((up) => front.listen(0, '127.0.0.1', up))
  return {
    port: (front.address() as AddressInfo).port,
    swallow() {
      swallowing = true
    },
    end() {
      front.close()
      for (const pair of pairs) for (const one of pair) one.destroy()
    },
  }
}
