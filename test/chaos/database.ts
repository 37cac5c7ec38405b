import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from './ports.ts'

const HOME = '/usr/lib/postgresql'

/** The programs of the server that Debian's package brings; nothing where it is not installed. */
export function serverPrograms(): string | undefined {
  if (!existsSync(HOME)) return undefined
  const [newest] = readdirSync(HOME).sort((a, b) => Number(b) - Number(a))
  return newest === undefined ? undefined : join(HOME, newest, 'bin')
}

/** An attempt, and how often it was tried again. */
export interface Tried {
  readonly id: string
  readonly times: number
}

export interface Pair {
  /** Ports of the two servers, the one that takes writes first. */
  readonly ports: readonly [number, number]
  /** The first dies as by a power cut, and the second takes over. */
  failOver(): Promise<void>
  /** Which of these texts its bleeps hold. */
  holds(texts: readonly string[]): Promise<readonly string[]>
  /** How often it tried these attempts again, as far as it knows them. */
  tried(ids: readonly string[]): Promise<readonly Tried[]>
  /** A new second one, copied from the one that took over. */
  renew(): Promise<void>
  /** Both stand still, as on a host that is suspended: nothing is answered, no connection ends. */
  freeze(): void
  thaw(): void
  stop(): void
}

interface Server {
  readonly data: string
  readonly port: number
  readonly pid: number
  kill(signal: NodeJS.Signals): Promise<void>
}

const SET_UP = fileURLToPath(new URL('../../hardware/packaging/two-boxes.sh', import.meta.url))

const urlOf = (port: number, base: string) => `postgres://bleep@127.0.0.1:${port}/${base}`

/** Two PostgreSQL servers as the command for two boxes sets them up: the second has every commit before it is answered. */
export async function startPair(): Promise<Pair> {
  const home = mkdtempSync(join(tmpdir(), 'chaos-pg-'))
  chmodSync(home, 0o777)
  let made = 0

  const setUp = (role: string, data: string, ...ports: readonly number[]): void => {
    const { PASSWORD: _, ...environment } = process.env
    const addresses = ports.map((port) => `127.0.0.1:${port}`)
    execFileSync(SET_UP, [role, ...addresses], { env: { ...environment, DATA: data }, stdio: 'ignore' })
  }
  function begun(role: 'first' | 'second', port: number, other: number): Server {
    const data = join(home, `data-${++made}`)
    setUp(role, data, port, other)
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
    return {
      ...{ data, port, pid },
      async kill(signal) {
        for (let tries = 0; tries < 400; tries += 1) {
          try {
            process.kill(pid, tries === 0 ? signal : 0)
          } catch {
            return
          }
          await new Promise((next) => setTimeout(next, 25))
        }
      },
    }
  }

  async function asked<T extends pg.QueryResultRow>(
    query: string,
    of: readonly string[],
  ): Promise<readonly T[]> {
    for (const { port } of [two, one]) {
      const client = new pg.Client(urlOf(port, 'bleeps'))
      client.on('error', () => undefined)
      try {
        await client.connect()
        const { rows } = await client.query<T>(query, [of])
        await client.end()
        return rows
      } catch {
        // The one that is left knows.
      }
    }
    return []
  }

  const ports: [number, number] = [await ownPort(), await ownPort()]
  let one = begun('first', ports[0], ports[1])
  let two = begun('second', ports[1], ports[0])
  // Servers are daemons: whatever ends the run, they would go on without us.
  const leave = (): void => {
    signalAll([one.pid, two.pid], 'SIGCONT')
    for (const { pid } of [one, two]) endNow(pid)
    removeFolder(home)
  }
  process.once('exit', leave)
  return {
    ports,
    async failOver() {
      await one.kill('SIGQUIT')
      setUp('promote', two.data, two.port)
    },
    async holds(texts) {
      const rows = await asked<{ text: string }>(
        'select text from unnest($1::text[]) as text where exists (select 1 from bleeps where position(text in doc) > 0)',
        texts,
      )
      return rows.map(({ text }) => text)
    },
    tried: (ids) => asked<Tried>('select id, try as times from attempts where id = any($1::text[])', ids),
    async renew() {
      removeFolder(one.data)
      const next = begun('second', one.port, two.port)
      ;[one, two] = [two, next]
    },
    freeze: () => signalAll([one.pid, two.pid], 'SIGSTOP'),
    thaw: () => signalAll([one.pid, two.pid], 'SIGCONT'),
    stop() {
      process.off('exit', leave)
      leave()
    },
  }
}

/** Servers with all their processes, which are no group of their own. */
function signalAll(servers: readonly number[], signal: NodeJS.Signals): void {
  const children = readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        servers.includes(Number(parentOf.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]))
      )
    } catch {
      return false
    }
  })
  for (const pid of [...servers, ...children.map(Number)])
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended meanwhile.
    }
}

/** proc(5): pid, name in brackets, state, parent. */
const parentOf = /\) \S (\d+) /

/** Ends a server as a power cut does, and waits until it is gone, at most two seconds. */
function endNow(pid: number): void {
  const still = new Int32Array(new SharedArrayBuffer(4))
  for (let tries = 0; tries < 80; tries += 1) {
    try {
      process.kill(pid, tries === 0 ? 'SIGQUIT' : 0)
    } catch {
      return
    }
    Atomics.wait(still, 0, 0, 25)
  }
}
