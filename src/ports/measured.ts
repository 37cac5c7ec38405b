import type { AlertId, AttemptId, BleepId, DeviceId, FeedId, NodeId, PersonId } from '../core/ids.ts'
import type { Instant, Millis } from '../core/instant.ts'
import type { CallRecord } from '../core/line/kit/call-record.ts'
import type { Fact } from '../core/measure/facts/fact.ts'
import type { Class } from '../core/vocabulary.ts'
import type { PageMark } from './page-mark.ts'

export interface Hop {
  readonly bleep: BleepId
  readonly alert?: AlertId
  readonly hop: string
  readonly at: Instant
  readonly class?: Class
  readonly person?: PersonId
  readonly device?: DeviceId
  readonly attempt?: AttemptId
  /** Whose clock: ours, or a device's claim, corrected by what its clock was found to be off by. */
  readonly clock: 'ours' | 'device'
  /** That offset (device less ours) and half its width, milliseconds; absent where the clock was never compared. */
  readonly offset?: Millis
  readonly uncertainty?: Millis
}

/** Hops that each recipient has, and those that a bleep's cover adds. A bleep's own hops are in its row. */
export interface HopTable {
  stamp(hops: readonly Hop[]): Promise<void>
  of(bleep: BleepId): Promise<readonly Hop[]>
}

export interface CallRow {
  readonly id: string
  readonly feed: FeedId
  readonly node: NodeId
  readonly arrived: Instant
  readonly record: CallRecord
}

export interface CallTable {
  add(rows: readonly CallRow[]): Promise<void>
  /** The next rows in order of arrival, for spans too long to hold: after `mark`, before `to`. */
  page(mark: PageMark, to: Instant, limit: number): Promise<readonly CallRow[]>
}

/** One row for each settled bleep, with what a report needs of it: made once, so that a report reads no documents. */
export interface FactTable {
  /** Adds, or replaces what was known. */
  put(facts: readonly Fact[]): Promise<void>
  /** The next facts in order of first byte: after `mark`, before `to`. */
  page(mark: PageMark, to: Instant, limit: number): Promise<readonly Fact[]>
  /** Takes out the facts before an instant, which a pack now holds. */
  forget(before: Instant): Promise<void>
}

/** Settled rows in columns, thousands to a document (core/measure/facts/fact-columns.ts, call-columns.ts). */
export interface Pack {
  readonly kind: 'facts' | 'calls'
  /** Times of the first and the last row; no two packs of a kind begin at once. */
  readonly first: Instant
  readonly last: Instant
  readonly rows: number
  /** Text where an older schema wrote it. */
  readonly data: Uint8Array | string
}

export interface PackTable {
  add(pack: Pack): Promise<void>
  /** Packs that hold rows of `[from, to)`, in order; only those that begin after `after`. */
  page(
    kind: Pack['kind'],
    from: Instant,
    to: Instant,
    after: Instant,
    limit: number,
  ): Promise<readonly Pack[]>
}
