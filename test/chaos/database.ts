import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'

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

/** An address of this machine. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** The servers of two nodes, of which one takes writes. */
export interface Servers {
  readonly addresses: readonly Address[]
  /** Whom a node comes in as, with the password where there is one. */
  readonly login: string
  /** Which of these texts its bleeps hold. */
  holds(texts: readonly string[]): Promise<readonly string[]>
  /** How often it tried these attempts again, as far as it knows them. */
  tried(ids: readonly string[]): Promise<readonly Tried[]>
  stop(): void
}

/** Two that fail over when they are told to. */
export interface Pair extends Servers {
  /** The first dies as by a power cut, and the second takes over. */
  failOver(): Promise<void>
  /** A new second one, copied from the one that took over. */
  renew(): Promise<void>
  /** Both stand still, as on a host that is suspended: nothing is answered, no connection ends. */
  freeze(): void
  thaw(): void
}

interface Server {
  readonly data: string
  readonly port: number
  readonly pid: number
}

/** What the one of these servers says that takes writes; nothing while none does. */
export function asking({
  login,
  addresses,
}: Pick<Servers, 'login' | 'addresses'>): Pick<Servers, 'holds' | 'tried'> {
  async function asked<T extends pg.QueryResultRow>(
    query: string,
    of: readonly string[],
  ): Promise<readonly T[]> {
    for (const { host, port } of addresses) {
      const client = new pg.Client({
        connectionString: `postgres://${login}@${host}:${port}/bleeps`,
        connectionTimeoutMillis: 2000,
      })
      client.on('error', () => undefined)
      try {
        await client.connect()
        const { rows } = await client.query<{ standby: boolean }>('select pg_is_in_recovery() as standby')
        if (rows[0]?.standby === false) return (await client.query<T>(query, [of])).rows
      } catch {
        // The one that is left knows.
      } finally {
        await client.end().catch(() => undefined)
      }
    }
    return []
  }
  return {
    async holds(texts) {
      const rows = await asked<{ text: string }>(
        'select text from unnest($1::text[]) as text where exists (select 1 from bleeps where position(text in doc) > 0)',
        texts,
      )
      return rows.map(({ text }) => text)
    },
    tried: (ids) => asked<Tried>('select id, try as times from attempts where id = any($1::text[])', ids),
  }
}

/** Two PostgreSQL servers, of which the second has every commit before it is answered. */
export async function startPair(): Promise<Pair> {
  const home = mkdtempSync(join(tmpdir(), 'chaos-pg-'))
  chmodSync(home, 0o777)
  let made = 0
  // Servers are daemons: whatever ends the run, in the middle of their start as well, they would go on without us.
  const leave = (): void => {
    endAll(home)
    removeFolder(home)
  }
  process.once('exit', leave)
  const programs = serverPrograms() ?? ''
  /** The run goes on meanwhile: it is the phone and its provider. */
  async function program(name: string, ...args: readonly string[]): Promise<void> {
    // The server refuses to run as root.
    const drop = ['--reuid=postgres', '--regid=postgres', '--init-groups']
    const whole = [...(process.getuid?.() === 0 ? ['setpriv', ...drop] : []), join(programs, name), ...args]
    const child = spawn(whole[0] ?? '', whole.slice(1), { cwd: '/', stdio: 'ignore' })
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(`${name} ended with ${code}`)
  }

  async function begun(port: number, of?: number): Promise<Server> {
    const data = join(home, `data-${++made}`)
    if (of === undefined) await program('initdb', '-D', data, '-U', 'bleep', '-A', 'trust', '--encoding=UTF8')
    else
      await program(
        ...(['pg_basebackup', '-h', '127.0.0.1', '-p', `${of}`, '-U', 'bleep', '-D', data] as const),
        ...['-R', '-X', 'stream', '-c', 'fast'],
      )
    const own = `-p ${port} -h 127.0.0.1 -c unix_socket_directories=''`
    await program('pg_ctl', 'start', '-w', '-D', data, '-l', join(data, 'server.log'), '-o', own)
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
    return { data, port, pid }
  }
  /** Whether commits wait for the second. */
  async function waits(port: number, names: string): Promise<void> {
    const client = new pg.Client(`postgres://bleep@127.0.0.1:${port}/postgres`)
    await client.connect()
    await client.query(`alter system set synchronous_standby_names = '${names}'`)
    await client.query('select pg_reload_conf()')
    await client.end()
  }
  async function second(port: number, of: number): Promise<Server> {
    const server = await begun(port, of)
    await waits(of, 'ANY 1 (*)')
    return server
  }

  const ports = [await ownPort(), await ownPort()] as const
  let one = await begun(ports[0])
  await program('createdb', '-h', '127.0.0.1', '-p', `${ports[0]}`, '-U', 'bleep', 'bleeps')
  let two = await second(ports[1], ports[0])
  const servers = { login: 'bleep', addresses: ports.map((port) => ({ host: '127.0.0.1', port })) }
  return {
    ...servers,
    ...asking(servers),
    async failOver() {
      process.kill(one.pid, 'SIGQUIT')
      while (!isGone(one.pid)) await new Promise((next) => setTimeout(next, 25))
      // Commits must not wait for a server that is no more.
      appendFileSync(join(two.data, 'postgresql.auto.conf'), "synchronous_standby_names = ''\n")
      await program('pg_ctl', 'promote', '-w', '-D', two.data)
      await waits(two.port, '')
    },
    async renew() {
      // In small steps: a thousand files take seconds on a busy disk, and the run is the phone meanwhile.
      await rm(one.data, { recursive: true, force: true })
      const next = await second(one.port, two.port)
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
function signalAll(servers: readonly number[], name: NodeJS.Signals): void {
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
  for (const pid of [...servers, ...children.map(Number)]) signal(pid, name)
}

/** proc(5): pid, name in brackets, state, parent. */
const parentOf = /\) \S (\d+) /

/** Whether a process has ended, though nobody may have asked how. */
function isGone(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/.*\)/, ''))
  } catch {
    return true
  }
}

/** Ends, as a power cut does, each process that has this in its command, and waits until they are gone, at most ten seconds. */
export function endAll(mark: string): void {
  const still = new Int32Array(new SharedArrayBuffer(4))
  const left = () => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(mark))
  for (let tries = 0, pids = left(); pids.length > 0 && tries < 100; tries += 1, pids = left()) {
    for (const pid of pids) {
      signal(Number(pid), 'SIGCONT')
      signal(Number(pid), tries < 50 ? 'SIGQUIT' : 'SIGKILL')
    }
    Atomics.wait(still, 0, 0, 100)
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended meanwhile.
  }
}
