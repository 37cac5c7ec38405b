import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { fileURLToPath } from 'node:url'

const BLEEPD = fileURLToPath(new URL('../../../src/bleepd.js', import.meta.url))
const STARTS_WITHIN_MS = 20_000

export interface Daemon {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

/** Starts the real daemon as a process of its own, its log in a file, and waits until it is fit to page. */
export async function startDaemon(options: {
  readonly config: string
  readonly url: string
  readonly log: string
  readonly environment: Readonly<Record<string, string>>
}): Promise<Daemon> {
  const child = spawn(process.execPath, [BLEEPD, 'run', '--config', options.config], {
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  child.stderr.pipe(createWriteStream(options.log))
  const until = Date.now() + STARTS_WITHIN_MS
  while (!(await isReady(options.url))) {
    if (child.exitCode !== null || Date.now() > until) {
      child.kill('SIGKILL')
      throw new Error(`the daemon did not become ready; its log: ${options.log}`)
    }
    await new Promise((next) => setTimeout(next, 100))
  }
  return { url: options.url, pid: child.pid ?? 0, stop: () => ended(child) }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok
  } catch {
    return false
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done()
    child.once('exit', () => done())
    child.kill('SIGTERM')
  })
}
