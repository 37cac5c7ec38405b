import type { Alert, AlertEvent } from '../core/alert/alert.ts'
import type { Bleep, Sighting, Stage } from '../core/bleep/bleep.ts'
import type { Attempt, AttemptState } from '../core/deliver/attempt.ts'
import type { InboxEntry } from '../core/deliver/plan.ts'
import type { FaultCode } from '../core/faults.ts'
import type { AlertId, AttemptId, BleepId, DeviceId } from '../core/ids.ts'
import type { Instant, Millis } from '../core/instant.ts'
import type { Class, Phase } from '../core/vocabulary.ts'
import type { AskTable } from './asks.ts'
import type { DeviceTable, EnrolCodeTable } from './devices.ts'
import type { FilingTable } from './filings.ts'
import type { AuditTable, ErasureTable, HoldTable, PurgeTable } from './govern.ts'
import type { AccountTable, SessionTable } from './identity.ts'
import type { ListedTable } from './listed.ts'
import type { CallTable, FactTable, HopTable, PackTable } from './measured.ts'
import type { PageMark } from './page-mark.ts'
import type { RequestTable, RestrictedTable } from './requests.ts'
import type { SearchTable } from './search.ts'
import type { WordTable } from './word-keys.ts'

/** Where everything durable lives. Two databases, one truth: see src/README.md, "Durability". */
export interface Store {
  /**
   * One transaction: durable when the promise resolves, nothing kept when it rejects. Rejects with `StoreFault`.
   * Never use the store itself inside `work`: only the `tx` it is given.
   * @param within cut off, and refused, when it takes longer, where other nodes could be waiting for it; absent: 5 s
   */
  transact<T>(work: (tx: Tx) => Promise<T>, within?: Millis): Promise<T>
  readonly wake: Wake
  /** Leadership of a duty among the nodes; `undefined` when another node leads. */
  lead(duty: string): Promise<Lease | undefined>
  /** How large the database is and, where it has a clock of its own, what that says. Rejects with `StoreFault`. */
  measure(): Promise<{ readonly bytes: number; readonly clock?: Instant }>
  /** What was erased leaves the files too, as far as this database lets us; false when it must be asked again later. */
  tidy(): Promise<boolean>
  close(): Promise<void>
}

/** Thrown by `transact` when the database cannot do its work now; the code says whether to wait. */
export class StoreFault extends Error {
  readonly code: FaultCode
  constructor(code: FaultCode, cause?: unknown) {
    super(code, { cause })
    this.name = 'StoreFault'
    this.code = code
  }
}

/** `phones`: what is known of how somebody can be rung has changed. */
export type Topic =
  | 'bleeps'
  | 'alerts'
  | 'attempts'
  | 'due'
  | 'inbox'
  | 'directory'
  | 'phones'
  | 'filings'
  | 'letters'

/** Rings loops awake after a commit; losing a ring costs a poll interval, never a row. */
export interface Wake {
  on(topic: Topic, run: () => void): () => void
  ring(topic: Topic): void
}

export interface Lease {
  readonly duty: string
  /** Rises with each new holder: by it the database knows whose lease is the latest. */
  readonly token: number
  /** False once it may have lapsed, as when the database could not be reached to renew it. */
  held(): boolean
  release(): Promise<void>
}

/** Who works on a row, and until when nobody else does. */
export interface Holder {
  readonly owner: string
  readonly until: Instant
}

/** A claim on rows: lapses at `until`, then anyone may claim them again. */
interface Claim extends Holder {
  readonly now: Instant
  readonly limit: number
}

