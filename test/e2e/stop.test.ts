import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { createOperator } from '../../hardware/simulators/demo/operator.ts'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { startPushService } from '../../hardware/simulators/push-service.ts'
import { healthView } from '../../src/core/desk/views.ts'
import { ownPort } from '../support/ports.ts'
import { type SiteFolder, siteFolder } from '../support/site-folder.ts'

/*
 * The real daemon among things that never answer. A stop that waited for one of them would be ended by this hard limit
 * and not by itself; how long each part may take is held on a virtual clock (test/run/bounded.test.ts).
 */
const LIMIT = 60_000
const KEY = 'stop-operator-key'

let site: SiteFolder
const closers: (() => unknown)[] = []
beforeEach(() => {
  site = siteFolder()
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  site.remove()
})

interface Daemon {
  readonly child: ChildProcess
  /** Exit status once it has been asked to stop; null when the limit ended it. */
  stop(): Promise<number | null>
}

function start(config: object, environment: NodeJS.ProcessEnv = {}): Daemon {
  writeFileSync(
    site.config,
    stringify({ ...{ version: 1, site: { id: 'small', folder: 'site' }, feeds: [] }, ...config }),
  )
  const child = spawn(process.execPath, ['src/bleepd.js', 'run', '--config', site.config], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, KEY, ...environment },
  })
  const exit = new Promise<number | null>((done) => child.once('exit', done))
  closers.push(() => {
    child.kill('SIGKILL')
    return exit
  })
  return {
    child,
    stop() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), LIMIT)
      return exit.finally(() => clearTimeout(late))
    },
  }
}

const until = <T>(look: () => T | Promise<T>) => expect.poll(look)
const status = (url: string) =>
  fetch(url).then(
    (answer) => answer.status,
    () => 0,
  )

/** Takes every connection and whatever is said on it, and never says a word but this. */
async function silent(greeting = Buffer.alloc(0)): Promise<{ port: number; calls: () => number }> {
  let calls = 0
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    calls += 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.write(greeting)
      socket.pause()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((done) => server.close(done))
  })
  return { port: (server.address() as AddressInfo).port, calls: () => calls }
}

/** A pager terminal's line to us: says a command, gives the answer. */
async function snpp(port: number) {
  const socket = net.connect(port, '127.0.0.1').on('error', () => undefined)
  closers.push(() => socket.destroy())
  const answers: string[] = []
  let ended = false
  socket.on('data', (data) => answers.push(...data.toString().split('\r\n').filter(Boolean)))
  socket.on('close', () => (ended = true))
  await until(() => answers.length).toBe(1)
  return {
    ended: () => ended,
    async say(...commands: string[]): Promise<string> {
      for (const command of commands) {
        const before = answers.length
        socket.write(`${command}\r\n`)
        await until(() => answers.length > before || ended).toBe(true)
      }
      return answers.at(-1)?.slice(0, 3) ?? ''
    },
  }
}

const texts = () => {
  const db = new DatabaseSync(join(dirname(site.config), 'bleeps.sqlite'), { readOnly: true })
  try {
    return db
      .prepare('select doc from bleeps')
      .all()
      .map(({ doc }) => JSON.parse(String(doc)).page.text)
  } finally {
    db.close()
  }
}

