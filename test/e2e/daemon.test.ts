import { spawn } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { openPty } from '../../hardware/simulators/pty.ts'
import { healthView } from '../../src/core/desk/views.ts'
import { encodeTransmission } from '../../src/core/pocsag/encode.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'

/*
 * The daemon as a process, on pseudo-terminals: killed without warning, started again, given ports that are busy or
 * not there, a database it cannot write and a configuration full of faults.
 */
const folder = mkdtempSync(join(tmpdir(), 'bleepd-e2e-'))
const closers: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closers.reverse()) await close()
  removeFolder(folder)
})

const SECURITY = 1310816
let made = 0

async function configured(
  feeds: readonly object[],
  more: object = {},
): Promise<{ file: string; folder: string; url: string; database: string }> {
  const port = await ownPort()
  const own = mkdtempSync(join(folder, `${++made}-`))
  const file = join(own, 'bridge.yaml')
  writeFileSync(
    file,
    stringify({
      version: 1,
      site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') },
      store: { kind: 'sqlite', path: 'bleeps.sqlite' },
      feeds,
      http: { port },
      ...more,
    }),
  )
  return { file, folder: own, url: `http://localhost:${port}`, database: join(own, 'bleeps.sqlite') }
}

const air = (path: string, id = 'air'): object => ({
  id,
  profile: 'pocsag-packed',
  port: { kind: 'serial', path },
  options: { baud: 2400 },
})

interface Running {
  readonly pid: number
  readonly kill: (signal: NodeJS.Signals) => Promise<number | null>
  readonly log: () => string
  /** Exit status; null when a signal ended it. */
  readonly exit: Promise<number | null>
}

function start(file: string): Running {
  const child = spawn(process.execPath, ['src/bleepd.js', 'run', '--config', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString()
  })
  const exit = new Promise<number | null>((done) => child.once('exit', (code) => done(code)))
  closers.push(() => child.kill('SIGKILL'))
  return {
    pid: child.pid ?? 0,
    kill(signal) {
      child.kill(signal)
      return exit
    },
    log: () => log,
    exit,
  }
}

const until = <T>(look: () => T | Promise<T>) => expect.poll(look)
const isReady = (url: string) => () =>
  fetch(`${url}/readyz`).then(
    (r) => r.status,
    () => 0,
  )
const rows = (database: string, sql: string): Record<string, unknown>[] => {
  const db = new DatabaseSync(database, { readOnly: true })
  try {
    return db.prepare(sql).all()
  } finally {
    db.close()
  }
}
const page = (text: string, ric = SECURITY): Uint8Array =>
  encodeTransmission([{ ric, function: 3, type: 'alpha', text }]).bits

test('killed at once after a page is stored, it goes on from the store: alert, steps, no bleep twice', async () => {
  const line = openPty()
  closers.push(line.close)
  const { file, url, database } = await configured([air(line.path)])
  const first = start(file)
  await until(isReady(url)).toBe(200)
  line.write(page('SECURITY TO ED'))
  await until(() => rows(database, 'select id from bleeps').length).toBe(1)
  await first.kill('SIGKILL')

  const second = start(file)
  await until(isReady(url)).toBe(200)
  await until(() => rows(database, "select phase from alerts where phase <> 'closed'").length).toBe(1)
  const before = rows(database, 'select name, at from due')
  expect(before.length).toBeGreaterThan(0)
  // The step that was due 15 s after the call fires though the process that set it is dead.
  await until(() => rows(database, "select seq from alert_events where kind = 'due'").length).toBeGreaterThan(
    0,
  )
  expect(rows(database, 'select id from bleeps')).toHaveLength(1)
  expect(rows(database, 'select id from alerts')).toHaveLength(1)
  expect(await second.kill('SIGTERM')).toBe(0)
})