export interface Tx {
  /** We are on a file of our own that knows only a part: what it does not know may well be in the database. */
  readonly isPart?: true
  /** Nobody else is inside a transaction with this key until this one ends. */
  alone(key: string): Promise<void>
  /** Rejects with `lead-lost` unless the lease is still the latest; nobody takes it over before this transaction ends. */
  fence(lease: Lease): Promise<void>
  readonly bleeps: BleepTable
  readonly alerts: AlertTable
  readonly due: DueTable
  readonly attempts: AttemptTable
  readonly inbox: InboxTable
  readonly devices: DeviceTable
  readonly codes: EnrolCodeTable
  readonly directory: DirectoryTable
  readonly hops: HopTable
  readonly calls: CallTable
  readonly facts: FactTable
  readonly packs: PackTable
  readonly audit: AuditTable
  readonly holds: HoldTable
  readonly erasures: ErasureTable
  readonly purge: PurgeTable
  readonly asks: AskTable
  readonly search: SearchTable
  readonly accounts: AccountTable
  readonly sessions: SessionTable
  readonly listed: ListedTable
  readonly requests: RequestTable
  readonly restricted: RestrictedTable
  readonly filings: FilingTable
  readonly words: WordTable
  /** Small named documents (learnt baselines, cursors, last daily test): JSON values by key. */
  readonly notes: NoteTable
}

export interface BleepTable {
  add(bleep: Bleep): Promise<void>
  get(id: BleepId): Promise<Bleep | undefined>
  /** How many there are, and when the newest was received. */
  count(): Promise<{ readonly bleeps: number; readonly newest?: Instant }>
  /** Replaces a bleep's page, counts, stage, meaning and relation. */
  save(bleep: Bleep): Promise<void>
  sight(sighting: Sighting): Promise<void>
  sightings(bleep: BleepId): Promise<readonly Sighting[]>
  /** Bleeps to this number received at or after `since`, newest first, at most `limit`. */
  recent(number: string, since: Instant, limit: number): Promise<readonly Bleep[]>
  inStage(stage: Stage, receivedBefore: Instant, limit: number): Promise<readonly Bleep[]>
  between(from: Instant, to: Instant, limit: number): Promise<readonly Bleep[]>
  /** The next bleeps in order of receipt: after `mark`, before `to`. */
  page(mark: PageMark, to: Instant, limit: number): Promise<readonly Bleep[]>
  /** The same, of one number. */
  ofNumber(number: string, mark: PageMark, to: Instant, limit: number): Promise<readonly Bleep[]>
  /** Every sighting of several bleeps. */
  sightingsOf(bleeps: readonly BleepId[]): Promise<readonly Sighting[]>
  /** Writes every sighting of a bleep anew. */
  resight(bleep: BleepId, change: (sighting: Sighting) => Sighting): Promise<void>
}

export interface AlertTable {
  add(alert: Alert, events: readonly AlertEvent[]): Promise<void>
  /** Compare-and-set: false when the stored version is not `expected`. Events are appended in order. */
  save(alert: Alert, expected: number, events: readonly AlertEvent[]): Promise<boolean>
  get(id: AlertId): Promise<Alert | undefined>
  byBleep(bleep: BleepId): Promise<Alert | undefined>
  /** The newest first; `before`: what lies behind that mark, for the next page. */
  list(filter: {
    phase?: Phase | 'open'
    since?: Instant
    before?: PageMark
    limit: number
  }): Promise<readonly Alert[]>
  events(id: AlertId): Promise<readonly AlertEvent[]>
  /** Writes the events of an alert anew, each in its place. */
  rewrite(id: AlertId, change: (event: AlertEvent) => AlertEvent): Promise<void>
  /** The next alerts in order of raising, open ones too, behind the mark. */
  page(mark: PageMark, limit: number): Promise<readonly Alert[]>
  /**
   * Looks at open alerts in order of raising, `limit` of them behind the mark. `lost`: those with neither a due row nor a
   * named reason, of which there must never be one (auditor); `next`: where to go on, absent behind the last.
   */
  withoutFuture(
    limit: number,
    behind?: PageMark,
  ): Promise<{ readonly lost: readonly AlertId[]; readonly next?: PageMark }>
  /** Open alerts only: the closed ones grow for years and are counted by nobody who waits. */
  countByPhase(): Promise<Readonly<Record<Exclude<Phase, 'closed'>, number>>>
  /** When the oldest open alert was raised; undefined: none is open. */
  oldestOpen(): Promise<Instant | undefined>
}

export interface DueRow {
  readonly alert: AlertId
  readonly name: string
  readonly at: Instant
}

