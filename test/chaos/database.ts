import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, chmodSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from '../../hardware/simulators/demo/free-port.ts'
import { removeFolder } from '../support/folders.ts'

const HOME = '/usr/lib/postgresql'

/** The programs of the server that Debian's package brings; nothing where it is not installed. */
export function serverPrograms(): string | undefined {
  if (!existsSync(HOME)) return undefined
  const [newest] = readdirSync(HOME).sort((a, b) => Number(b) - Number(a))
  return newest === undefined ? undefined : join(HOME, newest, 'bin')
}

export interface Pair {
  /** Ports of the two servers, the one that takes writes first. */
  readonly ports: readonly [number, number]
  /** The first dies as by a power cut, and the second takes over. */
  failOver(): Promise<void>
  /** Which of these texts its bleeps hold. */
  holds(texts: readonly string[]): Promise<readonly string[]>
  /** A new second one, copied from the one that took over. */
  renew(): Promise<void>
  stop(): void
}

interface Server {
  readonly data: string
  readonly port: number
  kill(signal: NodeJS.Signals): Promise<void>
}

/** The server refuses to run as root: then it runs as the user that its package made. */
const asOwner = () =>
  process.getuid?.() === 0
    ? {
        uid: Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' })),
        gid: Number(execFileSync('id', ['-g', 'postgres'], { encoding: 'utf8' })),
      }
    : {}

const urlOf = (port: number, base: string) => `postgres://bleep@127.0.0.1:${port}/${base}`

/** Two PostgreSQL servers, the second a replica that has every commit before it is answered. */
export async function startPair(programs: string): Promise<Pair> {
  const home = mkdtempSync(join(tmpdir(), 'chaos-pg-'))
  chmodSync(home, 0o777)
  const owner = asOwner()
  const run = (program: string, ...args: string[]) =>
    execFileSync(join(programs, program), args, { ...owner, cwd: home, stdio: 'ignore' })
  let made = 0
  const folder = () => join(home, `data-${++made}`)

  async function start(data: string, port: number): Promise<Server> {
    const child = spawn(join(programs, 'postgres'), ['-D', data, '-p', `${port}`], {
      ...owner,
      cwd: home,
      stdio: 'ignore',
    })
    const ended = new Promise<void>((done) => child.once('exit', () => done()))
    for (let tries = 0; tries < 200; tries += 1) {
      const client = new pg.Client(urlOf(port, 'postgres'))
      client.on('error', () => undefined)
      try {
        await client.connect()
        await client.end()
        break
      } catch {
        await new Promise((next) => setTimeout(next, 50))
      }
    }
    return {
      data,
      port,
      kill(signal) {
        child.kill(signal)
        return ended
      },
    }
  }
  async function ask(port: number, sql: string): Promise<void> {
    const client = new pg.Client(urlOf(port, 'postgres'))
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  async function replicaOf(port: number, own: number): Promise<Server> {
    const data = folder()
    run('pg_basebackup', '-d', urlOf(port, 'postgres'), '-D', data, '-R', '-X', 'stream', '-c', 'fast')
    const server = await start(data, own)
    await ask(port, "alter system set synchronous_standby_names = '*'")
    await ask(port, 'select pg_reload_conf()')
    return server
  }

  const ports: [number, number] = [await freePort(0), await freePort(0)]
  const first = folder()
  run('initdb', '-D', first, '-U', 'bleep', '--auth=trust', '--locale=C.UTF-8', '--encoding=UTF8')
  appendFileSync(
    join(first, 'postgresql.conf'),
    "\nlisten_addresses='127.0.0.1'\nunix_socket_directories=''\nshared_buffers=32MB\nmax_connections=60\n",
  )
  let one = await start(first, ports[0])
  await ask(one.port, 'create database bleeps')
  let two = await replicaOf(one.port, ports[1])
  return {
    ports,
    async failOver() {
      await one.kill('SIGQUIT')
      // Commits must not wait for a replica that is no more.
      appendFileSync(join(two.data, 'postgresql.auto.conf'), "\nsynchronous_standby_names = ''\n")
      run('pg_ctl', 'promote', '-D', two.data)
      await ask(two.port, 'select pg_reload_conf()')
    },
    async holds(texts) {
      for (const { port } of [two, one]) {
        const client = new pg.Client(urlOf(port, 'bleeps'))
        client.on('error', () => undefined)
        try {
          await client.connect()
          const { rows } = await client.query<{ text: string }>(
            'select text from unnest($1::text[]) as text where exists (select 1 from bleeps where position(text in doc) > 0)',
            [texts],
          )
          await client.end()
          return rows.map(({ text }) => text)
        } catch {
          // The one that is left knows.
        }
      }
      return []
    },
    async renew() {
      removeFolder(one.data)
      const next = await replicaOf(two.port, one.port)
      ;[one, two] = [two, next]
    },
    stop() {
      for (const server of [one, two]) void server.kill('SIGQUIT')
      setTimeout(() => removeFolder(home), 500)
    },
  }
}
