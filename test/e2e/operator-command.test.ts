import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { TOTP } from 'otpauth'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'

/* Accounts by the command line, beside a daemon that runs and is never started again. */
const folder = mkdtempSync(join(tmpdir(), 'bleepd-operator-'))
const file = join(folder, 'bridge.yaml')
let stop = async (): Promise<void> => undefined
let base = ''

async function started() {
  const port = await ownPort()
  base = `http://127.0.0.1:${port}/api/v1`
  writeFileSync(
    file,
    stringify({
      ...{ version: 1, site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') } },
      ...{ store: { kind: 'sqlite', path: 'bleeps.sqlite' }, feeds: [], http: { port } },
    }),
  )
  const daemon = spawn(process.execPath, ['src/bleepd.js', 'run', '--config', file], { stdio: 'ignore' })
  const ended = once(daemon, 'exit')
  stop = async () => {
    daemon.kill()
    await ended
  }
  await expect
    .poll(() =>
      fetch(`${base}/time`).then(
        (r) => r.status,
        () => 0,
      ),
    )
    .toBe(200)
}
afterAll(async () => {
  await stop()
  removeFolder(folder)
})

function bleepd(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['src/bleepd.js', 'operator', ...args, '--config', file],
    // Who somebody says they are counts for nothing on the record.
    { encoding: 'utf8', env: { ...process.env, USER: 'dr.evil', LOGNAME: 'dr.evil', SUDO_USER: 'dr.evil' } },
  )
  return { status, stdout, stderr }
}
const post = (path: string, body: object) =>
  fetch(base + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const me = (cookie: string) => fetch(`${base}/me`, { headers: { cookie } }).then((r) => r.status)

test('an account is added, used, listed, expired and revoked while the daemon runs', async () => {
  await started()
  const added = bleepd('add', 'Jo.Bloggs', '--role', 'governance', '--person', 'p-bloggs')
  expect(added.status, added.stderr).toBe(0)
  const { name, code, link } = JSON.parse(added.stdout)
  expect([name, link]).toEqual([
    'jo.bloggs',
    expect.stringContaining(`/console/#set-up=jo.bloggs&code=${code}`),
  ])
  expect(bleepd('add', 'jo.bloggs', '--role', 'admin')).toMatchObject({ status: 1 })
  expect(bleepd('add', 'jo', '--role', 'chief').status).toBe(64)

  const { secret } = (await (await post('/session/set-up/challenge', { name, code })).json()) as {
    secret: string
  }
  const chosen = { password: 'four words of no sense', secret, code: new TOTP({ secret }).generate() }
  const done = await post('/session/set-up', { name, code, chosen })
  const cookie = done.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect(await me(cookie)).toBe(200)
  const row = JSON.parse(bleepd('list', '--format', 'json').stdout)
  expect(row).toMatchObject({
    name,
    role: 'governance',
    state: 'active',
    ways: ['password and app'],
    person: 'p-bloggs',
  })

  expect(bleepd('expire', 'jo.bloggs', '--at', 'tomorrow').status).toBe(64)
  expect(bleepd('expire', 'jo.bloggs', '--at', '2099-01-01').status).toBe(0)
  expect(bleepd('list').stdout).toMatch(
    /^jo\.bloggs +governance +active +password and app, until 2099-01-01, last used/,
  )
  expect(bleepd('revoke', 'nobody').stderr).toContain('There is no account of that name')
  expect(bleepd('revoke', 'jo.bloggs').status).toBe(0)
  await expect.poll(() => me(cookie)).toBe(401)
  expect(bleepd('list').stdout).toContain('revoked')
  const record = new DatabaseSync(join(folder, 'bleeps.sqlite'), { readOnly: true })
  const actors = record.prepare(`select distinct actor from audit where action like 'account.%'`).all()
  record.close()
  const said = actors.map(({ actor }) => String(actor))
  expect(said.some((actor) => actor.startsWith('cli:'))).toBe(true)
  expect(said.join()).not.toContain('evil')
})