test("a reload takes the site's files as they are now, on an open line; a faulty file is refused whole", async () => {
  const line = openPty()
  closers.push(line.close)
  const {
    file,
    folder: own,
    url,
    database,
  } = await configured([air(line.path)], {
    site: { id: 'demo', folder: 'site' },
  })
  cpSync(join(process.cwd(), 'config/sites/demo'), join(own, 'site'), { recursive: true })
  const daemon = start(file)
  await until(isReady(url)).toBe(200)
  const NEW_RIC = 1_999_992
  const kinds = () => rows(database, 'select number from bleeps order by id').map((row) => row.number)

  appendFileSync(join(own, 'site/numbers.csv'), `2990,${NEW_RIC},,team:adult-crash,brackenfell,,urgent,New\n`)
  process.kill(daemon.pid, 'SIGHUP')
  await until(daemon.log).toContain('"reloaded"')
  line.write(page('TO THE NEW NUMBER', NEW_RIC))
  await until(kinds).toEqual(['2990'])
  // The radio feed expects it too: without the new list the address would be one nobody knows.
  expect(JSON.stringify(rows(database, 'select * from bleeps'))).not.toContain('unknownRic')

  appendFileSync(join(own, 'site/numbers.csv'), '2991,nonsense,,team:nobody,brackenfell,,urgent,Bad\n')
  process.kill(daemon.pid, 'SIGHUP')
  await until(daemon.log).toContain('"reload-refused"')
  line.write(page('STILL TO THE NEW NUMBER', NEW_RIC))
  await until(kinds).toEqual(['2990', '2990'])
  const refusals = async () =>
    healthView
      .parse(await (await fetch(`${url}/readyz`)).json())
      .reasons.flatMap((r) => (r.code === 'reload-refused' ? [r.detail] : []))
  await until(refusals).toEqual([
    expect.stringMatching(/^site\/numbers\.csv:\d+:ric; in force is what was read on /),
  ])

  // Each of these has ended a daemon: a reading that throws is a refusal like any other.
  const numbers = readFileSync(join(own, 'site/numbers.csv'), 'utf8')
  writeFileSync(join(own, 'site/numbers.csv'), numbers.replace(/2991.*\n/, ''))
  const rules = readFileSync(join(own, 'site/rules.yaml'), 'utf8')
  writeFileSync(join(own, 'site/rules.yaml'), 'rules:\n  - { id: a, class: urgent, when: { number: *55 } }\n')
  process.kill(daemon.pid, 'SIGHUP')
  await until(refusals).toEqual([expect.stringMatching(/^site\/rules\.yaml:2; /)])
  writeFileSync(join(own, 'site/rules.yaml'), rules)
  renameSync(join(own, 'site/rota'), join(own, 'calendars'))
  writeFileSync(join(own, 'site/rota'), '')
  process.kill(daemon.pid, 'SIGHUP')
  await until(refusals).toEqual([expect.stringMatching(/^site\/rota; /)])
  rmSync(join(own, 'site/rota'))
  renameSync(join(own, 'calendars'), join(own, 'site/rota'))
  process.kill(daemon.pid, 'SIGHUP')
  await until(refusals).toEqual([])
  expect(daemon.log().match(/port-opened/g)).toHaveLength(1)
  expect(await daemon.kill('SIGTERM')).toBe(0)

  // A restart meets the slip: the lines run on the last good copy, and that is told until it is mended.
  writeFileSync(join(own, 'site/rules.yaml'), 'rules:\n  - { id: a, class: urgent, when: { number: *55 } }\n')
  const again = start(file)
  await until(isReady(url)).toBe(200)
  await until(refusals).toEqual([
    expect.stringMatching(/^site\/rules\.yaml:2; in force is what was read on /),
  ])
  line.write(page('AFTER THE RESTART', NEW_RIC))
  await until(kinds).toEqual(['2990', '2990', '2990'])
  writeFileSync(join(own, 'site/rules.yaml'), rules)
  process.kill(again.pid, 'SIGHUP')
  await until(refusals).toEqual([])
  expect(await again.kill('SIGTERM')).toBe(0)
})

