import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('../../src/bleepd.js', import.meta.url))
const CLOCK = new URL('./stepped-clock.mjs', import.meta.url).href
const LOOK_AGAIN = 50

/** One daemon, with a clock and a disk that can be made to lie. */
export interface ChaosNode {
  readonly name: string
  readonly url: string
  readonly snpp: number
  start(): void
  signal(signal: NodeJS.Signals): void
  /** Kills it without warning, and waits until it is gone. */
  kill(): Promise<void>
  /** Until it says that it is fit to page; false when that takes longer, or it has ended. */
  ready(within: number): Promise<boolean>
  /** Errno of each write to a database file; 0: the disk works. */
  disk(errno: number): void
  /** Each sync of its database takes so many milliseconds more. */
  slow(by: number): void
  /** Syncs of its write-ahead log that began while it was slow, and that ended. */
  syncs(): { readonly began: number; readonly ended: number }
  /** Milliseconds that its system clock is off. */
  clock(off: number): void
  /** Seconds of a core that it and those before it have taken. */
  cpu(): number
}

export function makeNode(options: {
  readonly folder: string
  readonly name: string
  readonly config: string
  readonly port: number
  readonly snpp: number
  readonly environment: Readonly<Record<string, string>>
  /** The library that `bad-disk.c` makes, where there is a compiler. */
  readonly badDisk: string | undefined
  /** The daemon's entry; absent: the source tree's. */
  readonly bleepd?: string
}): ChaosNode {
  const { folder, name, port, snpp, badDisk, bleepd = SOURCE } = options
  const url = `http://127.0.0.1:${port}`
  const disk = join(folder, `${name}.disk`)
  const clock = join(folder, `${name}.clock`)
  const log = openSync(join(folder, `${name}.log`), 'a')
  const syncs = join(folder, `${name}.syncs`)
  writeFileSync(disk, '')
  writeFileSync(syncs, '')
  writeFileSync(clock, '0')
  let child: ChildProcess | undefined
  let ended: Promise<void> = Promise.resolve()
  let spent = 0
  process.once('exit', () => child?.kill('SIGKILL'))

  return {
    name,
    url,
    snpp,
    start() {
      const flags = ['--max-semi-space-size=8', '--no-maglev', '--initial-heap-size=128', '--import', CLOCK]
      const fresh = spawn(process.execPath, [...flags, bleepd, 'run', '--config', options.config], {
        env: {
          ...process.env,
          ...options.environment,
          CHAOS_CLOCK: clock,
          CHAOS_DISK: disk,
          CHAOS_SYNCS: syncs,
          // A second path lies on another disk.
          CHAOS_DISK_OF: '/data/bleeps.sqlite',
          ...(badDisk === undefined ? {} : { LD_PRELOAD: badDisk }),
        },
        stdio: ['ignore', log, log],
      })
      child = fresh
      ended = new Promise((done) => fresh.once('exit', () => done()))
    },
    signal: (signal) => void child?.kill(signal),
    async kill() {
      if (child?.exitCode === null && child.signalCode === null) spent += cpuOf(child.pid)
      child?.kill('SIGKILL')
      await ended
    },
    async ready(within) {
      for (const until = performance.now() + within; performance.now() < until; ) {
        try {
          const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) })
          if (answer.ok) return true
        } catch {
          // Not yet.
        }
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) return false
        await new Promise((next) => setTimeout(next, LOOK_AGAIN))
      }
      return false
    },
    disk: (errno) => writeFileSync(disk, errno === 0 ? '' : `${errno}`),
    slow: (by) => writeFileSync(disk, `s${by}`),
    syncs() {
      const noted = readFileSync(syncs, 'latin1')
      const ended = noted.replaceAll('b', '').length
      return { began: noted.length - ended, ended }
    },
    clock: (off) => writeFileSync(clock, `${off}`),
    cpu: () => spent + cpuOf(child?.pid),
  }
}

/** Seconds of a core that a process has taken; none when it is gone. */
function cpuOf(pid: number | undefined): number {
  try {
    const ticks = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))
    return (Number(ticks?.[1] ?? 0) + Number(ticks?.[2] ?? 0)) / 100
  } catch {
    return 0
  }
}