test('clients, pushes, broker, watcher outside, copies and the reader of the log all hang: it stops, lines last', async () => {
  const [port, line] = [await ownPort(), await ownPort()]
  const push = await startPushService()
  closers.push(push.close)
  const vapid = vapidKeys()
  // CONNACK of MQTT 5.0; then it confirms nothing more.
  const broker = await silent(Buffer.from('2003000000', 'hex'))
  const watcher = await silent()
  const copies = join(dirname(site.config), 'copies')
  mkdirSync(copies)
  // A folder on a server that is gone: whoever reads there waits for ever.
  execFileSync('mkfifo', [join(copies, 'bleeps.20260101T000000000Z.json')])
  writeFileSync(join(copies, 'bleeps.20260101T000000000Z.sqlite'), '')
  writeFileSync(join(dirname(site.config), 'push-ca.pem'), push.ca)
  const daemon = start(
    {
      store: { kind: 'sqlite', path: 'bleeps.sqlite' },
      feeds: [{ id: 'snpp', profile: 'snpp', port: { kind: 'tcp-listen', port: line } }],
      http: { port, operators: [{ name: 'op', role: 'switchboard', token: 'env:KEY' }] },
      mqtt: { url: `mqtt://127.0.0.1:${broker.port}` },
      heartbeat: { url: `http://127.0.0.1:${watcher.port}/`, everyMs: 1000 },
      backup: { folder: copies },
      push: {
        webpush: {
          ...{ subject: 'mailto:it@hospital.example', publicKey: vapid.publicKey },
          ...{ privateKey: 'env:VAPID', ca: 'push-ca.pem' },
        },
      },
    },
    { VAPID: vapid.privateKey },
  )
  const url = `http://127.0.0.1:${port}`
  await until(() => status(`${url}/healthz`)).toBe(200)
  await until(watcher.calls).toBeGreaterThan(0)
  // Whoever reads the log reads no more.
  daemon.child.stderr?.pause()

  const operator = createOperator(url, KEY)
  let asked = 0
  push.interfere(() => ++asked > 0)
  const { subscription } = push.subscribe(vapid.publicKey)
  const enrolled = await fetch(`${url}/api/v1/devices`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ code: await operator.code('ann'), label: 'ann', channel: 'webpush' },
      address: JSON.stringify(subscription),
    }),
  })
  expect(enrolled.status).toBe(201)

  const half = net.connect(port, '127.0.0.1').on('error', () => undefined)
  half.write('POST /api/v1/devices HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{')
  const deaf = http.get(`${url}/api/v1/console/stream`, { headers: { authorization: `Bearer ${KEY}` } })
  deaf.on('error', () => undefined).on('response', (answer) => answer.pause())
  closers.push(
    () => half.destroy(),
    () => deaf.destroy(),
  )
  const sender = await snpp(line)
  expect(await sender.say('PAGE 1113', 'MESS BEFORE', 'SEND')).toBe('250')
  await until(() => asked).toBeGreaterThan(0)

  const stopped = daemon.stop()
  await until(() => status(`${url}/healthz`)).toBe(0)
  // The door is shut and the loops end; the line still stores what it hears, and says so.
  expect(await sender.say('PAGE 1113', 'MESS WHILE STOPPING', 'SEND')).toBe('250')
  expect(await stopped).toBe(0)
  await until(sender.ended).toBe(true)
  expect(texts()).toEqual(['BEFORE', 'WHILE STOPPING'])
})

test('a start that waits for a database that never answers is stopped too', async () => {
  const database = await silent()
  const daemon = start(
    {
      store: { kind: 'postgres', url: 'env:DATABASE' },
      http: { port: await ownPort() },
    },
    { DATABASE: `postgres://bleepd:x@127.0.0.1:${database.port}/bleepd` },
  )
  await until(database.calls).toBeGreaterThan(0)
  expect(await daemon.stop()).toBe(0)
})

test('a reload that is asked for while it starts is heard, and ends nothing', async () => {
  // Told at once at each start: its database has not been shown to work yet.
  const daemon = start({ store: { kind: 'sqlite', path: 'bleeps.sqlite' }, http: { port: 0 } })
  let log = ''
  daemon.child.stderr?.on('data', (data) => {
    if (log === '') daemon.child.kill('SIGHUP')
    log += data
  })
  await expect.poll(() => log).toContain('"event":"reloaded"')
  expect(log.indexOf('"event":"started"')).toBeLessThan(log.indexOf('"event":"reloaded"'))
  expect(await daemon.stop()).toBe(0)
})

test('whoever reads the log goes away: the daemon pages on, tells it, and stops well', async () => {
  const [port, line] = [await ownPort(), await ownPort()]
  const daemon = start({
    store: { kind: 'sqlite', path: 'bleeps.sqlite' },
    feeds: [{ id: 'snpp', profile: 'snpp', port: { kind: 'tcp-listen', port: line } }],
    http: { port },
  })
  const url = `http://127.0.0.1:${port}`
  await until(() => status(`${url}/healthz`)).toBe(200)
  daemon.child.stderr?.destroy()
  // A reload is logged.
  daemon.child.kill('SIGHUP')
  const reasons = async (): Promise<string[]> => {
    const { reasons } = healthView.parse(await fetch(`${url}/readyz`).then((answer) => answer.json()))
    return reasons.map(({ code }) => code)
  }
  await until(reasons).toContain('log-unwritten')
  const sender = await snpp(line)
  expect(await sender.say('PAGE 1113', 'MESS NOBODY LOGS', 'SEND')).toBe('250')
  expect(await daemon.stop()).toBe(0)
  expect(texts()).toEqual(['NOBODY LOGS'])
})

test('a log on a full disk costs its lines and nothing else', async () => {
  const port = await ownPort()
  const file = site.config
  writeFileSync(
    file,
    stringify({
      ...{ version: 1, site: { id: 'small', folder: 'site' }, feeds: [], http: { port } },
      store: { kind: 'sqlite', path: 'bleeps.sqlite' },
    }),
  )
  // Its every write fails as on a full disk.
  const child = spawn('sh', ['-c', `exec ${process.execPath} src/bleepd.js run --config ${file} 2>/dev/full`])
  const exit = new Promise<number | null>((done) => child.once('exit', done))
  closers.push(() => {
    child.kill('SIGKILL')
    return exit
  })
  const url = `http://127.0.0.1:${port}`
  await until(() => status(`${url}/healthz`)).toBe(200)
  await until(() => fetch(`${url}/readyz`).then((answer) => answer.text())).toContain('log-unwritten')
  child.kill('SIGTERM')
  expect(await exit).toBe(0)
})
