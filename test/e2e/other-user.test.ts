import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { healthView } from '../../src/core/desk/views.ts'
import { ownPort } from '../support/ports.ts'
import { runDaemon } from '../support/real-daemon.ts'
import { type SiteFolder, siteFolder } from '../support/site-folder.ts'

/*
 * The daemon runs as a user of its own, and root sets it up: what its user cannot read or write is said by `check` and by
 * `run`, and what root does by hand is left to that user.
 */
const USER = 65_534
const root = process.getuid?.() === 0
/** Our own program may lie where no other user may look. */
const runs =
  root && spawnSync(process.execPath, ['src/bleepd.js', '--version'], { uid: USER, gid: USER }).status === 0

let site: SiteFolder
let port: number
const closers: (() => unknown)[] = []
const at = (name: string) => join(dirname(site.config), name)
const give = (name: string) => chownSync(at(name), USER, USER)

beforeEach(async (ctx) => {
  if (!runs) ctx.skip(root ? 'needs a checkout that every user may read' : 'needs root')
  site = siteFolder()
  closers.push(site.remove)
  port = await ownPort()
  chmodSync(dirname(site.config), 0o755)
  for (const name of ['data', 'copies', 'captures']) mkdirSync(at(name))
  for (const name of ['data', 'copies', 'captures']) give(name)
  writeFileSync(at('op.key'), 'a-key-of-the-operator', { mode: 0o600 })
  give('op.key')
  writeFileSync(
    site.config,
    stringify({
      ...{ version: 1, site: { id: 'small', folder: 'site' } },
      ...{ store: { kind: 'sqlite', path: 'data/bleeps.sqlite' }, backup: { folder: 'copies' } },
      capture: { folder: 'captures', bytesPerFeed: 1_048_576 },
      feeds: [{ id: 'snpp', profile: 'snpp', port: { kind: 'tcp-listen', port: await ownPort() } }],
      http: { port, operators: [{ name: 'op', role: 'switchboard', token: 'file:op.key' }] },
    }),
  )
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const command = (user: number, ...args: string[]) =>
  spawnSync(process.execPath, ['src/bleepd.js', ...args, '--config', site.config], {
    ...{ uid: user, gid: user, encoding: 'utf8' },
  })
/** What `check` refuses, as `where: code file`. */
const checked = () => {
  const { status, stdout } = command(USER, 'check')
  return { status, faults: stdout.split('\n').filter((one) => one !== '' && !one.includes('operator-keys')) }
}
const until = (look: () => unknown) => expect.poll(look)
const told = async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
  return answer && healthView.parse(await answer.json()).reasons.map(({ code }) => code)
}

test('what its user cannot read or write is said by check with its place, and is good once it is theirs', () => {
  // Each row is wrong at once, and what stands before it is theirs again.
  for (const row of [
    [['op.key', 0o600, 'config-secret']],
    [
      ['site/people.csv', 0o600, 'file-unreadable'],
      ['data', 0o755, 'folder-unwritable'],
      ['copies', 0o755, 'folder-unwritable'],
      ['captures', 0o755, 'folder-unwritable'],
    ],
    [['site', 0o700, 'file-unreadable']],
    [['bridge.yaml', 0o600, 'config-unreadable']],
  ] as const) {
    const before = row.map(([name]) => statSync(at(name)))
    for (const [name, mode] of row) {
      chownSync(at(name), 0, 0)
      chmodSync(at(name), mode)
    }
    const { status, faults } = checked()
    const missed = row.filter(
      ([name, , code]) => !faults.some((one) => one.includes(code) && one.includes(name)),
    )
    expect([status, missed]).toEqual([78, []])
    before.forEach(({ uid, gid, mode }, i) => {
      chownSync(at(row[i]?.[0] ?? ''), uid, gid)
      chmodSync(at(row[i]?.[0] ?? ''), mode)
    })
  }
  expect(checked()).toEqual({ status: 0, faults: [] })
})

test('what root began in its folders is told file by file; it pages on without the seals, and says so', async () => {
  const first = runDaemon(site.config, closers)
  await until(told).toBeDefined()
  await until(() => existsSync(at('data/audit-key'))).toBe(true)
  first.child.kill('SIGTERM')
  expect(await first.exit).toBe(0)
  const left: string[] = []
  for (let found = checked(); found.status !== 0; found = checked()) {
    const names = found.faults.map((one) => /\/((?:data|copies|captures)\/[^)]+)\)/.exec(one)?.[1])
    for (const name of names) {
      if (name === undefined) expect.fail(found.faults.join('\n'))
      left.push(name)
      give(name)
    }
  }
  expect(left).toEqual(
    expect.arrayContaining(['data/bleeps.sqlite', 'data/audit-key', 'copies/audit-anchors.jsonl']),
  )
  chownSync(at('data/audit-key'), 0, 0)
  chownSync(at('copies/audit-anchors.jsonl'), 0, 0)
  runDaemon(site.config, closers, {}, { user: USER })
  await until(told).toEqual(expect.arrayContaining(['audit-unsealed', 'audit-unanchored']))
  expect(await told()).not.toContain('task-failed')
})

test('copies that root makes, and what it restores from one, belong to the user of the daemon', async () => {
  const daemon = runDaemon(site.config, closers, {}, { user: USER })
  await until(told).toBeDefined()
  expect(command(0, 'backup').status).toBe(0)
  daemon.child.kill('SIGTERM')
  expect(await daemon.exit).toBe(0)
  const copies = readdirSync(at('copies'))
  const copy =
    copies
      .filter((name) => name.endsWith('.sqlite'))
      .toSorted()
      .at(-1) ?? ''
  for (const name of readdirSync(at('data'))) rmSync(at(join('data', name)))
  expect(command(0, 'restore', at(join('copies', copy)))).toMatchObject({ status: 0 })
  const owners = [...copies.map((name) => join('copies', name)), 'data/bleeps.sqlite'].map((name) => [
    name,
    statSync(at(name)).uid,
  ])
  expect(owners.filter(([, uid]) => uid !== USER)).toEqual([])
})
