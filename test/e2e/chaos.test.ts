import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { runChaos } from '../chaos/chaos.ts'
import { serverPrograms } from '../chaos/database.ts'
import { bundledProgram } from '../chaos/program.ts'
import { holds } from '../chaos/record.ts'
import { removeFolder } from '../support/folders.ts'

/*
 * The quickest faults of a machine, on one node, on one with a second path, and on two where PostgreSQL is installed: what
 * was acknowledged is on the phone, once. `npm run chaos -- --cuts N --seed S` does as many as one has time for.
 */
const KINDS = ['kill', 'stop', 'disk-full', 'deleted', 'flipped']

test('a short run of seeded faults loses nothing that was acknowledged', async () => {
  const broken: unknown[] = []
  const { bleepd, remove } = await bundledProgram()
  onTestFinished(remove)
  const cuts = await runChaos({
    ...{ cuts: 12, seed: 20, worlds: 2, bleepd },
    kinds: KINDS,
    onCut: (cut) => {
      if (!holds(cut)) broken.push(cut)
    },
  })
  expect(broken).toEqual([])
  expect(cuts.length).toBeGreaterThan(0)
}, 480_000)

test('a run that a signal ends takes its database servers and folders with it', async (ctx) => {
  if (serverPrograms() === undefined) return ctx.skip('the server of Debian’s postgresql is not installed')
  const home = mkdtempSync(join(tmpdir(), 'chaos-run-'))
  // The server runs as another user, who must get through.
  chmodSync(home, 0o711)
  const program = fileURLToPath(new URL('../chaos/run.ts', import.meta.url))
  const run = spawn(process.execPath, [program, '--cuts', '50', '--size', 'two nodes', '--kind', 'stop'], {
    env: { ...process.env, TMPDIR: home },
    stdio: 'ignore',
  })
  const ended = once(run, 'exit')
  const servers = (): number[] =>
    readdirSync(home)
      .filter((name) => name.startsWith('chaos-pg-'))
      .flatMap((name) =>
        readdirSync(join(home, name)).map((data) => join(home, name, data, 'postmaster.pid')),
      )
      .flatMap((file) => {
        try {
          return Number(readFileSync(file, 'utf8').split('\n')[0])
        } catch {
          return []
        }
      })
  const lives = (pid: number): boolean => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  try {
    await expect.poll(() => servers().length, { timeout: 150_000 }).toBe(2)
    const pids = servers()
    expect(pids.filter(lives)).toEqual(pids)
    // In the middle of it or behind, none is left.
    run.kill('SIGTERM')
    await ended
    await expect.poll(() => pids.filter(lives)).toEqual([])
    expect(readdirSync(home)).toEqual([])
  } finally {
    run.kill('SIGKILL')
    removeFolder(home)
  }
}, 240_000)
