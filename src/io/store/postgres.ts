import { type Kysely, sql } from 'kysely'
import type pg from 'pg'
import type { Topic } from '../../ports/store.ts'
import { leasesOf, unclaimed } from './postgres-leases.ts'
import { sessionsOf } from './postgres-sessions.ts'
import { faultOf } from './postgres-statements.ts'
import type { Seam } from './seam.ts'
import type { Tables } from './tables.ts'
import { localWake } from './wake.ts'

const CHANNEL = 'bleepbridge'
/** Pause before listening again once the connection was lost, milliseconds; the loops poll meanwhile. */
const LISTEN_AGAIN = 1000
/** What a run that lapses may have claimed. */
const CLAIMED: readonly Topic[] = ['attempts', 'due']
const TELL_WITHIN = 1000
const MEASURE_WITHIN = 5000
/** A transaction that may take so long may pause for longer than others, milliseconds. It holds no lock that a page waits for. */
const LONG = 8000
const PAUSE = 5000

/**
 * Several nodes on one PostgreSQL. Ids and counts stay far below 2^53, so 64-bit integers are read as numbers. Nothing
 * waits without a bound, here or in the server, so that a node that freezes or is cut off holds up nobody for long.
 * @param url a connection string, which may name several hosts; comes from configuration as a secret reference
 */
export async function postgres(url: string, onLost: (error: Error) => void): Promise<Seam> {
  const sessions = sessionsOf(url, onLost)
  const untold = new Set<Topic>()
  let telling = false
  const tell = async (): Promise<void> => {
    if (telling) return
    telling = true
    while (untold.size > 0) {
      const topics = [...untold]
      untold.clear()
      // A lost notification costs one polling interval; the loops poll behind it.
      await sessions
        .use(TELL_WITHIN, (db) =>
          sql`select pg_notify(${CHANNEL}, topic) from unnest(${topics}::text[]) as topic`.execute(db),
        )
        .catch(onLost)
    }
    telling = false
  }
  const wake = localWake((topic) => {
    untold.add(topic)
    void tell()
  })

  const leases = leasesOf(sessions, () => {
    for (const topic of CLAIMED) wake.heard(topic)
  })
  let listener: pg.PoolClient | undefined
  let closed = false
  const listen = async (): Promise<void> => {
    const client = await sessions.own()
    client.on('notification', (n) => wake.heard(n.payload as Topic))
    await client.query(`listen ${CHANNEL}`)
    client.once('end', () => {
      if (closed) return
      listener = undefined
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

  return {
    db: sessions.unbounded,
    wake,
    serial: 'bigserial',
    bytes: 'bytea',
    json: (column) => sql`${sql.ref(column)}::json`,
    claim: (query) => query.forUpdate().skipLocked(),
    unclaimed: (table, now) => unclaimed(table, now, leases.returned()),
    present: (owner) => leases.present(owner),
    async alone(tx, key) {
      await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx)
    },
    lead: (duty) => leases.lead(duty),
    fence: (tx, lease) => leases.fence(tx, lease),
    async inboxAfter(tx, cursor) {
      const serial = sql`pg_get_serial_sequence('inbox', 'cursor')`
      // Never backwards, whatever another node takes meanwhile.
      await sql`select setval(${serial}, ${cursor}) where ${cursor} > nextval(${serial})`.execute(tx)
    },
    measure: () => sessions.use(MEASURE_WITHIN, measured),
    // Dead rows and the write-ahead log are the server's own: its vacuum and its archive, see config/governance.md.
    tidy: async () => true,
    turn: async () => {},
    transaction: (within, work) =>
      sessions.use(within, (db) =>
        db.transaction().execute(async (tx) => {
          // What brings back what is left of an absence may be held up for a moment, and would have to begin anew.
          if (within >= LONG)
            await sql.raw(`set local idle_in_transaction_session_timeout = ${PAUSE}`).execute(tx)
          return work(tx)
        }),
      ),
    wrote: () => false,
    // The server answers a commit when it is on its disk.
    durable: async () => {},
    rescue: async () => {},
    mends: false,
    fault: faultOf,
    async close() {
      closed = true
      await leases.close()
      listener?.release(true)
      await sessions.unbounded.destroy()
      await sessions.close()
    },
  }
}

async function measured(db: Kysely<Tables>): Promise<{ readonly bytes: number; readonly clock?: number }> {
  const { rows } = await sql<{ bytes: number; now: number }>`
    select pg_database_size(current_database()) as bytes,
      cast(extract(epoch from clock_timestamp()) * 1000 as double precision) as now`.execute(db)
  const [{ bytes, now } = { bytes: 0, now: undefined }] = rows
  return { bytes, ...(now === undefined ? {} : { clock: now }) }
}
