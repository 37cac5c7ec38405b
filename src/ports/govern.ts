import type { Bleep } from '../core/bleep/bleep.ts'
import type { AuditEntry, AuditRow } from '../core/govern/audit.ts'
import type { AlertId, BleepId, DeviceId, PersonId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'
import type { PageMark } from './page-mark.ts'

export interface AuditTable {
  /** Appends to the hash chain. Last in its transaction: it holds a lock that everybody needs. */
  append(entry: AuditEntry): Promise<void>
  /** The newest entry. */
  last(): Promise<AuditRow | undefined>
  since(seq: number, limit: number): Promise<readonly AuditRow[]>
  /** What was done to any of these, oldest first. */
  about(subjects: readonly string[], limit: number): Promise<readonly AuditRow[]>
  /** What any of these did, oldest first. */
  by(actors: readonly string[], limit: number): Promise<readonly AuditRow[]>
  /** One action within a span, oldest first. */
  during(
    action: string,
    span: { readonly from: Instant; readonly to: Instant },
    limit: number,
  ): Promise<readonly AuditRow[]>
  /** Erases the content of entries; their digests stay, and the chain holds. */
  forget(seqs: readonly number[]): Promise<void>
}

/**
 * A reason to keep what would otherwise go: `bleeps`, named or all that a person was asked on until then; a `span`,
 * everything received in it, past or to come; a `person`, who may not be erased.
 */
export interface Hold {
  readonly id: string
  readonly kind: 'bleeps' | 'span' | 'person'
  readonly span?: { readonly from: Instant; readonly to: Instant }
  readonly person?: PersonId
  readonly reason: string
  readonly by: string
  readonly at: Instant
  readonly released?: Instant
}

export interface HoldTable {
  /** @param bleeps what a hold on bleeps or on a person keeps */
  add(hold: Hold, bleeps: readonly BleepId[]): Promise<void>
  get(id: string): Promise<Hold | undefined>
  list(): Promise<readonly Hold[]>
  /** False when there is no such hold, or it was released before. */
  release(id: string, at: Instant): Promise<boolean>
  /** Whether any hold keeps this bleep. */
  keeps(bleep: Pick<Bleep, 'id' | 'received'>): Promise<boolean>
}

/** An erasure, first planned and then done: what it names is looked at again when it is done. */
export interface Erasure {
  readonly id: string
  readonly at: Instant
  readonly by: string
  readonly reason: string
  readonly state: 'planned' | 'started' | 'done'
  /** Bleeps whose words are to go. */
  readonly bleeps: readonly BleepId[]
  /** Who is to go, and by what they are replaced; forgotten when it is done. */
  readonly person?: PersonId
  readonly pseudonym?: PersonId
  /** When replacing last came on: long ago means that whoever did it is dead. */
  readonly touched: Instant
  readonly erased: number
  /** What was left, by reason. */
  readonly left: Readonly<Record<string, number>>
  readonly done?: Instant
}

export interface ErasureTable {
  put(erasure: Erasure): Promise<void>
  get(id: string): Promise<Erasure | undefined>
  list(state: Erasure['state'], limit: number): Promise<readonly Erasure[]>
}

/** Everything that takes rows out for good. Each works on a few rows and gives how many went. */
export interface PurgeTable {
  /**
   * Bleeps received before an instant that nothing keeps: no hold, no open alert, no human who has yet to see to them.
   * In order of receipt, behind the mark. `words`: only those that still have them.
   */
  over(what: 'words' | 'all', mark: PageMark, before: Instant, limit: number): Promise<readonly Bleep[]>
  /** Takes out bleeps with their sightings, hops, alerts, events and attempts. */
  bleeps(ids: readonly BleepId[]): Promise<void>
  /** The oldest inbox rows before an instant. */
  inbox(before: Instant, limit: number): Promise<number>
  /** The oldest call records before an instant that no hold keeps. */
  calls(before: Instant, limit: number): Promise<number>
  /** Of days before an instant nothing is left on the audit: what copies hold of them can be read no more. */
  auditDays(before: Instant): Promise<void>
  /** Facts and packs that lie before an instant whole. */
  measures(before: Instant, limit: number): Promise<number>
  edits(ids: readonly string[]): Promise<number>
  /** Devices out of use that were last seen before an instant. */
  devices(before: Instant): Promise<number>
  /** Enrolment codes that ran out before an instant. */
  codes(before: Instant): Promise<number>
  /** Notes whose key begins so, last set before an instant. */
  notes(start: string, before: Instant): Promise<number>
  /** Erasures and requests that were finished, and holds that were released, before an instant. */
  papers(before: Instant): Promise<number>
  /** Puts a pseudonym in a person's place in the attempts and hops of one alert. */
  rename(
    of: { readonly alert: AlertId; readonly bleep: BleepId },
    person: PersonId,
    pseudonym: PersonId,
  ): Promise<void>
  /** And in the inbox rows of one device. */
  renameInbox(device: DeviceId, person: PersonId, pseudonym: PersonId): Promise<void>
  /** And in holds that are over. */
  renameHolds(person: PersonId, pseudonym: PersonId): Promise<void>
}
