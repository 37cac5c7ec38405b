import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const BLEEPD = fileURLToPath(new URL('../../../src/bleepd.js', import.meta.url))
/** The first start compiles everything, on a slow machine too. */
const STARTS_WITHIN_MS = 60_000
/** A daemon that was told to stop and has not is killed. */
const STOPS_WITHIN_MS = 15_000
const LAST_LINES = 10

export interface Daemon {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

/** What the launcher gives itself by a plain start. */
const FLAGS = ['--max-semi-space-size=8', '--no-maglev', '--initial-heap-size=128']

/**
 * Starts the real daemon as a process of its own, its log in a file, and waits until it is fit to page. It dies with us,
 * however we die: it holds a channel to us and ends when that closes.
 */
export async function startDaemon(options: {
  readonly config: string
  readonly url: string
  readonly log: string
  readonly environment: Readonly<Record<string, string>>
}): Promise<Daemon> {
  // What the launcher would make of itself by a plain start: a channel keeps it from that.
  const child = spawn(process.execPath, [...FLAGS, BLEEPD, 'run', '--config', options.config], {
    env: {
      ...process.env,
      ...options.environment,
      BLEEPD_HANDED_OVER: '1',
      MALLOC_ARENA_MAX: '1',
      MALLOC_TRIM_THRESHOLD_: '131072',
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Ctrl-C in the terminal is ours to pass on, when we have no more to ask of it.
    detached: true,
  })
  child.stderr?.pipe(createWriteStream(options.log))
  const until = Date.now() + STARTS_WITHIN_MS
  while (!(await isReady(options.url))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > until) {
      child.kill('SIGKILL')
      throw new Error(`the daemon did not become ready; its log ends:\n${lastLines(options.log)}`)
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

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n')
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done()
    const late = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN_MS)
    child.once('exit', () => {
      clearTimeout(late)
      done()
    })
    child.kill('SIGTERM')
  })
}
