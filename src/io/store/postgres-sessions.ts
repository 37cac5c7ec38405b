import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Millis } from '../../core/instant.ts'
import { StoreFault } from '../../ports/store.ts'
import { hostsOf } from './postgres-hosts.ts'
import { isGone, prepared } from './postgres-statements.ts'
import type { Tables } from './tables.ts'

const INT8 = 20
/** No statement runs longer, milliseconds; the server ends it. */
const STATEMENT: Millis = 5000
/** No lock is waited for longer. */
const LOCK: Millis = 1000
/** A node that says nothing inside a transaction loses it, and its locks, after this: it may be frozen or cut off. */
const SILENT: Millis = 800
const CONNECT: Millis = 1000
/** Both ends find a dead connection by themselves: after 2 s of silence a probe a second, three of them. */
const KEEP_ALIVE =
  '-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3 -c tcp_user_timeout=4000'

export interface Sessions {
  /**
   * One connection for one piece of work, which is cut off when its time is over, whatever it waits for.
   * A statement that failed fails its transaction, whoever caught that, and is what it rejects with.
   * @throws StoreFault `store-lost` when there is no connection, or no answer, in time
   */
  use<T>(within: Millis, work: (db: Kysely<Tables>) => Promise<T>): Promise<T>
  /** A connection of its own, for listening. */
  own(): Promise<pg.PoolClient>
  /** Without bounds, for changes of the schema. */
  readonly unbounded: Kysely<Tables>
  close(): Promise<void>
}

/** @param onLost told when an idle connection breaks; a new one is opened by itself */
export function sessionsOf(url: string, onLost: (error: Error) => void): Sessions {
  const urls = hostsOf(url)
  let host = 0
  /** The next connection goes to the next server, unless somebody has moved on already. */
  const moveOn = (tried: number): void => {
    if (host === tried) host = (host + 1) % urls.length
  }
  class HostClient extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super({ ...config, connectionString: urls[host] })
    }
  }
  const types: pg.CustomTypesConfig = {
    getTypeParser: (oid, format) =>
      oid === INT8 ? (text: string) => Number(text) : pg.types.getTypeParser(oid, format as 'text'),
  }
  const common: pg.PoolConfig = {
    types,
    Client: HostClient,
    connectionTimeoutMillis: CONNECT,
    keepAlive: true,
    keepAliveInitialDelayMillis: 2000,
    options: KEEP_ALIVE,
    // A stand-by server takes connections and no writes.
    verify(client, done) {
      client
        .query('show transaction_read_only')
        .then(
          ({ rows }) =>
            done(rows[0]?.transaction_read_only === 'off' ? undefined : new StoreFault('store-lost')),
          done,
        )
    },
  }
  const pool = new pg.Pool({
    ...common,
    max: 8,
    statement_timeout: STATEMENT,
    lock_timeout: LOCK,
    idle_in_transaction_session_timeout: SILENT,
  })
  const listening = (one: pg.Pool): pg.Pool => {
    // A connection that breaks while it is in use tells only its own listeners, and one without any ends the process.
    one.on('connect', (client) => client.on('error', onLost))
    one.on('error', () => undefined)
    return one
  }
  listening(pool)

  async function take(until: number): Promise<pg.PoolClient> {
    for (let left = urls.length; ; left--) {
      const tried = host
      try {
        return await pool.connect()
      } catch (error) {
        moveOn(tried)
        if (left <= 1 || performance.now() >= until) throw new StoreFault('store-lost', error)
      }
    }
  }

  const known = new WeakMap<pg.PoolClient, Kysely<Tables>>()
  /** What a statement of the work that has the connection now failed with. */
  const failures = new WeakMap<pg.PoolClient, unknown>()
  /** A query layer on one connection, so that what hangs on it can be cut off. */
  function dbOf(client: pg.PoolClient): Kysely<Tables> {
    const made = known.get(client)
    if (made) return made
    // It is given back by us, not by the query layer.
    const names = new Map<string, string>()
    const one = new Proxy(client, {
      get(of, name) {
        if (name === 'release') return () => undefined
        return name === 'query'
          ? prepared(of, names, (error) => failures.set(of, error))
          : Reflect.get(of, name)
      },
    })
    const db = new Kysely<Tables>({
      dialect: new PostgresDialect({
        pool: { connect: async () => one, end: async () => undefined, options: {} },
      }),
    })
    known.set(client, db)
    return db
  }

  return {
    async use(within, work) {
      const until = performance.now() + within
      const client = await take(until)
      const at = host
      let late = false
      let dropped = false
      const drop = (): void => {
        if (!dropped) client.release(true)
        dropped = true
      }
      const timer = setTimeout(
        () => {
          late = true
          drop()
        },
        Math.max(0, until - performance.now()),
      )
      failures.delete(client)
      try {
        return await work(dbOf(client))
      } catch (error) {
        // What the query layer says of an aborted transaction is not why it was.
        const why = failures.get(client) ?? error
        if (late) throw new StoreFault('store-lost', why)
        if (isGone(why instanceof StoreFault ? why.cause : why)) {
          drop()
          moveOn(at)
        }
        throw isGone(why) ? new StoreFault('store-lost', why) : why
      } finally {
        clearTimeout(timer)
        if (!dropped) client.release()
      }
    },
    own: () => take(performance.now() + CONNECT),
    unbounded: new Kysely<Tables>({
      dialect: new PostgresDialect({
        pool: async () => listening(new pg.Pool({ ...common, max: 2, idleTimeoutMillis: 1000 })),
      }),
    }),
    async close() {
      await pool.end()
    },
  }
}
