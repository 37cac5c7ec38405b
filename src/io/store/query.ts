import {
  type Compilable,
  type CompiledQuery,
  type Kysely,
  type QueryResult,
  sql,
  type Transaction,
} from 'kysely'
import { type Form, readStored } from '../../core/stored/form.ts'
import type { Seam } from './seam.ts'
import type { Tables } from './tables.ts'

/** What every table file works with: one transaction, and the seam for what differs. */
export interface Query {
  readonly tx: Transaction<Tables>
  readonly seam: Seam
  /** A document of a bleep as it is stored. */
  written(form: Form, bleep: string, value: object): Promise<string>
  /**
   * Documents of bleeps, in the order of their rows. One that is none any more is damage, where the database mends itself;
   * elsewhere it is passed over and told, so that it takes no list, page or stream with it.
   */
  readAll<T>(form: Form, rows: readonly { readonly doc: string }[]): Promise<readonly T[]>
  /** The same, each beside its row. */
  readEach<T, R extends { readonly doc: string }>(
    form: Form,
    rows: readonly R[],
  ): Promise<readonly (readonly [T, R])[]>
  /** The same of a document that is never sealed; undefined where it is none. */
  readOne<T>(form: Form, row: { readonly doc: string }): T | undefined
}

/**
 * JSON that is checked each time it is read: notes and changes to the rota. What is none fits no reader, and each has its
 * own way to go on without. Documents are read by their form.
 */
export function readJson(text: string, { mends }: Pick<Seam, 'mends'>): unknown {
  try {
    return readStored(text)
  } catch (error) {
    if (mends) throw error
    return undefined
  }
}

/** Rows leased to an owner whose name begins so. */
export function ownerIn(start: string) {
  return beginsWith('owner', start)
}

/** Text that begins so. Not LIKE: a name may hold its wildcards. */
export function beginsWith(column: string, start: string) {
  return sql<boolean>`substr(${sql.ref(column)}, 1, ${start.length}) = ${start}`
}

/** Stands for a value of a row while a query is compiled. */
class Slot {
  readonly row: number
  readonly name: string

  constructor(row: number, name: string) {
    this.row = row
    this.name = name
  }
}

type Made<Row, Out> = (db: Kysely<Tables>, rows: readonly Row[], seam: Seam) => Compilable<Out>

/** Runs a query that is compiled once for each database and number of rows. */
function running<Row extends object, Out>(names: readonly string[], build: Made<Row, Out>) {
  const compiled = new WeakMap<Seam, Map<number, CompiledQuery<Out>>>()
  const compile = (seam: Seam, size: number): CompiledQuery<Out> => {
    const slots: unknown = Array.from({ length: size }, (_, i) =>
      Object.fromEntries(names.map((name) => [name, new Slot(i, name)])),
    )
    const made = build(seam.db, slots as readonly Row[], seam).compile()
    compiled.set(seam, (compiled.get(seam) ?? new Map<number, CompiledQuery<Out>>()).set(size, made))
    return made
  }
  return async ({ tx, seam }: Query, rows: readonly Row[]): Promise<QueryResult<Out>> => {
    const query = compiled.get(seam)?.get(rows.length) ?? compile(seam, rows.length)
    const parameters = query.parameters.map((one) =>
      one instanceof Slot ? Reflect.get(rows[one.row] ?? {}, one.name) : one,
    )
    return seam.run?.(query, parameters) ?? tx.executeQuery<Out>({ ...query, parameters })
  }
}

/**
 * A query of the path that every page takes: built and compiled once for each database, because that costs more than to
 * run it, and run again with other values.
 * @param names of all values that differ
 * @param build must not look at the values, and must use each
 */
export function kept<Values extends object, Out>(
  names: readonly (keyof Values & string)[],
  build: (db: Kysely<Tables>, values: Values, seam: Seam) => Compilable<Out>,
): (query: Query, values: Values) => Promise<QueryResult<Out>> {
  const run = running<Values, Out>(names, (db, [values], seam) => build(db, values as Values, seam))
  return (query, values) => run(query, [values])
}

/** More rows than this at once are rare, and their query is compiled each time. */
export const KEPT_ROWS = 40

/**
 * The same for a query over some rows, such as a list of ids or the rows of one insert: kept for each number of rows.
 * @param names of the values of a row
 */
export function keptRows<Row extends object, Out>(
  names: readonly (keyof Row & string)[],
  build: Made<Row, Out>,
): (query: Query, rows: readonly Row[]) => Promise<QueryResult<Out>> {
  const run = running(names, build)
  return (query, rows) =>
    rows.length > KEPT_ROWS
      ? query.tx.executeQuery(build(query.seam.db, rows, query.seam).compile())
      : run(query, rows)
}
