import type { BleepId, DeviceId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'
import type { PageMark } from './page-mark.ts'

/** A way by which whoever asked is told what became of it. */
export type ToldWay = 'screen' | 'phone' | 'call' | 'switchboard'

/** One way was tried, or has told them: only their own receipt makes it told. */
export interface Told {
  readonly way: ToldWay
  readonly at: Instant
  /** What they were told, as `AskStand` names it; absent: the way's turn began. */
  readonly said?: string
  /** At the switchboard, who read it out. */
  readonly by?: string
}

/** Who asked for one bleep, and what they have been told. Holds no words and no name of staff. */
export interface AskRow {
  readonly bleep: BleepId
  readonly at: Instant
  readonly ward?: string
  readonly extension?: string
  /** The device that it was put into; absent: it came by a line. */
  readonly device?: DeviceId
  readonly told: readonly Told[]
  /** When they first knew the answer, by receipt. */
  readonly known?: Instant
  /** Nothing more is owed: they know, or there is nothing to tell. */
  readonly settled?: true
}

export type OwedRow = AskRow & { readonly moves?: number }

export interface AskTable {
  /** Left as it is where the bleep has one. */
  add(row: AskRow): Promise<void>
  get(bleep: BleepId): Promise<AskRow | undefined>
  save(row: AskRow): Promise<void>
  /** Asks of a ward, or of a device, at or after `since`, the newest first. */
  of(
    whose: { readonly ward?: string; readonly device?: DeviceId },
    since: Instant,
    limit: number,
  ): Promise<readonly AskRow[]>
  /**
   * Those behind a mark that may still have to be told something, the oldest first; `moves` changes with whatever becomes
   * of it.
   */
  owed(mark: PageMark, limit: number): Promise<readonly OwedRow[]>
  /** Something that changes with every ask of a ward and with whatever becomes of it: ward → mark. */
  marks(since: Instant): Promise<ReadonlyMap<string, string>>
}