test('a missing port, a busy port and noise are faults with codes; the good feed goes on', async () => {
  const good = openPty()
  const busy = openPty()
  closers.push(good.close, busy.close)
  const holder = await configured([air(busy.path)])
  const other = start(holder.file)
  await until(isReady(holder.url)).toBe(200)

  const { file, url, database } = await configured([
    air(good.path, 'good'),
    air(busy.path, 'busy'),
    air('/dev/serial/by-id/nothing-here', 'absent'),
  ])
  const daemon = start(file)
  await until(isReady(url)).toBe(200)
  const codes = async () =>
    healthView
      .parse(await (await fetch(`${url}/readyz`)).json())
      .reasons.map((r) => `${r.subject}: ${r.code}`)
  await until(codes).toEqual(expect.arrayContaining(['absent: port-absent', 'busy: port-busy']))

  good.write(Uint8Array.from({ length: 4000 }, (_, i) => (i * 7919) & 0xff))
  good.write(page('AFTER THE NOISE'))
  await until(() => rows(database, 'select id from bleeps').length).toBeGreaterThanOrEqual(1)
  await other.kill('SIGTERM')
  expect(await daemon.kill('SIGTERM')).toBe(0)
  expect(daemon.log()).not.toContain('AFTER THE NOISE')
})

test('a database that cannot be opened is said with its code, and exit status 1', async (ctx) => {
  if (process.platform !== 'linux') ctx.skip('needs /proc')
  const line = openPty()
  closers.push(line.close)
  const { file } = await configured([air(line.path)], {
    store: { kind: 'sqlite', path: '/proc/bleeps.sqlite' },
  })
  const daemon = start(file)
  expect(await daemon.exit).toBe(1)
  expect(daemon.log()).toContain('store-lost')
})

test('a database that turns unwritable refuses, says so on /readyz, and takes the held page when it is back', async () => {
  const line = openPty()
  closers.push(line.close)
  const { file, url, database } = await configured([air(line.path)])
  const daemon = start(file)
  await until(isReady(url)).toBe(200)
  // Another program holds the write lock for longer than the daemon waits.
  const thief = new DatabaseSync(database, { timeout: 5000 })
  thief.exec('begin immediate')
  line.write(page('HELD WHILE LOCKED'))
  await until(isReady(url)).toBe(503)
  thief.exec('rollback')
  thief.close()
  await until(isReady(url)).toBe(200)
  await until(() => rows(database, 'select id from bleeps').length).toBe(1)
  expect(await daemon.kill('SIGTERM')).toBe(0)
})

test('bleepd check prints every fault at once and exits 78; run refuses to half-start', async () => {
  const { file } = await configured(
    [
      { id: 'air', profile: 'no-such-profile', port: { kind: 'serial', path: 'COM1' }, speed: 9600 },
      air('/dev/null'),
    ],
    { radio: { feed: 'nowhere' }, colour: 'blue' },
  )
  const run = (command: string): Promise<{ code: number | null; out: string }> =>
    new Promise((done) => {
      const child = spawn(process.execPath, ['src/bleepd.js', command, '--config', file])
      let out = ''
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString()
      })
      child.stderr.on('data', (chunk: Buffer) => {
        out += chunk.toString()
      })
      child.once('exit', (code) => done({ code, out }))
    })
  const checked = await run('check')
  expect(checked.code).toBe(78)
  const lines = checked.out.split('\n').filter((l) => l.includes(' — '))
  for (const path of ['colour', 'feeds[0].speed', 'feeds[0].port.path'])
    expect(lines.some((l) => l.includes(`bridge.yaml:`) && l.includes(`:${path}: `))).toBe(true)
  for (const line of lines) expect(line).toMatch(/^\S+: [a-z-]+: .+ — .+$/)
  expect((await run('run')).code).toBe(78)
})
