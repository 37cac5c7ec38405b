import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Topic } from '../../ports/store.ts'
import type { Seam } from './seam.ts'
import type { Tables } from './tables.ts'
import { localWake } from './wake.ts'

const INT8 = 20
const CHANNEL = 'bleepbridge'
/** Pause before listening again once the connection was lost, milliseconds; the loops poll meanwhile. */
const LISTEN_AGAIN = 1000

/** Error classes (PostgreSQL manual, appendix A) after which the same work may succeed in a moment. */
const BUSY = new Set(['40001', '40P01', '55P03', '53300'])
const FULL = new Set(['53100', '53200'])

/**
 * Several nodes on one PostgreSQL. Ids and counts stay far below 2^53, so 64-bit integers are read as numbers.
 * @param url a connection string; comes from configuration as a secret reference
 */
export async function postgres(url: string, onLost: (error: Error) => void): Promise<Seam> {
  const types: pg.CustomTypesConfig = {
    getTypeParser: (oid, format) =>
      oid === INT8 ? (text: string) => Number(text) : pg.types.getTypeParser(oid, format as 'text'),
  }
  const pool = new pg.Pool({ connectionString: url, max: 8, connectionTimeoutMillis: 5000, types })
  // A connection that breaks while it is in use tells only its own listeners, and one without any ends the process.
  pool.on('connect', (client) => client.on('error', onLost))
  pool.on('error', () => undefined)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })

  const wake = localWake((topic) => {
    // A lost notification costs one polling interval; the loops poll behind it.
    pool.query('select pg_notify($1, $2)', [CHANNEL, topic]).catch(onLost)
  })
  let listener: pg.PoolClient | undefined
  let closed = false
  const listen = async (): Promise<void> => {
    const client = await pool.connect()
    client.on('notification', (n) => wake.heard(n.payload as Topic))
    await client.query(`listen ${CHANNEL}`)
    client.once('end', () => {
      if (closed) return
      client.release(true)
      relisten()
    })
    listener = client
  }
  const relisten = (): void => {
    setTimeout(() => {
      if (!closed) listen().catch(relisten)
    }, LISTEN_AGAIN).unref()
  }
  await listen()

  const leases = new Set<pg.PoolClient>()
  /** Ending the session is the one release that cannot half-happen. */
  const endLease = (client: pg.PoolClient): void => {
    if (leases.delete(client)) client.release(true)
  }
  return {
    db,
    wake,
    serial: 'bigserial',
    bytes: 'bytea',
    json: (column) => sql`${sql.ref(column)}::json`,
    claim: (query) => query.forUpdate().skipLocked(),
    async alone(tx, key) {
      await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx)
    },
    async lead(duty) {
      const client = await pool.connect()
      let got: pg.QueryResult<{ ok: boolean }>
      try {
        got = await client.query('select pg_try_advisory_lock(hashtextextended($1, 1)) as ok', [duty])
      } catch (error) {
        client.release(true)
        throw error
      }
      if (got.rows[0]?.ok !== true) {
        client.release()
        return undefined
      }
      leases.add(client)
      client.once('end', () => endLease(client))
      return { held: () => leases.has(client), release: async () => endLease(client) }
    },
    async measure() {
      const { rows } = await sql<{ bytes: number; now: number }>`
        select pg_database_size(current_database()) as bytes,
          cast(extract(epoch from clock_timestamp()) * 1000 as double precision) as now`.execute(db)
      const [{ bytes, now } = { bytes: 0, now: undefined }] = rows
      return { bytes, ...(now === undefined ? {} : { clock: now }) }
    },
    // Dead rows and the write-ahead log are the server's own: its vacuum and its archive, see config/governance.md.
    tidy: async () => true,
    turn: async () => {},
    wrote: () => false,
    // The server answers a commit when it is on its disk.
    durable: async () => {},
    rescue: async () => {},
    fault(error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (BUSY.has(code)) return 'store-busy'
      return FULL.has(code) ? 'store-full' : 'store-lost'
    },
    async close() {
      closed = true
      for (const client of leases) endLease(client)
      listener?.release(true)
      await db.destroy()
    },
  }
}
