import { sql } from 'kysely'
import { asId } from '../../core/ids.ts'
import { type Filing, standOf } from '../../core/record/filing.ts'
import type { FilingSend } from '../../core/record/send.ts'
import { FORMS } from '../../core/stored/forms.ts'
import { FILING_STANDS, FILING_WAYS, OPEN_PHASES } from '../../core/vocabulary.ts'
import type { Filed, FilingTable } from '../../ports/filings.ts'
import { filingOutbox, putSend, sendsIn } from './filing-outbox.ts'
import type { Query } from './query.ts'

export function filingTable(query: Query): FilingTable {
  const { tx } = query
  const outbox = filingOutbox(query)

  const sendsOf = async (alerts: readonly string[]): Promise<ReadonlyMap<string, FilingSend[]>> => {
    if (alerts.length === 0) return new Map()
    const rows = await tx
      .selectFrom('filing_sends')
      .select(['doc', 'tries'])
      .where('alert', 'in', [...alerts])
      .orderBy('seq')
      .orderBy('way')
      .execute()
    return Map.groupBy(await sendsIn(query, rows), ({ alert }) => alert)
  }

  const whole = async (rows: readonly { doc: string }[]): Promise<Filed[]> => {
    const filings = await query.readAll<Filing>(FORMS.filing, rows)
    const sends = await sendsOf(filings.map(({ alert }) => alert))
    return filings.map((filing) => ({ filing, sends: sends.get(filing.alert) ?? [] }))
  }

  return {
    async get(alert) {
      const row = await tx.selectFrom('filings').select('doc').where('alert', '=', alert).executeTakeFirst()
      return row && (await whole([row]))[0]
    },
    async save({ filing, sends }, at) {
      const { alert, bleep, raised, phase, revision } = filing
      const row = {
        ...{ stand: standOf(filing, sends) ?? null, phase, revision, moved: at },
        doc: await query.written(FORMS.filing, bleep, filing),
      }
      await tx
        .insertInto('filings')
        .values({ alert, bleep, raised, ...row })
        .onConflict((c) => c.column('alert').doUpdateSet(row))
        .execute()
      for (const send of sends) await putSend(query, send, bleep)
      // Whom its words are about may be known better now.
      if (query.seam.words?.keys.store !== undefined)
        await tx
          .insertInto('search_again')
          .values({ bleep })
          .onConflict((c) => c.doNothing())
          .execute()
    },
    async list({ stand, before, limit }) {
      let chosen = tx.selectFrom('filings').select('doc').where('stand', 'is not', null)
      if (stand !== undefined) chosen = chosen.where('stand', '=', stand)
      if (before !== undefined)
        chosen = chosen.where((e) => e(e.refTuple('raised', 'alert'), '<', e.tuple(before.at, before.id)))
      return whole(await chosen.orderBy('raised', 'desc').orderBy('alert', 'desc').limit(limit).execute())
    },
    async unfiled(since, limit) {
      const rows = await tx
        .selectFrom('alerts')
        .leftJoin('filings', 'filings.alert', 'alerts.id')
        .select('alerts.id')
        // Written so that the database uses no index by phase: it would read past years of closed alerts.
        .where(sql<string>`${sql.ref('alerts.phase')} || ''`, '=', 'closed')
        .where('alerts.raised', '>=', since)
        .where('alerts.class', '!=', 'test')
        .where((w) => w.or([w('filings.alert', 'is', null), w('filings.phase', '=', 'open')]))
        .orderBy('alerts.raised')
        .limit(limit)
        .execute()
      return rows.map(({ id }) => asId(id))
    },
    async firstOpen(since) {
      const row = await tx
        .selectFrom('alerts')
        .select((e) => e.fn.min('raised').as('at'))
        .where('phase', 'in', OPEN_PHASES)
        .where('raised', '>=', since)
        .executeTakeFirst()
      return row?.at ?? undefined
    },
    async changed(since, limit) {
      const rows = await tx
        .selectFrom('filings')
        .innerJoin('alerts', 'alerts.id', 'filings.alert')
        .select('filings.alert')
        .where('filings.raised', '>=', since)
        .where('filings.phase', '=', 'made')
        .whereRef('alerts.version', '>', 'filings.revision')
        .orderBy('filings.raised')
        .limit(limit)
        .execute()
      return rows.map(({ alert }) => asId(alert))
    },
    ...outbox,
    async figures(since) {
      const stands = await tx
        .selectFrom('filings')
        .select(['stand', (e) => e.fn.countAll<number>().as('count')])
        .where('stand', 'in', FILING_STANDS)
        .where('raised', '>=', since)
        .groupBy('stand')
        .execute()
      const undecided = await tx
        .selectFrom('filings')
        .select((e) => [e.fn.countAll<number>().as('count'), e.fn.min('moved').as('since')])
        .where('stand', '=', 'not-filed')
        .where('phase', '=', 'ask')
        .executeTakeFirstOrThrow()
      const ways = await tx
        .selectFrom('filing_sends')
        .select([
          'way',
          'state',
          (e) => e.fn.countAll<number>().as('count'),
          (e) => e.fn.min('created').as('since'),
        ])
        .where('way', 'in', FILING_WAYS)
        .where('state', 'in', ['waiting', 'refused'])
        .groupBy(['way', 'state'])
        .execute()
      const of = (way: string, state: string) => ways.find((w) => w.way === way && w.state === state)
      return {
        stands: entriesOf(FILING_STANDS, (stand) =>
          Number(stands.find((s) => s.stand === stand)?.count ?? 0),
        ),
        undecided: { count: Number(undecided.count), ...sinceOf(undecided) },
        ways: entriesOf(FILING_WAYS, (way) => ({
          ...{ waiting: Number(of(way, 'waiting')?.count ?? 0), ...sinceOf(of(way, 'waiting')) },
          refused: Number(of(way, 'refused')?.count ?? 0),
        })),
      }
    },
  }
}

function entriesOf<K extends string, V>(keys: readonly K[], value: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>
}

function sinceOf(row: { readonly since: number | null } | undefined) {
  return row?.since === undefined || row.since === null ? {} : { since: row.since }
}
