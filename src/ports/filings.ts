import type { FaultCode } from '../core/faults.ts'
import type { AlertId, BleepId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'
import type { FiledDocument } from '../core/record/document.ts'
import type { Filing } from '../core/record/filing.ts'
import type { Looked } from '../core/record/looked.ts'
import type { LocalNumbers, Patient } from '../core/record/patient.ts'
import type { FilingAnswer, FilingSend } from '../core/record/send.ts'
import type { FilingStand, FilingWayId } from '../core/vocabulary.ts'
import type { PageMark } from './page-mark.ts'

/** A way into the patient record system. Nothing here throws: what goes wrong is an answer. */
export interface FilingWay {
  readonly id: FilingWayId
  send(document: FiledDocument, signal: AbortSignal): Promise<FilingAnswer>
  /** Whom the record has under a number; absent: it offers no look-up. */
  readonly look?: (patient: Patient, signal: AbortSignal) => Promise<Looked>
  /** Whether it is there and lets us in; undefined: it is. Files nothing. */
  probe(signal: AbortSignal): Promise<FaultCode | undefined>
  close(): void
}

/** What the site files by, as the loops and the desk need it. */
export interface FilingSite {
  readonly ways: readonly FilingWay[]
  readonly local: LocalNumbers
}

/** A filing with what was sent of it. */
export interface Filed {
  readonly filing: Filing
  readonly sends: readonly FilingSend[]
}

export interface FilingTable {
  get(alert: AlertId): Promise<Filed | undefined>
  /** Adds the filing or puts it in the place of what was there, with what stands and why; and adds its sends. */
  save(filed: Filed, at: Instant): Promise<void>
  /** The newest first, behind the mark. Those of open alerts are not among them. */
  list(filter: {
    readonly stand?: FilingStand
    readonly before?: PageMark
    readonly limit: number
  }): Promise<readonly Filed[]>
  /** Alerts raised from `since` that have ended and have no filing, or one that still counts as open; tests apart. */
  unfiled(since: Instant, limit: number): Promise<readonly AlertId[]>
  /** When the oldest alert was raised, from `since`, that is open: what ended before it is filed. */
  firstOpen(since: Instant): Promise<Instant | undefined>
  /** Alerts that were added to after what was made of them, raised from `since`. */
  changed(since: Instant, limit: number): Promise<readonly AlertId[]>
  /** Sends of a way that are due, the oldest first, leased to the owner; never one before an earlier one of its alert. */
  claim(
    way: FilingWayId,
    claim: { readonly owner: string; readonly now: Instant; readonly until: Instant; readonly limit: number },
  ): Promise<readonly FilingSend[]>
  /** Writes a send anew; whose it is just now stays. */
  keep(send: FilingSend): Promise<void>
  /** What came of a send; it is nobody's then. */
  end(send: FilingSend): Promise<void>
  /** What waits for another try by this way is due at once. */
  hasten(way: FilingWayId, now: Instant): Promise<void>
  /** Ends every lease of owners whose name begins so: they are dead. */
  release(ownersOf: string): Promise<void>
  /** Whether the words of a bleep must stay, because they are on their way. */
  owes(bleep: BleepId): Promise<boolean>
  /** @param since what stands is counted of alerts raised from here on; what waits for somebody, of all */
  figures(since: Instant): Promise<FilingFigures>
}

export interface FilingFigures {
  readonly stands: Readonly<Record<FilingStand, number>>
  /** Those that wait for a person to say whose record it is, and since when the oldest. */
  readonly undecided: { readonly count: number; readonly since?: Instant }
  /** By way: how many wait, since when the oldest, and how many were refused. */
  readonly ways: Readonly<
    Record<FilingWayId, { readonly waiting: number; readonly since?: Instant; readonly refused: number }>
  >
}
