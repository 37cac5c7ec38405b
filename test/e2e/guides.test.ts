import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'

/*
 * Every command that a page for people shows is run: here, beside a site that `init` has just made, or in the place that
 * its row names. A command without a row fails.
 */
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'hardware/README.md',
  ...inFolder('config'),
  ...inFolder('config/guides'),
  ...inFolder('config/safety'),
]

/** Where the commands are run that cannot be run beside a test: what they need, and what the place says for them. */
const ELSEWHERE: readonly (readonly [command: RegExp, file: string, says: string])[] = [
  [/^npm ci && npm run demo$/, 'test/e2e/demo.test.ts', 'demo.ts'],
  [/^npm ci( && npm test)?$|^npm test( |$)/, '.ci/run', 'npm test'],
  [/^npm run (check|fix)$/, 'package.json', 'biome check'],
  [/^npx --no node --inspect src\/bleepd.js run/, 'test/e2e/daemon.test.ts', "'run'"],
  [/^node hardware\/packaging\/parts.ts$/, 'test/config/packaging.test.ts', 'hardware/packaging/parts.ts'],
  [/^npx --no tsx hardware\/simulators\//, 'test/e2e/simulators.test.ts', 'switchboard'],
  [/^bleepd subject request /, 'test/e2e/subject-request.test.ts', "'request'"],
  [/^bleepd incident |^node config\/check-incident/, 'test/e2e/incident.test.ts', 'check-incident'],
  [/^bleepd drill /, 'test/e2e/erased-everywhere.test.ts', "'drill'"],
  [/^bleepd (subject|audit|restore)/, 'test/e2e/governance.test.ts', "'subject'"],
  [/^PASSWORD='…' \S*two-boxes\.sh /, 'test/chaos/boxes.ts', 'two-boxes.sh'],
  [/^sudo apt install /, 'hardware/packaging/prove.ts', "'dpkg', '-i'"],
  [/^sudo systemctl /, 'hardware/packaging/prove.ts', "'bleepd', 'run'"],
  [/^sudo journalctl /, 'test/e2e/daemon.test.ts', 'stderr'],
]

const folder = mkdtempSync(join(tmpdir(), 'bleepd-guides-'))
const site = join(folder, 'etc')
const config = join(site, 'bridge.yaml')
const bleepd = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['src/bleepd.js', ...args], { encoding: 'utf8', input: '' })

let daemon: ChildProcess | undefined

beforeAll(async () => {
  const flags = ['--trust', 'My trust', '--operator', 'anna', '--address', 'localhost']
  const made = bleepd('init', site, ...flags, '--port', `${await ownPort()}`)
  expect(made).toMatchObject({ status: 0 })
  daemon = spawn(process.execPath, ['src/bleepd.js', 'run', '--config', config], { stdio: 'ignore' })
  const alive = () => bleepd('status', '--alive', '--config', config).status === 0
  await vi.waitUntil(alive, { timeout: 60_000, interval: 500 })
})
afterAll(async () => {
  const ended = daemon && daemon.exitCode === null ? once(daemon, 'exit') : undefined
  daemon?.kill('SIGTERM')
  await ended
  removeFolder(folder)
})

/** How a command ends beside a daemon that has no line yet, on a machine with no line plugged in. */
const HERE: Readonly<Record<string, { with: (args: readonly string[]) => readonly string[]; ends: number }>> =
  {
    init: { with: (args) => ['init', join(folder, 'again'), ...args.slice(1)], ends: 0 },
    check: { with: () => ['check', '--config', config], ends: 0 },
    status: { with: () => ['status', '--config', config], ends: 1 },
    who: { with: (args) => [...args, '--config', config], ends: 2 },
    parallel: { with: (args) => [...args, '--config', config], ends: 0 },
    doctor: { with: () => ['doctor', join(folder, 'no-such-port')], ends: 1 },
    support: { with: () => ['support', join(folder, 'support.txt'), '--config', config], ends: 0 },
    backup: { with: () => ['backup', '--config', config], ends: 0 },
  }

const commands = PAGES.flatMap((page) => commandsOf(page).map((command) => ({ page, command })))

test('every page shows some of its commands in a way that this test can read', () => {
  for (const page of ['README.md', 'config/governance.md', 'config/guides/estates.md'])
    expect(commands.some((c) => c.page === page)).toBe(true)
})

test.each(commands)('$page: $command', ({ command }) => {
  const [program = '', ...args] = wordsOf(command.replace(/^sudo (?=bleepd)/, ''))
  const here = program === 'bleepd' ? HERE[args[0] ?? ''] : undefined
  if (here !== undefined) {
    const { status, stdout, stderr } = bleepd(...here.with(args))
    expect([command, status]).toEqual([command, here.ends])
    expect(stdout + stderr).not.toMatch(/unknown (option|command)|error: /)
    return
  }
  const row = ELSEWHERE.find(([pattern]) => pattern.test(command))
  expect([command, row !== undefined]).toEqual([command, true])
  const [, file = '', says = ''] = row ?? []
  expect(readFileSync(file, 'utf8')).toContain(says)
  // Its options at least are those that the program has.
  if (program !== 'bleepd') return
  const names = args.slice(0, 1 + args.findLastIndex((a, i) => i < 3 && /^[a-z]+$/.test(a)))
  const help = bleepd(...names, '--help').stdout
  for (const option of args.filter((a) => a.startsWith('--'))) expect(help).toContain(option)
})

test('every picture and page that a guide names is there', () => {
  for (const page of inFolder('config/guides'))
    for (const [, target = ''] of readFileSync(page, 'utf8').matchAll(/(?:\]\(|src=")([^)":#]+)[)"]/g))
      expect([page, target, existsSync(join('config/guides', target))]).toEqual([page, target, true])
})

function inFolder(name: string): string[] {
  return readdirSync(name)
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${name}/${file}`)
}

function commandsOf(page: string): string[] {
  const blocks = readFileSync(page, 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)
  return [...blocks].flatMap(([, text = '']) =>
    text
      .split('\n')
      .map((line) =>
        line
          .replace(/\s+# .*$/, '')
          .replace(/ > \S+$/, '')
          .trim(),
      )
      .flatMap((line) => line.split(' ; '))
      .filter((line) => line !== ''),
  )
}

/** As a shell takes a line apart, as far as the pages go. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '')
}
