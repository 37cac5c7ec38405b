import type { CompiledQuery, Kysely, QueryResult, RawBuilder, SelectQueryBuilder, Transaction } from 'kysely'
import type { Instant, Millis } from '../../core/instant.ts'
import type { Lease, Wake } from '../../ports/store.ts'
import type { Tables } from './tables.ts'
import type { Words } from './words.ts'

/** All that differs between the databases; everything else is written once. */
export interface Seam {
  readonly db: Kysely<Tables>
  readonly wake: Wake
  /** Absent: words stand in the clear. */
  readonly words?: Words
  /** Column type of a number that rises by itself. */
  readonly serial: 'integer' | 'bigserial'
  /** Column type of bytes. */
  readonly bytes: 'blob' | 'bytea'
  /** A column of JSON text, so that `->>` can look into it. */
  json(column: string): RawBuilder<unknown>
  /** Rows another node is working on are passed over, not waited for. */
  claim<DB, TB extends keyof DB, O>(query: SelectQueryBuilder<DB, TB, O>): SelectQueryBuilder<DB, TB, O>
  /** Nobody else is inside a transaction with this key. */
  alone(tx: Transaction<Tables>, key: string): Promise<void>
  /** Rows of a table that nobody has claimed, or whose claim is over. */
  unclaimed(table: 'attempts' | 'due' | 'filing_sends', now: Instant): RawBuilder<boolean>
  /** Said by whoever claims, so that what it has claimed is its own while it lives. */
  present(owner: string): Promise<void>
  /** Rejects with `lead-lost` where the database knows another holder. */
  fence(tx: Transaction<Tables>, lease: Pick<Lease, 'duty' | 'token'>): Promise<void>
  lead(duty: string): Promise<Omit<Lease, 'duty'> | undefined>
  /** The next cursors of the inbox lie behind this one. */
  inboxAfter(tx: Transaction<Tables>, cursor: number): Promise<void>
  measure(): Promise<{ readonly bytes: number; readonly clock?: Instant }>
  /** Erased content leaves the database's own files; false when somebody still reads what was there before. */
  tidy(): Promise<boolean>
  /** Settles when a transaction may begin without holding up what else waits in this process. */
  turn(): Promise<void>
  /** One transaction, cut off when its time is over. */
  transaction<T>(within: Millis, work: (tx: Transaction<Tables>) => Promise<T>): Promise<T>
  /**
   * Runs a kept query in the transaction that is open, where there can be but one. Absent: by that transaction. The way
   * through the query layer costs more than the query.
   */
  run?<Out>(query: CompiledQuery<Out>, parameters: readonly unknown[]): QueryResult<Out>
  /** Whether the transaction that is open, and asks this at its end, has changed anything. */
  wrote(): boolean
  /** Settles when everything committed is on the disk; rejects with a `StoreFault`. */
  durable(): Promise<void>
  /** Writes all that is there into a new file: what is open may have no path any more. */
  rescue(to: string): Promise<void>
  /** Whether a file of its own is mended, once it is known to be damaged. */
  readonly mends: boolean
  /** The fault code for what the driver threw. */
  fault(error: unknown): 'store-busy' | 'store-full' | 'store-damaged' | 'store-lost'
  close(): Promise<void>
}
