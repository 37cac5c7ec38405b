import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawn as spawnPty } from '@lydell/node-pty'
import { expect, onTestFinished, test } from 'vitest'
import { ownPort } from '../support/ports.ts'

const bleepd = fileURLToPath(new URL('../../src/bleepd.js', import.meta.url))
const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [bleepd, ...args], { encoding: 'utf8', input: '' })

/** A request that trusts our own certificate and no other; the status and body, or 0 while nobody answers. */
function ask(port: number, path: string, ca: string): Promise<{ status: number; body: string }> {
  const agent = new Agent({ ca })
  return new Promise((done) => {
    get({ host: '127.0.0.1', port, path, agent }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => done({ status: response.statusCode ?? 0, body }))
    }).on('error', (error) => done({ status: 0, body: error.message }))
  })
}

test('from nothing to a daemon that says what it lacks: init, check, run, with no line yet', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'bleepd-init-')), 'new')
  const file = join(folder, 'bridge.yaml')
  const port = await ownPort()
  const flags = ['--trust', 'A trust', '--operator', 'anna', '--address', 'localhost', '--port', `${port}`]
  const made = run('init', folder, ...flags)
  expect(made).toMatchObject({ status: 0 })
  expect(made.stdout).toContain(`bleepd check --config ${file}`)
  const check = run('check', '--config', file)
  expect(check.status, check.stdout).toBe(0)

  const child = spawn(process.execPath, [bleepd, 'run', '--config', file], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ca = readFileSync(join(folder, 'tls/cert.pem'), 'utf8')
  await expect.poll(() => ask(port, '/healthz', ca).then((got) => got.status), { interval: 200 }).toBe(200)
  // Calm: nothing is lost on a site whose first line is still to come. Not ready: nothing is heard.
  const stands = async () => {
    const { status, body } = await ask(port, '/readyz', ca)
    return [status, ...JSON.parse(body).reasons.map(({ code }: { code: string }) => code)]
  }
  await expect.poll(stands, { interval: 200 }).toEqual([503, 'no-line-yet'])
  const alive = await ask(port, '/healthz', ca)
  const version = run('--version').stdout.trim()
  expect(JSON.parse(alive.body).version).toBe(version)
  const figures = (await ask(port, '/metrics', ca)).body
  const runs = /^bleepbridge_build_info\{(.*)\} 1$/m.exec(figures)
  expect(runs?.[1]).toContain(`version="${version}"`)

  const status = run('status', '--config', file)
  expect(status.status).toBe(1)
  expect(run('status', '--alive', '--config', file).status).toBe(0)
  expect(status.stdout).toMatch(
    /Daemon +runs, version [\s\S]*Fit to page +NO[\s\S]*! feeds: No line is set up yet/,
  )
  // By the clocks of the hospital, as whoever reads it has them on the wall.
  expect(status.stdout).toMatch(/^Since +\w{3} \d{1,2} \w{3,4} \d\d:\d\d$/m)
  expect(status.stdout).toMatch(/^Roles +1 live$/m)

  const bundle = join(folder, 'support.json')
  expect(run('support', bundle, '--config', file).status).toBe(0)
  const told = readFileSync(bundle, 'utf8')
  expect(JSON.parse(told)).toMatchObject({ site: { people: 1 }, stands: [{ code: 'no-line-yet' }] })
  const secrets = ['session', 'vapid', 'operator-anna'].map((one) => join(folder, 'secrets', `${one}.key`))
  for (const secret of [...secrets.map((one) => readFileSync(one, 'utf8')), 'anna', '9000', 'A trust'])
    expect(told.includes(secret), 'a secret or a name in the bundle').toBe(false)
  expect(run('support', bundle, '--config', file).status).toBe(1)
})

test('init never writes over what is there, and its secrets are for nobody else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bleepd-init-'))
  expect(run('init', folder).status).toBe(0)
  for (const secret of ['session', 'vapid', 'operator-first', 'operator-switchboard'])
    expect(statSync(join(folder, 'secrets', `${secret}.key`)).mode & 0o007).toBe(0)
  const before = readFileSync(join(folder, 'bridge.yaml'), 'utf8')
  expect(run('init', folder)).toMatchObject({ status: 1, stdout: '' })
  expect(readFileSync(join(folder, 'bridge.yaml'), 'utf8')).toBe(before)
})

test('init with a line: the doctor listens to it first, and the request goes to an authority', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'bleepd-init-')), 'new')
  const capture = join(mkdtempSync(join(tmpdir(), 'bleepd-line-')), 'silent')
  writeFileSync(capture, '')
  const made = run('init', folder, '--csr', '--line', capture, '--listen', '1')
  expect(made.stderr).toContain('as a comment')
  // All that is wrong is the certificate that the authority has yet to send.
  expect(readFileSync(join(folder, 'tls/request.csr'), 'utf8')).toContain('CERTIFICATE REQUEST')
  expect(readFileSync(join(folder, 'bridge.yaml'), 'utf8')).toContain(`bleepd doctor ${capture}`)
})

test('at a terminal init asks for what no flag says, the lines as well, and has the doctor listen to each', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'bleepd-init-')), 'new')
  const silent = join(mkdtempSync(join(tmpdir(), 'bleepd-line-')), 'silent')
  writeFileSync(silent, '')
  const terminal = spawnPty(process.execPath, [bleepd, 'init', folder, '--listen', '1'], { cols: 200 })
  onTestFinished(() => terminal.kill('SIGKILL'))
  let said = ''
  let answered = 0
  terminal.onData((text) => {
    said += text
    const questions = said.match(/\[[^\][]+\]: /g)?.length ?? 0
    for (; answered < questions; answered++)
      terminal.write(answered === 5 ? `${silent}, 127.0.0.1:1\r` : answered === 0 ? 'Wessex\r' : '\r')
  })
  const code = await new Promise((done) => terminal.onExit(({ exitCode }) => done(exitCode)))
  expect([code, answered], said).toEqual([0, 6])
  expect(said).toContain('Lines to listen to')
  const bridge = readFileSync(join(folder, 'bridge.yaml'), 'utf8')
  for (const port of [silent, '127.0.0.1:1']) expect(bridge).toContain(`bleepd doctor ${port}`)
  expect(readFileSync(join(folder, 'site/site.yaml'), 'utf8')).toContain('Wessex')
})

test('keys: what was asked for, and nothing without a name that needs one', () => {
  const all = run('keys')
  expect(Object.keys(JSON.parse(all.stdout))).toEqual(['vapid', 'session', 'operator'])
  expect(run('keys', 'session').stdout).not.toBe(run('keys', 'session').stdout)
  expect(run('keys', 'certificate').status).toBe(64)
  expect(run('keys', 'nonsense').status).toBe(64)
  expect(JSON.parse(run('keys', 'certificate', '--name', 'a.example').stdout).certificate.cert).toContain(
    'BEGIN CERTIFICATE',
  )
})
