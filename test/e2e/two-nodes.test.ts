import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { z } from 'zod'
import { startDaemon } from '../../hardware/simulators/demo/daemon.ts'
import { createOperator } from '../../hardware/simulators/demo/operator.ts'
import { type Phone, startPhone } from '../../hardware/simulators/phone.ts'
import { openPty } from '../../hardware/simulators/pty.ts'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { startPushService } from '../../hardware/simulators/push-service.ts'
import { feedView } from '../../src/core/measure/watch/feed-view.ts'
import { encodeTransmission } from '../../src/core/pocsag/encode.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'
import { startPostgres, unreachable } from '../support/postgres.ts'

/*
 * Two daemons on one PostgreSQL, each tapping the same transmitter: one bleep, one alert, and each phone rung once for
 * each attempt; then one of them dies and the other goes on.
 */
const why = unreachable()
const folder = mkdtempSync(join(tmpdir(), 'bleepd-two-'))
const closers: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closers.reverse()) await close()
  removeFolder(folder)
})
const KEY = 'two-nodes-operator'
const FEEDS = z.object({ feeds: z.array(feedView) })
const SECURITY = { ric: 1310816, number: '2213' }

test('two nodes hear one page: one bleep, one alert; a dead node is not missed', async (ctx) => {
  if (why) ctx.skip(why)
  const database = await startPostgres()
  closers.push(database.stop)
  const url = await database.fresh()
  const push = await startPushService()
  closers.push(push.close)
  writeFileSync(join(folder, 'push-ca.pem'), push.ca)
  const vapid = vapidKeys()

  const lines = [openPty(), openPty()]
  const nodes = []
  for (const [i, line] of lines.entries()) {
    closers.push(line.close)
    const port = await ownPort()
    const config = join(folder, `node-${i}.yaml`)
    writeFileSync(
      config,
      stringify({
        version: 1,
        node: `node-${i}`,
        site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') },
        store: { kind: 'postgres', url: 'env:DATABASE' },
        feeds: [
          {
            id: `air-${i}`,
            profile: 'pocsag-packed',
            port: { kind: 'serial', path: line.path },
            options: { baud: 2400 },
          },
        ],
        http: {
          port,
          enrolmentsPerMinute: 1000,
          operators: [{ name: 'op', role: 'switchboard', token: 'env:KEY' }],
        },
        push: {
          webpush: {
            subject: 'mailto:t@example.org',
            publicKey: vapid.publicKey,
            privateKey: 'env:VAPID',
            ca: 'push-ca.pem',
          },
        },
      }),
    )
    const daemon = await startDaemon({
      config,
      url: `http://localhost:${port}`,
      log: join(folder, `node-${i}.log`),
      environment: { DATABASE: url, KEY, VAPID: vapid.privateKey },
    })
    closers.push(daemon.stop)
    nodes.push(daemon)
  }
  const [one, two] = nodes
  if (!one || !two) throw new Error('two nodes were started')
  const operator = createOperator(one.url, KEY)
  const phones: Phone[] = []
  for (const { person, roles } of (await operator.onDuty()).values()) {
    if (!roles.some((r) => /security|duty manager|porter|matron/i.test(r))) continue
    const phone = await startPhone({
      base: two.url,
      code: await operator.code(person),
      person,
      push,
      vapidKey: vapid.publicKey,
      temper: { receives: 20, reads: 50, thinks: 50, answer: () => 'accepted' },
    })
    closers.push(phone.close)
    phones.push(phone)
  }

  const page = (text: string) =>
    encodeTransmission([{ ric: SECURITY.ric, function: 3, type: 'alpha', text }]).bits
  for (const line of lines) line.write(page('SECURITY TO ED'))

  const db = new pg.Client(url)
  await db.connect()
  closers.push(() => db.end())
  const count = async (sql: string) => Number((await db.query<{ n: string }>(sql)).rows[0]?.n)
  await expect.poll(() => count('select count(*) as n from sightings')).toBe(2)
  await expect.poll(() => count("select count(*) as n from alerts where phase = 'covered'")).toBe(1)
  expect(await count('select count(*) as n from bleeps')).toBe(1)
  for (const phone of phones) expect(new Set(phone.rang).size).toBe(phone.rang.length)
  const rung = phones.reduce((sum, phone) => sum + phone.rang.length, 0)
  expect(rung).toBeGreaterThan(0)

  // Whoever looks, on whichever node, sees both nodes' lines and that both have heard the page.
  const heardBy = async ({ url }: { url: string }) => {
    const response = await fetch(`${url}/api/v1/feeds`, { headers: { authorization: `Bearer ${KEY}` } })
    return FEEDS.parse(await response.json()).feeds.map(
      (f) => `${f.node} ${f.id} ${f.lastPage !== undefined}`,
    )
  }
  for (const node of nodes)
    await expect
      .poll(async () => (await heardBy(node)).sort(), { interval: 500 })
      .toEqual(['node-0 air-0 true', 'node-1 air-1 true'])

  process.kill(one.pid, 'SIGKILL')
  lines[1]?.write(page('SECURITY TO THEATRE 6'))
  await expect.poll(() => count('select count(*) as n from bleeps')).toBe(2)
  await expect.poll(() => count("select count(*) as n from alerts where phase = 'covered'")).toBe(2)
})
