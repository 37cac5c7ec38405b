import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { spawn as spawnInTerminal } from '@lydell/node-pty'
import { afterEach, expect, test } from 'vitest'
import { removeFolder } from '../support/folders.ts'

const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) if (child.pid !== undefined) killGroup(child.pid)
})

/** The demonstration as a visitor starts it, in a process group of its own, with what it has printed so far. */
function start(...options: string[]) {
  const child = spawn('npm', ['run', '-s', 'demo', '--', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  started.push(child)
  let out = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      out += chunk.toString()
    })
  return { child, exit: once(child, 'exit'), out: () => out }
}

/** The daemon's process and folder, as printed. */
function daemonIn(out: string): { pid: number; folder: string; log: string } {
  const [, pid, log] = /as process (\d+); its log is (\S+)/.exec(out) ?? []
  if (pid === undefined || log === undefined) throw new Error(`no daemon in:\n${out}`)
  return { pid: Number(pid), folder: dirname(log), log }
}

test('the demonstration plays to its end, and every bleep ends as the scenario says', async () => {
  const { exit, out } = start('--once')
  expect(await exit, out()).toEqual([0, null])
  expect(out()).toContain(' 0 ended otherwise than the scenario says')
  expect(out()).not.toContain('\u001b')
  expect(isAlive(daemonIn(out()).pid)).toBe(false)
})

test.each([
  ['Ctrl-C', 'SIGINT', -1, true],
  ['SIGTERM for its launcher', 'SIGTERM', 1, true],
  ['a launcher killed outright', 'SIGKILL', 1, true],
  ['everything killed outright', 'SIGKILL', -1, false],
] as const)('%s leaves no daemon behind', async (_, signal, whom, tidy) => {
  const { child, exit, out } = start()
  await expect.poll(out).toContain('▶')
  const { pid, folder } = daemonIn(out())
  expect(isAlive(pid)).toBe(true)
  expect(readdirSync(folder)).toContain('transmitter')
  process.kill(whom * (child.pid ?? 0), signal)
  await exit
  await expect.poll(() => isAlive(pid)).toBe(false)
  // Whoever is killed outright cannot tidy up.
  if (tidy) await expect.poll(() => existsSync(folder)).toBe(false)
  else removeFolder(folder)
})

test('in a terminal keys send bleeps and unplug a line, in colour, and q ends it', async () => {
  const terminal = spawnInTerminal(process.execPath, ['hardware/simulators/demo.ts'], {
    cols: 120,
    env: { ...process.env, TERM: 'xterm', NO_COLOR: '' },
  })
  let out = ''
  terminal.onData((data) => {
    out += data
  })
  const exit = new Promise<number>((done) => terminal.onExit(({ exitCode }) => done(exitCode)))
  await expect.poll(() => out).toContain('Keys, in this window')
  expect(out).toContain('\u001b[')
  expect(out).toMatch(/\/app\/#enrol=\w/)
  const { pid, log } = daemonIn(out)
  terminal.write('c')
  await expect.poll(() => out).toMatch(/A crash call.*by your hand/)
  terminal.write('l')
  await expect.poll(() => out).toMatch(/line is unplugged.*by your hand/)
  // The daemon notices it by itself: nobody but the demonstration held the other end.
  await expect
    .poll(() => readFileSync(log, 'utf8'))
    .toMatch(/"feed":"[^"]*"[^\n]*"fault":"port-(unplugged|absent)"/)
  terminal.write(' ')
  await expect.poll(() => out).toContain('Security, and nobody answers')
  terminal.write('q')
  expect(await exit).toBe(0)
  expect(out).toContain('Nothing is left behind')
  expect(isAlive(pid)).toBe(false)
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
