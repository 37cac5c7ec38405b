import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { openPty } from '../../hardware/simulators/pty.ts'
import { operatorHere } from '../../src/cli/beside.ts'
import { encodeTransmission } from '../../src/core/pocsag/encode.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'
import { runDaemon } from '../support/real-daemon.ts'

/*
 * Governance by the command line, beside a daemon that runs: trace, copy, hold, erase, back up, restore, verify.
 */
const folder = mkdtempSync(join(tmpdir(), 'bleepd-govern-'))
const closers: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closers.reverse()) await close()
  removeFolder(folder)
})

const SECURITY = 1310816
const KEY = 'governance-e2e-operator'
let made = 0

interface Site {
  readonly file: string
  readonly url: string
  readonly own: string
  readonly database: string
}

async function configured(line: string): Promise<Site> {
  const port = await ownPort()
  const own = join(folder, `${++made}`)
  mkdirSync(own)
  const file = join(own, 'bridge.yaml')
  writeFileSync(
    file,
    stringify({
      version: 1,
      site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') },
      store: { kind: 'sqlite', path: 'data/bleeps.sqlite' },
      feeds: [
        {
          ...{ id: 'air', profile: 'pocsag-packed', port: { kind: 'serial', path: line } },
          options: { baud: 2400 },
        },
      ],
      http: { port, operators: [{ name: 'op', role: 'switchboard', token: 'env:KEY' }] },
      backup: { folder: 'copies' },
    }),
  )
  const database = join(own, 'data', 'bleeps.sqlite')
  return { file, own, database, url: `http://localhost:${port}` }
}

/** What the environment claims is never who somebody is. */
const environment = { ...process.env, KEY, SUDO_USER: 'jane' }

function start(file: string) {
  const { child, exit, log } = runDaemon(file, closers, environment)
  return {
    log,
    kill(signal: NodeJS.Signals) {
      child.kill(signal)
      return exit
    },
  }
}

function bleepd(site: Site, args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['src/bleepd.js', ...args, '--config', site.file],
    { input, env: environment, encoding: 'utf8' },
  )
  const lines = stdout.split('\n').filter((line) => line !== '')
  return { status, stdout, stderr, lines, json: () => JSON.parse(stdout) }
}

const until = <T>(look: () => T | Promise<T>) => expect.poll(look)
const ready = ({ url }: Site) =>
  until(() =>
    fetch(`${url}/readyz`).then(
      (r) => r.status,
      () => 0,
    ),
  ).toBe(200)
function rows(database: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(database, { readOnly: true })
  try {
    return db.prepare(sql).all()
  } finally {
    db.close()
  }
}
const page = (text: string): Uint8Array =>
  encodeTransmission([{ ric: SECURITY, function: 3, type: 'alpha', text }]).bits
