import { sql } from 'kysely'
import { isInside } from '../../core/bleep/telephone.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { AskRow, AskTable } from '../../ports/asks.ts'
import { kept, type Query } from './query.ts'

type Columns = ReturnType<typeof keysOf> & { readonly doc: string }
const COLUMNS = ['bleep', 'at', 'ward', 'device', 'settled', 'changed', 'doc'] as const
const adding = kept<Columns, unknown>(COLUMNS, (db, row) =>
  db
    .insertInto('asks')
    .values({ ...row })
    .onConflict((c) => c.column('bleep').doNothing()),
)
const getting = kept<{ bleep: string }, { doc: string }>(['bleep'], (db, { bleep }) =>
  db.selectFrom('asks').select('doc').where('bleep', '=', bleep),
)

/** A telephone outside the house is among the words of its call, and lies where they are sealed. */
type Stored = AskRow & { readonly outside?: string }

function asStored({ extension, ...row }: AskRow): Stored {
  if (extension === undefined) return row
  return { ...row, ...(isInside(extension) ? { extension } : { outside: extension }) }
}

function asRow({ outside, ...row }: Stored): AskRow {
  return outside === undefined ? row : { ...row, extension: outside }
}

export function askTable(query: Query): AskTable {
  const { tx } = query
  const read = async (rows: readonly { doc: string }[]) =>
    (await query.readAll<Stored>(FORMS.ask, rows)).map(asRow)
  const columns = async (row: AskRow) => ({
    ...keysOf(row),
    doc: await query.written(FORMS.ask, row.bleep, asStored(row)),
  })
  return {
    async add(row) {
      await adding(query, await columns(row))
    },
    async get(bleep) {
      return (await read((await getting(query, { bleep })).rows))[0]
    },
    async save(row) {
      await tx
        .updateTable('asks')
        .set(await columns(row))
        .where('bleep', '=', row.bleep)
        .execute()
    },
    async of({ ward, device }, since, limit) {
      let asks = tx.selectFrom('asks').select('doc').where('at', '>=', since)
      if (ward !== undefined) asks = asks.where('ward', '=', ward)
      if (device !== undefined) asks = asks.where('device', '=', device)
      return read(await asks.orderBy('at', 'desc').limit(limit).execute())
    },
    async owed(mark, limit) {
      const rows = await tx
        .selectFrom('asks')
        .leftJoin('alerts', 'alerts.bleep', 'asks.bleep')
        .select(['asks.doc', 'alerts.version'])
        .where('settled', '=', 0)
        .where((e) => e(e.refTuple('asks.at', 'asks.bleep'), '>', e.tuple(mark.at, mark.id)))
        .orderBy('asks.at')
        .orderBy('asks.bleep')
        .limit(limit)
        .execute()
      const asks = await query.readEach<Stored, (typeof rows)[number]>(FORMS.ask, rows)
      return asks.map(([ask, { version }]) => ({
        ...asRow(ask),
        ...(version === null ? {} : { moves: version }),
      }))
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

function keysOf(row: AskRow) {
  return {
    bleep: row.bleep,
    at: row.at,
    ward: row.ward ?? null,
    device: row.device ?? null,
    settled: row.settled === true ? 1 : 0,
    changed: row.told.at(-1)?.at ?? row.at,
  }
}