export interface DueTable {
  /** Sets or moves a due time. */
  set(rows: readonly DueRow[]): Promise<void>
  forget(alert: AlertId, names: readonly string[] | 'all'): Promise<void>
  /** Due rows at or before `claim.now`, earliest first, leased to the owner. Where there are more than it takes, emergencies first. */
  claim(claim: Claim): Promise<readonly DueRow[]>
  /** Ends every lease of owners whose name begins so: they are dead, and what they held is anybody's at once. */
  release(ownersOf: string): Promise<void>
  of(alert: AlertId): Promise<readonly DueRow[]>
  /** The earliest due time of all, for the ticker. */
  next(): Promise<Instant | undefined>
}

/** Which attempts to leave where they are, so that only what can go is claimed. */
export interface Choice {
  /** Leave less urgent ones; `first`: all but emergencies that somebody is told of for the first time. */
  readonly atLeast: Class | 'first'
  /** Leave all but emergencies to these devices. */
  readonly held: readonly DeviceId[]
  /** Asked of each in order, emergencies apart; false leaves it. */
  take(device: DeviceId): boolean
}

export interface AttemptTable {
  /** Adds attempts whose key is new; an attempt with a known key is left as it is. */
  add(attempts: readonly Attempt[]): Promise<void>
  /** The same for attempts that are in somebody's hands from the beginning; gives those that were new. */
  addHeld(attempts: readonly Attempt[], holder: Holder): Promise<readonly AttemptId[]>
  get(id: AttemptId): Promise<Attempt | undefined>
  /** Unsettled attempts due at or before `claim.now`, the most urgent class first, leased to the owner. */
  claim(claim: Claim, choice?: Choice): Promise<readonly Attempt[]>
  /** What waits for another try to these devices is due at once, unless its provider asked for patience. */
  hasten(devices: readonly DeviceId[], now: Instant): Promise<void>
  /** The clock went back: what waits for a time that its old hands have set is due at once, and rings no longer for it. */
  setBack(now: Instant): Promise<void>
  /** Ends every lease of owners whose name begins so: they are dead, and what they held is anybody's at once. */
  release(ownersOf: string): Promise<void>
  /** Whoever held these holds them no more: it does not know whether it ever did. */
  letGo(ids: readonly AttemptId[], owner: string): Promise<void>
  /** Stores what the machine made of an attempt; false where it is no longer in the state that it was stepped from. */
  save(next: Attempt, from: AttemptState, at: Instant): Promise<boolean>
  ofAlert(alert: AlertId): Promise<readonly Attempt[]>
  /** Attempts that are due and in nobody's hands, and since when the oldest is due. */
  waiting(now: Instant): Promise<{ readonly count: number; readonly oldest?: Instant }>
}

/** What a device must know, in order. Content is read from the alert when the device pulls, so it can be erased. */
export interface InboxRow extends InboxEntry {
  /** Rises for ever; a device remembers the last one it has seen. */
  readonly cursor: number
}

export interface InboxTable {
  add(rows: readonly InboxEntry[]): Promise<void>
  since(device: DeviceId, cursor: number, limit: number): Promise<readonly InboxRow[]>
  /** What one attempt told its device. */
  ofAttempt(device: DeviceId, attempt: AttemptId): Promise<readonly InboxRow[]>
  /** Which devices were told something behind this cursor, in order, or the last one told: one look serves every connected phone. */
  told(cursor: number | 'last', limit: number): Promise<readonly Pick<InboxRow, 'cursor' | 'device'>[]>
}

/** A change to the directory on top of the site's files: override, swap, leave, hand-over, baton. JSON, checked when read. */
export interface DirectoryEdit {
  readonly id: string
  readonly at: Instant
  readonly by: string
  readonly edit: unknown
}

export interface DirectoryTable {
  add(edit: DirectoryEdit): Promise<void>
  list(): Promise<readonly DirectoryEdit[]>
  /** Writes an edit anew in its place. */
  replace(id: string, edit: unknown): Promise<void>
}

export interface NoteTable {
  get(key: string): Promise<unknown>
  set(key: string, value: unknown, at: Instant): Promise<void>
  forget(key: string): Promise<void>
  /** @param start only those whose keys begin so */
  list(
    start?: string,
  ): Promise<readonly { readonly key: string; readonly value: unknown; readonly at: Instant }[]>
}
