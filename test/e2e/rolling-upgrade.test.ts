import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NEWEST_SCHEMA } from '../../src/io/store/open.ts'
import { serverPrograms } from '../chaos/database.ts'
import { makeWorld, type World } from '../chaos/world.ts'

/*
 * Two daemons on one PostgreSQL are upgraded one after the other. A newer one changes the schema under the other, which
 * goes on with its open alerts and takes new pages; an older one does not start on it, and says so. And a newer one that
 * starts beside a node on the older schema brings that to its own, and goes on with the alerts that were open.
 */
const programs = serverPrograms()
let world: World | undefined
beforeAll(async () => {
  if (programs !== undefined) world = await makeWorld('two nodes')
})
afterAll(() => world?.close())

test('two nodes are upgraded over a change of the schema, with open alerts, both directions', async (ctx) => {
  if (world === undefined) return ctx.skip('the server of Debian’s postgresql is not installed')
  const { nodes, senders, phone, pair, folder } = world
  const [one, two] = nodes
  const [toOne, toTwo] = senders
  if (!one || !two || !toOne || !toTwo || !pair) throw new Error('there are two of each')
  const db = new pg.Client(`postgres://bleep@127.0.0.1:${pair.addresses[0]?.port}/bleeps`)
  await db.connect()
  const open = async () =>
    (await db.query<{ id: string }>("select id from alerts where phase <> 'closed' order by id")).rows.map(
      ({ id }) => id,
    )
  const rings = async (sender: typeof toOne, text: string) => {
    await expect.poll(() => sender.send(text), { interval: 200 }).toBe('stored')
    await expect.poll(() => phone.shown.get(text)?.size).toBe(1)
  }
  try {
    await rings(toOne, 'BEFORE BY ONE RING 4001')
    await rings(toTwo, 'BEFORE BY TWO RING 4002')
    const before = await open()
    expect(before).toHaveLength(2)

    // A newer release has changed the schema, which only adds. Both older nodes go on.
    await db.query('alter table alerts add column later text')
    await db.query("insert into kysely_migration (name, timestamp) values ('9999-later', 'now')")
    await rings(toOne, 'UNDER A NEWER SCHEMA BY ONE RING 4003')
    await rings(toTwo, 'UNDER A NEWER SCHEMA BY TWO RING 4004')
    // But an older one does not start on it: it cannot know what it would spoil.
    await one.kill()
    one.start()
    expect(await one.ready(30_000)).toBe(false)
    expect(readFileSync(join(folder, 'one.log'), 'utf8')).toContain('store-newer')

    // The other way: node two stands on an older schema when a newer node starts. A new migration is undone here as well.
    await db.query("delete from kysely_migration where name = '9999-later' or name >= '0106-filings'")
    await db.query('alter table alerts drop column later')
    await db.query('drop table filing_sends, filings')
    await db.query('alter table bleeps drop column if exists key')
    await db.query('drop table if exists keys_gone')
    await db.query('drop table if exists own_keys, subject_bleeps')
    one.start()
    expect(await one.ready(60_000)).toBe(true)
    const names = await db.query<{ name: string }>('select max(name) as name from kysely_migration')
    expect(names.rows[0]?.name).toBe(NEWEST_SCHEMA)
    await rings(toTwo, 'BEHIND THE CHANGE BY TWO RING 4005')
    await rings(toOne, 'BEHIND THE CHANGE BY ONE RING 4006')
    // What was open is open, once, with a future of its own.
    const after = await open()
    expect(after).toHaveLength(6)
    expect(after).toEqual(expect.arrayContaining([...before]))
    const lost = await db.query(
      "select id from alerts where phase <> 'closed' and not exists (select 1 from due where due.alert = alerts.id)",
    )
    expect(lost.rows).toEqual([])
  } finally {
    await db.end()
  }
}, 300_000)
