import type {
  ChainView,
  ErasureView,
  FoundView,
  HoldView,
  PackReview,
  RequestView,
  SubjectCopy,
  TraceView,
} from '../core/desk/govern-views.ts'
import type { Anchor } from '../core/govern/audit.ts'
import type { RequestInput, RequestKind } from '../core/govern/request.ts'
import type { About } from '../core/govern/subject.ts'
import type { BleepId, PersonId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'
import type { Caller, Outcome } from './desk.ts'

/** Whose or what data is to go: the words of bleeps, or a person. */
export type ErasureAsk = { readonly bleeps: readonly BleepId[] } | { readonly person: PersonId }

export type HoldAsk =
  | { readonly bleeps: readonly BleepId[] }
  | { readonly span: { readonly from: Instant; readonly to: Instant } }
  | { readonly person: PersonId }

/** What somebody asks, about whose data. */
export interface RequestAsk {
  readonly kind: RequestKind
  readonly about: Omit<About, 'from' | 'to'>
  /** When it came, where that was not now. */
  readonly received?: Instant
}

/** What governance asks of us. Every act but a list is on the audit with its reason before it is answered. */
export interface GovernDesk {
  find(caller: Caller, about: About, reason: string): Promise<Outcome<FoundView>>
  copy(caller: Caller, about: About, reason: string): Promise<Outcome<SubjectCopy>>
  /** @param id of a bleep or an alert */
  trace(caller: Caller, id: string, reason: string): Promise<Outcome<TraceView>>
  plan(caller: Caller, ask: ErasureAsk, reason: string): Promise<Outcome<ErasureView>>
  carryOut(caller: Caller, id: string): Promise<Outcome<ErasureView>>
  erasure(caller: Caller, id: string): Promise<Outcome<ErasureView>>
  erasures(caller: Caller): Promise<Outcome<readonly ErasureView[]>>
  hold(caller: Caller, ask: HoldAsk, reason: string): Promise<Outcome<HoldView>>
  release(caller: Caller, id: string, reason: string): Promise<Outcome<HoldView>>
  holds(caller: Caller): Promise<Outcome<readonly HoldView[]>>
  readonly requests: RequestDesk
  /** One call replayed, as the text of its file or as a page of it. */
  incident(
    caller: Caller,
    id: string,
    reason: string,
    names: boolean,
    format: 'jsonl' | 'html',
  ): Promise<Outcome<string>>
  verify(caller: Caller, anchor?: Anchor): Promise<Outcome<ChainView>>
}

/** Requests of people about their own data. */
interface RequestDesk {
  open(caller: Caller, ask: RequestAsk, reason: string): Promise<Outcome<RequestView>>
  step(caller: Caller, id: string, input: RequestInput): Promise<Outcome<RequestView>>
  find(caller: Caller, id: string): Promise<Outcome<RequestView>>
  review(caller: Caller, id: string, bleep: BleepId): Promise<Outcome<PackReview>>
  carryOut(caller: Caller, id: string): Promise<Outcome<RequestView>>
  /** Both forms of the pack, locked with the passphrase. */
  pack(
    caller: Caller,
    id: string,
    passphrase: string,
  ): Promise<Outcome<{ readonly page: Uint8Array; readonly data: Uint8Array }>>
  get(caller: Caller, id: string): Promise<Outcome<RequestView>>
  list(caller: Caller): Promise<Outcome<readonly RequestView[]>>
  lift(caller: Caller, bleep: BleepId, reason: string): Promise<Outcome<{ readonly lifted: boolean }>>
}
