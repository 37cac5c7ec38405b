import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { openPostgres, openSqlite } from '../../../src/io/store/open.ts'
import { openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { playHalf } from './half-answered.ts'

/**
 * Writes the databases that this revision leaves behind, for later ones to open: one set for each release.
 *
 *     npm run golden:databases -- NAME [postgres://an empty database]
 *
 * PostgreSQL is written out by `pg_dump` of the same major version as the server.
 */
const [name, url] = process.argv.slice(2)
if (name === undefined || !/^[0-9a-z.-]+$/.test(name)) {
  process.stderr.write('npm run golden:databases -- NAME [postgres://an empty database]\n')
  process.exit(64)
}
const here = fileURLToPath(new URL('.', import.meta.url))
const write = (ending: string, bytes: Uint8Array) => {
  const path = join(here, `${name}.${ending}.gz`)
  writeFileSync(path, gzipSync(bytes, { level: 9 }))
  process.stdout.write(`${path}\n`)
}

async function play(store: Awaited<ReturnType<typeof openSqlite>>): Promise<void> {
  const clock = new VirtualClock()
  const bed = await openBed({ clock, store })
  await playHalf(bed, clock)
  await bed.close()
}

const file = join(tmpdir(), `bleepd-golden-${process.pid}.sqlite`)
await play(await openSqlite(file))
write('sqlite', readFileSync(file))
for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true })
if (url !== undefined) {
  await play(await openPostgres(url, () => {}))
  const options = ['--inserts', '--no-owner', '--no-privileges', '--no-comments']
  const dump = execFileSync('pg_dump', [...options, url], { encoding: 'utf8', maxBuffer: 64 << 20 })
  // psql's own commands, which no server understands.
  write('postgres.sql', Buffer.from(dump.replaceAll(/^\\.*$/gm, '')))
}