const post = (site: Site, path: string, body: object) =>
  fetch(`${site.url}/api/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

test('the restore drill: a copy of a running store, a machine lost, and every open alert goes on from the copy', async () => {
  const line = openPty()
  closers.push(line.close)
  const first = await configured(line.path)
  const daemon = start(first.file)
  await ready(first)
  // The daemon makes its first copy by itself, owner-only, with its note.
  const copies = join(first.own, 'copies')
  await until(() => (readdirSync(first.own).includes('copies') ? readdirSync(copies).sort() : [])).toEqual([
    expect.stringMatching(/^bleeps\..*\.json$/),
    expect.stringMatching(/^bleeps\..*\.sqlite$/),
  ])
  line.write(page('SECURITY TO ED'))
  await until(() => rows(first.database, "select id from alerts where phase <> 'closed'").length).toBe(1)

  // What the reports page links to for whoever asks under the Freedom of Information Act.
  const span = [-1, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString())
  const foi = async (format: string) => {
    const url = `${first.url}/api/v1/reports/foi?from=${span[0]}&to=${span[1]}&format=${format}`
    const said = await fetch(url, { headers: { authorization: `Bearer ${KEY}` } })
    return { status: said.status, type: said.headers.get('content-type') ?? '', text: await said.text() }
  }
  const forms = await Promise.all(['html', 'csv', 'json'].map(foi))
  expect(forms.map(({ status, type }) => [status, type.split(';')[0]])).toEqual([
    [200, 'text/html'],
    [200, 'text/csv'],
    [200, 'application/json'],
  ])
  for (const { text } of forms) {
    expect(text).toContain('bleeps heard')
    expect(text).not.toMatch(/SECURITY TO ED|security officer/i)
  }

  const copied = bleepd(first, ['backup'])
  expect(copied.status).toBe(0)
  const { path } = copied.json()
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const checked = bleepd(first, ['restore', '--check', path])
  expect(checked.status).toBe(0)
  const { good, audit, open } = checked.json()
  expect([good, audit.sound, open.ringing + open.exhausted + open.covered]).toEqual([true, true, 1])
  await daemon.kill('SIGKILL')

  // Never over a database that is there.
  const refused = bleepd(first, ['restore', path])
  expect(refused.status).toBe(1)
  expect(refused.stderr).toContain('Stop the daemon')

  const second = await configured(line.path)
  expect(bleepd(second, ['restore', path]).status).toBe(0)
  expect(rows(second.database, 'select alert, name from due').length).toBeGreaterThan(0)
  const steps = () => rows(second.database, "select seq from alert_events where kind = 'due'").length
  const before = steps()
  const restored = start(second.file)
  await ready(second)
  await expect.poll(steps).toBeGreaterThan(before)
  expect(rows(second.database, 'select id from alerts')).toHaveLength(1)
  expect((await fetch(`${second.url}/readyz`)).status).toBe(200)
  expect(await restored.kill('SIGTERM')).toBe(0)
  expect(bleepd(second, ['audit', '--verify']).json()).toMatchObject({ sound: true })

  // A copy that was spoilt says so and is not put anywhere.
  const spoilt = join(first.own, 'bleeps.spoilt.sqlite')
  cpSync(path, spoilt)
  cpSync(path.replace('.sqlite', '.json'), spoilt.replace('.sqlite', '.json'))
  const bytes = readFileSync(spoilt)
  bytes.fill(0xa5, bytes.length - 200)
  writeFileSync(spoilt, bytes)
  const third = await configured(line.path)
  const bad = bleepd(third, ['restore', spoilt])
  expect(bad.status).toBe(1)
  expect(bad.stderr).toContain('copy-bad')
  expect(readdirSync(third.own)).not.toContain('data')
})

test('trace, copy, hold, erase: beside the daemon, each act on the record, and the words are out of its files', async () => {
  const line = openPty()
  closers.push(line.close)
  const site = await configured(line.path)
  const daemon = start(site.file)
  await ready(site)
  line.write(page('SECURITY TO ED MR JONES 943 476 5919'))
  await until(() => rows(site.database, 'select id from alerts').length).toBe(1)
  const [{ id: alert, bleep } = {}] = rows(site.database, 'select id, bleep from alerts')
  const case7 = ['--reason', 'case 7']

  const found = bleepd(site, ['subject', 'find', '--text', '-', ...case7], '9434765919\n')
  expect(found.status).toBe(0)
  expect(JSON.parse(found.lines[0] ?? '')).toMatchObject({ bleep, alert, where: ['page'], open: true })
  expect(found.stdout).toContain('MR JONES [NHS number]')
  const open = bleepd(site, ['subject', 'erase', '--bleep', String(bleep), ...case7])
  expect([open.status, open.stdout]).toEqual([1, ''])
  expect(open.stderr).toContain('erase-open')

  const version = rows(site.database, "select json_extract(doc, '$.decided') as version from alerts")[0]
    ?.version
  expect((await post(site, `alerts/${alert}/actions`, { action: 'close', version })).status).toBe(200)
  const held = bleepd(site, ['subject', 'hold', '--bleep', String(bleep), '--reason', 'inquest'])
  expect(held.status).toBe(0)
  expect(bleepd(site, ['subject', 'erase', '--bleep', String(bleep), ...case7]).stderr).toContain(
    'erase-held',
  )
  expect(bleepd(site, ['subject', 'release', held.json().id, '--reason', 'inquest over']).status).toBe(0)
  expect(bleepd(site, ['subject', 'holds']).lines).toHaveLength(1)
  expect(bleepd(site, ['subject', 'erase', '--bleep', String(bleep), ...case7]).stderr).toContain(
    'erase-early',
  )

  const copy = bleepd(site, ['subject', 'copy', '--text', 'jones', ...case7])
  expect(copy.json()).toMatchObject({ by: operatorHere(), reason: 'case 7' })
  expect(copy.json().bleeps[0].words).toBe('SECURITY TO ED MR JONES 943 476 5919')
  const table = bleepd(site, ['subject', 'copy', '--text', 'jones', '--format', 'csv', ...case7])
  expect(table.lines[0]).toContain('at,bleep,number')
  expect(bleepd(site, ['subject', 'trace', String(alert), '--reason', 'leak?']).json().seen).toContainEqual(
    expect.objectContaining({ who: operatorHere(), what: 'Copied it for governance' }),
  )

  // Half an hour later, as far as the figures are concerned.
  const clock = new DatabaseSync(site.database, { timeout: 5000 })
  clock.exec(`insert into notes values ('facts-until', '${Date.now() + 1000}', 1)
    on conflict (key) do update set value = excluded.value`)
  clock.close()
  const files = () =>
    readdirSync(join(site.own, 'data')).filter((name) =>
      readFileSync(join(site.own, 'data', name)).includes('MR JONES'),
    )
  expect(files()).not.toEqual([])
  const planned = bleepd(site, ['subject', 'erase', '--bleep', String(bleep), ...case7])
  expect(planned.status).toBe(0)
  expect(planned.stderr).toContain('Nothing is changed yet')
  expect(files()).not.toEqual([])
  const done = bleepd(site, ['subject', 'erase', '--do', planned.json().id])
  expect(done.json()).toMatchObject({ state: 'done', erased: 1 })
  await until(files).toEqual([])
  expect(bleepd(site, ['subject', 'find', '--text', 'jones', ...case7]).lines).toEqual([])
  expect(bleepd(site, ['subject', 'erasures']).lines).toHaveLength(1)

  // Which copies hold it still is known by their age; a new one does not.
  const fresh = bleepd(site, ['backup']).json()
  expect(readFileSync(fresh.path).includes('MR JONES')).toBe(false)

  const verified = bleepd(site, ['audit', '--verify'])
  expect([verified.status, verified.json().sound]).toEqual([0, true])
  const place = `${verified.json().entries}:${verified.json().head}`
  expect(bleepd(site, ['audit', '--against', place]).status).toBe(0)
  const entries = bleepd(site, ['audit']).lines.map((entry) => JSON.parse(entry))
  expect(entries.map(({ action }) => action)).toEqual(
    expect.arrayContaining([
      ...['daemon.started', 'subject.find', 'hold.add', 'hold.release', 'subject.copy', 'subject.trace'],
      ...['erase.plan', 'erase.start', 'erase.do', 'backup.make', 'alert.close'],
    ]),
  )
  expect(JSON.stringify(entries)).not.toMatch(/JONES|943 ?476/i)

  // Somebody with the file changes what it says: found out, exit 1.
  const thief = new DatabaseSync(site.database, { timeout: 5000 })
  thief.exec("update audit set actor = 'nobody' where action = 'erase.do'")
  thief.close()
  const broken = bleepd(site, ['audit', '--verify'])
  expect([broken.status, broken.json().broken.why]).toEqual([1, 'changed'])
  expect(broken.stderr).toContain('audit-broken')
  expect(await daemon.kill('SIGTERM')).toBe(0)
  expect(daemon.log()).not.toMatch(/JONES|943 ?476/)
})
