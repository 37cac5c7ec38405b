import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Millis } from '../../core/instant.ts'
import { StoreFault } from '../../ports/store.ts'
import { hostsOf } from './postgres-hosts.ts'
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
   * Once a statement has failed the server undoes the transaction, and says so to nobody: it rejects, whoever caught that.
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
        const done = await work(dbOf(client))
        if (failures.has(client)) throw failures.get(client)
        return done
      } catch (error) {
        if (late) throw new StoreFault('store-lost', error)
        const lost = isGone(error instanceof StoreFault ? error.cause : error)
        if (lost) {
          drop()
          moveOn(at)
        }
        throw error
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

/** Statements that a connection keeps at most. What comes later is parsed each time, as all of them were. */
const KEPT = 300
/** Changes of the schema and of the session are not to be kept. */
const KEEPABLE = /^(?:select|insert|update|delete|with)\b/i

/**
 * The connection's own query, which the server parses and plans once for each text. What the server, or its absence, makes
 * of it is a `StoreFault` at once: whoever does one thing among many takes any other error for a defect of ours.
 */
function prepared(client: pg.PoolClient, names: Map<string, string>, failed: (error: unknown) => void) {
  return (text: unknown, values?: unknown[]): unknown => {
    const ask: unknown = Reflect.get(client, 'query')
    if (typeof ask !== 'function') return undefined
    const keepable = typeof text === 'string' && KEEPABLE.test(text)
    const known = keepable
      ? (names.get(text) ?? (names.size < KEPT ? `s${names.size}` : undefined))
      : undefined
    if (keepable && known !== undefined) names.set(text, known)
    const asked: unknown = Reflect.apply(
      ask,
      client,
      known ? [{ name: known, text, values }] : [text, values],
    )
    if (!(asked instanceof Promise)) return asked
    return asked.catch((error: unknown) => {
      const fault = isGone(error) || isHeldUp(error) ? new StoreFault(faultOf(error), error) : error
      failed(fault)
      throw fault
    })
  }
}

/** Error classes (PostgreSQL manual, appendix A) after which the same work may succeed in a moment. */
const BUSY = new Set(['40001', '40P01', '55P03', '57014', '53300'])
const FULL = new Set(['53100', '53200'])
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''
const isHeldUp = (error: unknown): boolean => BUSY.has(codeOf(error)) || FULL.has(codeOf(error))

/** The fault code for what the driver threw. */
export function faultOf(error: unknown): 'store-busy' | 'store-full' | 'store-lost' {
  if (BUSY.has(codeOf(error))) return 'store-busy'
  return FULL.has(codeOf(error)) ? 'store-full' : 'store-lost'
}

/** Codes of a server that ends, is not ready yet, or takes no writes any more (PostgreSQL manual, appendix A). */
const GONE = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '25006'])

function isGone(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof StoreFault) return false
  if ('syscall' in error) return true
  if ('severity' in error) return 'code' in error && GONE.has(String(error.code))
  // node-postgres has no codes for these.
  return /^Connection terminated|not queryable|connection error|^timeout/i.test(error.message)
}
