import { sql } from 'kysely'
import { readDoc, writeDoc } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { AskRow, AskTable } from '../../ports/asks.ts'
import { kept, type Query } from './query.ts'

type Columns = ReturnType<typeof columns>
const COLUMNS = ['bleep', 'at', 'ward', 'device', 'settled', 'changed', 'doc'] as const
const adding = kept<Columns, unknown>(COLUMNS, (db, row) =>
  db
    .insertInto('asks')
    .values({ ...row })
    .onConflict((c) => c.column('bleep').doNothing()),
)

export function askTable(query: Query): AskTable {
  const { tx } = query
  const read = (row: { doc: string }): AskRow => readDoc(FORMS.ask, row.doc)
  return {
    async add(row) {
      await adding(query, columns(row))
    },
    async get(bleep) {
      const row = await tx.selectFrom('asks').select('doc').where('bleep', '=', bleep).executeTakeFirst()
      return row && read(row)
    },
    async save(row) {
      await tx.updateTable('asks').set(columns(row)).where('bleep', '=', row.bleep).execute()
    },
    async of({ ward, device }, since, limit) {
      let query = tx.selectFrom('asks').select('doc').where('at', '>=', since)
      if (ward !== undefined) query = query.where('ward', '=', ward)
      if (device !== undefined) query = query.where('device', '=', device)
      return (await query.orderBy('at', 'desc').limit(limit).execute()).map(read)
    },
    async owed(since, limit) {
      const rows = await tx
        .selectFrom('asks')
        .leftJoin('alerts', 'alerts.bleep', 'asks.bleep')
        .select(['asks.doc', 'alerts.version'])
        .where('settled', '=', 0)
        .where('at', '>=', since)
        .orderBy('at')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ ...read(row), ...(row.version === null ? {} : { moves: row.version }) }))
    },
    async marks(since) {
      const rows = await tx
        .selectFrom('asks')
        .leftJoin('alerts', 'alerts.bleep', 'asks.bleep')
        .select(['asks.ward'])
        .select((eb) => [
          eb.fn.countAll<number>().as('count'),
          sql<number>`sum(coalesce(${sql.ref('alerts.version')}, 0))`.as('moves'),
          eb.fn.max('asks.changed').as('told'),
        ])
        .where('asks.at', '>=', since)
        .where('asks.ward', 'is not', null)
        .groupBy('asks.ward')
        .execute()
      return new Map(rows.map(({ ward, count, moves, told }) => [ward ?? '', `${count}/${moves}/${told}`]))
    },
  }
}

function columns(row: AskRow) {
  return {
    bleep: row.bleep,
    at: row.at,
    ward: row.ward ?? null,
    device: row.device ?? null,
    settled: row.settled === true ? 1 : 0,
    changed: row.told.at(-1)?.at ?? row.at,
    doc: writeDoc(FORMS.ask, row),
  }
}
