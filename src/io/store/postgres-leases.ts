import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import type { Millis } from '../../core/instant.ts'
import { type Lease, StoreFault } from '../../ports/store.ts'
import type { Sessions } from './postgres-sessions.ts'
import type { Tables } from './tables.ts'

/** A lease that is not renewed in this time is anybody's, by the database's clock. */
const LASTS: Millis = 1200
const RENEW: Millis = 250
/** We stop believing in ours this much sooner. */
const MARGIN: Millis = 150
const WITHIN: Millis = 1000
/** After a time in which we could not renew ours, others may not have been able to either: they are waited for. */
const GRACE: Millis = 1500
/** Names of runs that ended long ago are swept out. */
const OLD: Millis = 86_400_000

const NOW = sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as double precision)`
const runOf = (owner: string): string => `run/${owner}`

/** Who does what now: rows that are renewed while their node lives, each with a token that rises with every new holder. */
export interface Leases {
  lead(duty: string): Promise<Omit<Lease, 'duty'> | undefined>
  /** Throws `lead-lost` where the database knows another holder. Whoever would take over waits for this transaction. */
  fence(tx: Transaction<Tables>, lease: Pick<Lease, 'duty' | 'token'>): Promise<void>
  /** From now on this run is known to live, so that what it has claimed is its own. */
  present(owner: string): Promise<void>
  /** Whether we have only just got our own lease back. Then the lapse of another's lease says nothing yet. */
  returned(): boolean
  close(): Promise<void>
}

/**
 * Rows that nobody has: never claimed, their time over, or claimed by a run that is not renewed any more.
 * @param returned what another has claimed is left to it, though its lease has lapsed
 */
export function unclaimed(
  table: 'attempts' | 'due' | 'filing_sends',
  now: number,
  returned: boolean,
): RawBuilder<boolean> {
  const owner = sql.ref(`${table}.owner`)
  const until = sql.ref(`${table}.until`)
  if (returned) return sql<boolean>`(${until} is null or ${until} <= ${now})`
  return sql<boolean>`(${until} is null or ${until} <= ${now} or not exists
    (select 1 from leases where leases.name = 'run/' || ${owner} and leases.until > ${NOW}))`
}

/** @param onLapse told as soon as the run of another node has lapsed: what it had claimed may be claimed again */
export function leasesOf(sessions: Sessions, onLapse: () => void): Leases {
  const held = new Map<string, { readonly token: number; sure: number }>()
  const runs = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let closed = false
  /** Runs of other nodes that lived when we last looked. */
  let living = new Set<string>()
  let lapse: NodeJS.Timeout | undefined
  let renewed: number | undefined
  let graceUntil = 0

  /** Looks again at the very moment when the first of the others lapses, should it not be renewed until then. */
  const watch = async (db: Kysely<Tables>): Promise<void> => {
    const { rows } = await sql<{ name: string; left: number }>`select name, until - ${NOW} as left
      from leases where name like 'run/%' and until > ${NOW}`.execute(db)
    const others = rows.filter(({ name }) => !runs.has(name.slice('run/'.length)))
    const now = new Set(others.map(({ name }) => name))
    if ([...living].some((name) => !now.has(name))) onLapse()
    living = now
    clearTimeout(lapse)
    const first = Math.min(...others.map(({ left }) => left))
    if (closed || !Number.isFinite(first)) return
    lapse = setTimeout(
      () => void sessions.use(WITHIN, watch).catch(() => undefined),
      Math.max(1, Math.ceil(first) + 1),
    ).unref()
  }

  const renew = async (): Promise<void> => {
    const began = performance.now()
    await sessions.use(WITHIN, async (db) => {
      for (const owner of runs) await mark(db, owner)
      await watch(db)
      for (const [name, lease] of held) {
        const { rows } = await sql`update leases set until = ${NOW} + ${LASTS}
          where name = ${name} and token = ${lease.token} returning name`.execute(db)
        if (rows.length > 0) lease.sure = began
        else held.delete(name)
      }
    })
    const now = performance.now()
    if (renewed !== undefined && now - renewed > LASTS) graceUntil = now + GRACE
    renewed = now
  }
  const keep = (): void => {
    if (timer || closed) return
    timer = setTimeout(() => {
      void renew()
        // What cannot be renewed lapses by itself.
        .catch(() => undefined)
        .finally(() => {
          timer = undefined
          if (held.size + runs.size > 0) keep()
        })
    }, RENEW).unref()
  }

  return {
    async lead(duty) {
      const began = performance.now()
      const token = await sessions.use(WITHIN, async (db) => {
        const { rows } = await sql<{ token: number }>`insert into leases (name, token, until)
          values (${duty}, 1, ${NOW} + ${LASTS})
          on conflict (name) do update set token = leases.token + 1, until = excluded.until
          where leases.until <= ${NOW} returning token`.execute(db)
        return rows[0]?.token
      })
      if (token === undefined) return undefined
      held.set(duty, { token, sure: began })
      keep()
      return {
        token,
        held() {
          const lease = held.get(duty)
          return lease?.token === token && performance.now() - lease.sure < LASTS - MARGIN
        },
        async release() {
          if (held.get(duty)?.token === token) held.delete(duty)
          await sessions.use(WITHIN, (db) =>
            sql`update leases set until = 0 where name = ${duty} and token = ${token}`.execute(db),
          )
        },
      }
    },
    async fence(tx, { duty, token }) {
      const { rows } =
        await sql`select 1 from leases where name = ${duty} and token = ${token} for share`.execute(tx)
      if (rows.length === 0) throw new StoreFault('lead-lost')
    },
    async present(owner) {
      if (runs.has(owner)) return
      // On its own and before the claim: another node that looks at this very moment would see the claim of a run that
      // it has not seen yet, take it for dead, and claim the same rows.
      await sessions.use(WITHIN, async (db) => {
        await mark(db, owner)
        await sql`delete from leases where name like 'run/%' and until < ${NOW} - ${OLD}`.execute(db)
      })
      runs.add(owner)
      renewed ??= performance.now()
      keep()
    },
    returned: () => {
      const now = performance.now()
      return now < graceUntil || (renewed !== undefined && now - renewed > LASTS)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      clearTimeout(lapse)
      const names = [...[...runs].map(runOf), ...held.keys()]
      held.clear()
      if (names.length === 0) return
      // Whoever goes on need not wait for them to lapse; where the database is away they do.
      await sessions
        .use(WITHIN, (db) => sql`update leases set until = 0 where name in (${sql.join(names)})`.execute(db))
        .catch(() => undefined)
    },
  }
}

async function mark(db: Kysely<Tables>, owner: string): Promise<void> {
  await sql`insert into leases (name, token, until) values (${runOf(owner)}, 1, ${NOW} + ${LASTS})
    on conflict (name) do update set until = excluded.until`.execute(db)
}
