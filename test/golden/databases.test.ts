import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { futureOf } from '../../src/core/alert/obligations.ts'
import type { ChannelId } from '../../src/core/deliver/channels.ts'
import type { Card } from '../../src/core/desk/views.ts'
import { asId } from '../../src/core/ids.ts'
import { openPostgres, openSqlite } from '../../src/io/store/open.ts'
import type { Channel } from '../../src/ports/channel.ts'
import type { Store } from '../../src/ports/store.ts'
import { startOutbox } from '../../src/run/deliver/outbox.ts'
import { type Bed, KEYS, openBed } from '../support/desk-bed.ts'
import { removeFolder } from '../support/folders.ts'
import { type Postgres, startPostgres, unreachable } from '../support/postgres.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'
import { VirtualClock } from '../support/virtual-clock.ts'
import { pass } from './databases/half-answered.ts'

/**
 * Databases that earlier revisions left behind in the middle of a bad quarter of an hour (databases/half-answered.ts).
 * They are never made anew; each release adds its own (`databases/write.ts`).
 */
const FOLDER = new URL('databases/', import.meta.url)
const written = (ending: string) =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith(ending))
    .toSorted()
const bytes = (name: string) => gunzipSync(readFileSync(new URL(name, FOLDER)))

test('each release that the list of changes names has left its databases here', () => {
  const changes = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8')
  const releases = [...changes.matchAll(/^## \[(\d[^\]]*)\]/gm)].map(([, version]) => version)
  expect(releases).toContain('0.1.0')
  for (const ending of ['.sqlite.gz', '.postgres.sql.gz'])
    expect(written(ending)).toEqual(expect.arrayContaining(releases.map((version) => `${version}${ending}`)))
})

/** The daemon was away from the last second of the quarter of an hour until then. */
const BACK = Date.UTC(2026, 10, 22, 3, 4, 0)

const home = mkdtempSync(join(tmpdir(), 'bleepd-golden-'))
afterAll(() => removeFolder(home))

describe('SQLite', () => {
  test.each(written('.sqlite.gz'))('%s is opened and every alert in it carried to its end', async (name) => {
    const file = join(home, name.replace('.gz', ''))
    writeFileSync(file, bytes(name))
    await carry(await openSqlite(file))
  })
})

describe('PostgreSQL', () => {
  const why = unreachable()
  let server: Postgres | undefined
  beforeAll(async () => {
    if (!why) server = await startPostgres()
  })
  afterAll(() => server?.stop())

  test.for(written('.postgres.sql.gz'))(
    '%s is opened and every alert in it carried to its end',
    async (name, ctx) => {
      if (why) ctx.skip(why)
      const url = await server?.fresh()
      if (url === undefined) throw new Error('PostgreSQL was not started')
      const client = new pg.Client(url)
      await client.connect()
      await client.query(bytes(name).toString())
      await client.end()
      await carry(await openPostgres(url, () => {}))
    },
  )
})

/** Every call is shown, rings on, is answered, covered and closed; nothing stays due. */
async function carry(store: Store): Promise<void> {
  const clock = new VirtualClock(BACK)
  const bed = await openBed({ clock, store })
  const open = async () => (await get(bed, 'alerts?phase=open')).alerts as Card[]

  const before = await open()
  expect(before.map((card) => `${card.class} ${card.phase}`).toSorted()).toEqual([
    'emergency exhausted',
    'emergency ringing',
    'routine covered',
    'test ringing',
    'urgent exhausted',
  ])
  for (const card of before) {
    const alert = await store.transact((tx) => tx.alerts.get(asId(card.id)))
    expect(futureOf(alert!).kind).not.toBe('none')
    const page = await get(bed, `alerts/${card.id}`)
    expect(page.timeline.length).toBeGreaterThan(1)
    expect(page.responders.map((r: { person: string }) => r.person)).toEqual(Object.keys(alert!.responders))
  }

  const sent: string[] = []
  const outbox = startOutbox({
    ...{ store, clock, log: quietLog, metrics: quietMetrics, privacy: 'opaque', owner: 'here' },
    random: { bytes: (n) => new Uint8Array(n) },
    channels: sinks(sent),
    apply: async (alert, event) => void (await bed.alerts.apply(alert, event)),
  })
  // What was in nobody's hands any more when the node died is handed over, or has expired.
  const waiting = async () => {
    await clock.elapse(1000)
    return (await store.transact((tx) => tx.attempts.waiting(clock.now()))).count
  }
  await expect.poll(waiting).toBe(0)
  await outbox.stop()
  expect(sent).toContain('socket')

  for (const { id } of before.filter((card) => card.class !== 'test')) {
    for (let left = 4; (await cardOf(bed, id)).phase !== 'covered'; left--) {
      expect(left).toBeGreaterThan(0)
      const { version, missing } = await cardOf(bed, id)
      const person = missing.find((m) => m.mandatory)?.people?.[0]?.person
      await post(bed, `alerts/${id}/answers`, { answer: 'accepted', version, person })
    }
    await pass(bed, clock, 1)
    const { version } = await cardOf(bed, id)
    const stale = await post(bed, `alerts/${id}/actions`, { action: 'close', version: version - 1 })
    expect(stale.statusCode).toBe(409)
    expect((await post(bed, `alerts/${id}/actions`, { action: 'close', version })).statusCode).toBe(200)
  }
  await pass(bed, clock, 70)
  expect(await open()).toEqual([])
  expect(await store.transact((tx) => tx.due.next())).toBeUndefined()
  for (const { id } of before) expect((await get(bed, `alerts/${id}`)).closed).toBeDefined()

  await bed.close()
}

function sinks(sent: string[]): ReadonlyMap<ChannelId, Channel> {
  const sink = (id: ChannelId): Channel => ({
    id,
    send: async (attempt) => {
      sent.push(attempt.channel)
      return { kind: 'taken' }
    },
    close: async () => undefined,
  })
  return new Map((['socket', 'radio'] as const).map((id) => [id, sink(id)]))
}

async function get(bed: Bed, url: string) {
  const said = await bed.http.app.inject({
    url: `/api/v1/${url}`,
    headers: { authorization: `Bearer ${KEYS.switchboard}` },
  })
  expect(said.statusCode).toBe(200)
  return said.json()
}

const cardOf = (bed: Bed, id: string): Promise<Card> => get(bed, `alerts/${id}`)

function post(bed: Bed, url: string, payload: object) {
  return bed.http.app.inject({
    method: 'POST',
    url: `/api/v1/${url}`,
    headers: { authorization: `Bearer ${KEYS.switchboard}` },
    payload,
  })
}
