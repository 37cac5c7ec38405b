import type { Saying } from '../core/alert/alert.ts'
import type { ENTERED, SELF_ENROLLED } from '../core/deliver/channels.ts'
import type { Device } from '../core/deliver/device.ts'
import type { AlertView } from '../core/desk/alert-views.ts'
import type { CallsView, StartedView } from '../core/desk/call-views.ts'
import type { RotaChange, RotaChangesView, RotaWarnings } from '../core/desk/change-views.ts'
import type { Sought } from '../core/desk/find.ts'
import type { PartAsk } from '../core/desk/part.ts'
import type {
  CodeView,
  DevicesView,
  DeviceView,
  DirectoryView,
  EnrolledView,
  MeView,
  NudgeView,
  OfferView,
  OpenCodeView,
  RotaView,
  WaiverView,
  WaysView,
} from '../core/desk/people-views.ts'
import type { PolicyView } from '../core/desk/policy-view.ts'
import type { ReadinessView } from '../core/desk/readiness-view.ts'
import type { EstateView, SiteView } from '../core/desk/site-views.ts'
import type { DailyTestsView } from '../core/desk/test-views.ts'
import type {
  Answered,
  AuditView,
  BoardView,
  Card,
  InboxView,
  Raised,
  ReviewView,
  Standing,
  StrangersView,
} from '../core/desk/views.ts'
import type { FaultValue } from '../core/faults.ts'
import type { PreviewView } from '../core/foresee/view.ts'
import type { Action, OperatorRole } from '../core/govern/permit.ts'
import type { AlertId, AttemptId, BleepId, DeviceId, PersonId, RoleId, SightingId } from '../core/ids.ts'
import type { Instant, Millis } from '../core/instant.ts'
import type { FeedView } from '../core/measure/watch/feed-view.ts'
import type { CallAsk } from '../core/route/start-call.ts'
import type { Answer, Phase, ReceiptStage, ReceiptWay, StandDown } from '../core/vocabulary.ts'

/** Who asks. A device speaks for its owner; an operator for the console role they signed in with. */
export type Caller =
  | { readonly kind: 'device'; readonly access: 'holder' | 'ward'; readonly device: DeviceId }
  | {
      readonly kind: 'operator'
      readonly access: OperatorRole
      readonly operator: string
      /** When a console session ends, and its name; absent for a token. */
      readonly until?: Instant
      readonly session?: string
      /** Who of the directory it is, where the sign-in says so. */
      readonly person?: PersonId
      /** Words are hidden: the console was left alone, and nobody has signed in since. */
      readonly shut?: true
    }

/** Done with a value, or refused with a code and, where somebody else was first, what stands. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: FaultValue; readonly stands?: Standing }

interface BoardFilter {
  readonly phase?: 'open' | Phase
  readonly since?: Instant
  /** Only its calls, and those of which nobody knows whose they are; absent: every hospital's. */
  readonly hospital?: string
  /** Where the part before ended; absent: from the newest. */
  readonly cursor?: string
  /** Cards at most; absent: 500. */
  readonly limit?: number
}

/** What is looked for among all calls; without a beginning, in the last three days. */
interface Find extends Sought {
  readonly hospital?: string
  readonly from?: Instant
  readonly to?: Instant
  readonly cursor?: string
}

/** What the switchboard may do to an alert; each carries the version it saw. */
export type Manage =
  | { readonly action: 'close'; readonly version: number; readonly note?: string }
  /** Everybody on it is told to turn round, as loudly as they were called. */
  | {
      readonly action: 'stand-down'
      readonly version: number
      readonly reason: StandDown
      readonly note?: string
    }
  /** It is over, and nobody is told to turn round. */
  | { readonly action: 'finish'; readonly version: number; readonly note?: string }
  | { readonly action: 'page-by-radio'; readonly version: number }
  /** What was put on record for this person was a slip. */
  | { readonly action: 'undo'; readonly version: number; readonly person: PersonId }
  | { readonly action: 'take-over'; readonly version: number }
  | { readonly action: 'ask-again'; readonly version: number }
  | { readonly action: 'release'; readonly version: number; readonly person: PersonId }
  | { readonly action: 'also-ask'; readonly version: number; readonly role: RoleId }
  /** A step of the operator's run sheet; whoever ticks has decided nothing about the call. */
  | { readonly action: 'tick'; readonly version: number; readonly step: string; readonly done: boolean }

interface Enrol {
  readonly code: string
  readonly label: string
  readonly channel: (typeof SELF_ENROLLED)[number]
  /** Push subscription or provider token, as that channel's adapter reads it; empty for the LAN socket. */
  readonly address: string
}

/** Ids of the rings of one self-test. */
export interface SelfTest {
  /** By the device's own channel. */
  readonly test: string
  /** Over the hospital network, where that is another way. */
  readonly lan?: string
}

/** A number that the switchboard enters for somebody: there is nothing to type a code on. */
interface NewWay {
  readonly owner: Device['owner']
  readonly channel: (typeof ENTERED)[number]
  /** As typed; for a topic there is none. */
  readonly number?: string
  readonly label: string
}

interface RotaAsk {
  readonly from: Instant
  readonly to: Instant
  /** Which roles, of a large hospital; absent: all. */
  readonly part?: PartAsk
}

/**
 * Everything HTTP and MQTT may ask of us. Every method checks the caller against core/govern/permit.ts and answers
 * refusals as values; only a store that cannot work rejects (`StoreFault`).
 */
export interface Desk {
  /** Whose token this is (sha-256, hex); undefined when unknown, revoked or signed out, `waiting` until it is confirmed. */
  identify(tokenDigest: string): Promise<Caller | 'waiting' | undefined>
  /** Whether this caller may do one of these, or anything where none is named; a refusal goes on the record. */
  permit(caller: Caller, actions: readonly Action[]): Promise<Outcome<undefined>>
  me(caller: Caller): Promise<Outcome<MeView>>
  directory(caller: Caller): Promise<Outcome<DirectoryView>>

  /** The newest first, in parts: a part's `cursor` asks for the next one. */
  board(caller: Caller, filter: BoardFilter): Promise<Outcome<BoardView>>
  /** Calls of any time, the newest first; a page's `cursor` asks for the next one. */
  find(caller: Caller, find: Find): Promise<Outcome<BoardView>>
  /** The switchboard's sheet of the last day, as a page to print. */
  /** @param bare without the words of any page, as it may be sent by email */
  shiftLog(caller: Caller, bare?: boolean): Promise<Outcome<string>>
  /** One alert as a board shows it. */
  card(caller: Caller, id: AlertId): Promise<Outcome<Card>>
  /** What the switchboard can start, and what of it waits for a second person. */
  calls(caller: Caller): Promise<Outcome<CallsView>>
  /** Who would be rung, by which ways, with nobody rung. */
  previewCall(caller: Caller, ask: CallAsk): Promise<Outcome<PreviewView>>
  /**
   * Calls phones and radio at once. `confirm`: for a call to many people, `held` for a held press or what a first
   * operator's call waits under, as the site says.
   */
  startCall(caller: Caller, ask: CallAsk & { readonly confirm?: string }): Promise<Outcome<StartedView>>
  /** Bleeps that rang nobody and wait for a human, oldest first. */
  review(caller: Caller): Promise<Outcome<ReviewView>>
  /** Somebody has acted on one of them: it waits no more. */
  reviewed(caller: Caller, id: BleepId): Promise<Outcome<ReviewView>>
  /** The switchboard has read one and puts it to a role: an alert is raised for it. */
  reviewAsk(caller: Caller, id: BleepId, role: RoleId): Promise<Outcome<Raised>>
  /** Addresses of the last day that nobody knows and that called for nobody, most often heard first. */
  strangers(caller: Caller): Promise<Outcome<StrangersView>>
  alert(caller: Caller, id: AlertId): Promise<Outcome<AlertView>>
  /**
   * `person`: from the switchboard, who said it on the telephone; from a shared handset, which of its holders it is.
   * Asked twice, it happens once.
   */
  answer(
    caller: Caller,
    id: AlertId,
    said: {
      readonly answer: Answer
      readonly version: number
      readonly note?: string
      readonly person?: PersonId
    },
  ): Promise<Outcome<Answered>>
  manage(caller: Caller, id: AlertId, what: Manage): Promise<Outcome<Answered>>
  /** What was joined to this call was another one: it rings as a call of its own. Asked twice, it happens once. */
  separate(caller: Caller, id: AlertId, joined: BleepId | SightingId): Promise<Outcome<Raised>>
  /** `person`: as for an answer. */
  say(caller: Caller, id: AlertId, said: Saying & { readonly person?: PersonId }): Promise<Outcome<Answered>>

  /** `claimed` is the device's own clock, stored apart. True when it moved the attempt on. */
  receipt(
    caller: Caller,
    receipt: {
      readonly attempt: AttemptId
      readonly stage: ReceiptStage
      /** How the device learnt of it, as it says. */
      readonly by?: ReceiptWay
      readonly claimed?: Instant
    },
  ): Promise<Outcome<{ readonly moved: boolean }>>
  /** @param rang the attempt whose push made the device look: a node that cannot know it says so */
  inbox(caller: Caller, since: number, rang?: AttemptId): Promise<Outcome<InboxView>>

  /** A one-time code for a person's own phone, or for whoever holds a role (ward handset, baton device). */
  code(caller: Caller, owner: Device['owner']): Promise<Outcome<Omit<CodeView, 'link' | 'qr'>>>
  /** Codes that nobody has used yet. */
  codes(caller: Caller): Promise<Outcome<{ readonly codes: OpenCodeView[] }>>
  withdraw(caller: Caller, id: string): Promise<Outcome<OpenCodeView>>
  enrol(enrol: Enrol): Promise<Outcome<EnrolledView>>
  /** Whether a phone that came beside others is its person's: said on an older one of theirs, or at the switchboard. */
  confirm(caller: Caller, device: DeviceId, mine: boolean): Promise<Outcome<DeviceView>>
  /** Enrols a number or a topic and sends the number one test; the same number for the same owner is one device. */
  /** The ways to whoever has the calling device. */
  ways(caller: Caller): Promise<Outcome<WaysView>>
  /** Puts them in this order; those that are not named come after by the site's, and none named gives it back. */
  orderWays(caller: Caller, order: readonly DeviceId[]): Promise<Outcome<WaysView>>
  enterWay(caller: Caller, way: NewWay): Promise<Outcome<NudgeView>>
  /** Rings what the switchboard entered once: its holder presses one key, which proves it. */
  testWay(caller: Caller, device: DeviceId): Promise<Outcome<DeviceView>>
  /** A new token for the calling device; the old one stops working at once. */
  rotate(caller: Caller): Promise<Outcome<EnrolledView>>
  subscribe(caller: Caller, channel: Enrol['channel'], address: string): Promise<Outcome<DeviceView>>
  clock(caller: Caller, offset: Millis, uncertainty: Millis): Promise<Outcome<DeviceView>>
  signOut(caller: Caller): Promise<Outcome<DeviceView>>
  revoke(caller: Caller, device: DeviceId): Promise<Outcome<DeviceView>>
  devices(caller: Caller): Promise<Outcome<DevicesView>>
  /** Rings the calling device once by each way; gives the id of each ring, by which its receipts prove that way. */
  selfTest(caller: Caller): Promise<Outcome<SelfTest>>
  /** Its holder was asked whether they heard it. */
  heard(caller: Caller, heard: boolean): Promise<Outcome<DeviceView>>

  /** The holder of a phone has read the trust's terms of use in this version, and agrees. */
  acceptUse(caller: Caller, version: string): Promise<Outcome<MeView>>
  /** Somebody may take a crash role without a drill until then, for a reason that goes on the record. */
  waiveDrill(
    caller: Caller,
    person: PersonId,
    why: { readonly reason: string; readonly until: Instant },
  ): Promise<Outcome<WaiverView>>
  duty(caller: Caller, on: boolean): Promise<Outcome<MeView>>
  offers(caller: Caller): Promise<Outcome<readonly OfferView[]>>
  offer(caller: Caller, role: RoleId, to: PersonId): Promise<Outcome<OfferView>>
  take(caller: Caller, role: RoleId): Promise<Outcome<OfferView>>
  refuse(caller: Caller, role: RoleId): Promise<Outcome<OfferView>>
  force(caller: Caller, role: RoleId, to: PersonId): Promise<Outcome<OfferView>>
  /** `next`: the cursor of the next part; absent: this is the last. */
  rota(caller: Caller, ask: RotaAsk): Promise<Outcome<RotaView & { readonly next?: string }>>
  /** Overrides, leave and swaps entered by hand that end after `since`, oldest first. */
  rotaChanges(caller: Caller, since: Instant): Promise<Outcome<RotaChangesView>>
  /** What speaks against a change, with nothing entered. */
  checkRotaChange(caller: Caller, change: RotaChange): Promise<Outcome<RotaWarnings>>
  /** Gives what stands afterwards. */
  changeRota(caller: Caller, change: RotaChange): Promise<Outcome<RotaChangesView>>
  takeBackRotaChange(caller: Caller, id: string): Promise<Outcome<RotaChangesView>>

  /** The daily tests with their rolls: who answered, and who did not. */
  dailyTests(caller: Caller): Promise<Outcome<DailyTestsView>>
  /** Makes a test's call now. */
  callTest(caller: Caller, id: string): Promise<Outcome<Raised>>
  /** The first account, while there is none; gives the code with which its person sets it up. */
  firstAccount(
    caller: Caller,
    name: string,
  ): Promise<Outcome<{ readonly name: string; readonly code: string }>>
  /** Who of the crash roles can be rung, now and next, and what they lean on: the go-live list. */
  readiness(caller: Caller): Promise<Outcome<ReadinessView>>
  /** What the board must know beside the alerts: fitness, ill links, roles that nobody carries. */
  site(caller: Caller): Promise<Outcome<SiteView>>
  /** Everything supervised, with the over-the-air check. */
  estate(caller: Caller): Promise<Outcome<EstateView>>
  feeds(caller: Caller): Promise<Outcome<readonly FeedView[]>>
  /** What policy is in force, where the data is and who can see it. */
  policy(caller: Caller): Promise<Outcome<PolicyView>>
  /** Whether this caller may have a report, put on the record as an export. */
  reporting(caller: Caller, name: string, format: string): Promise<Outcome<undefined>>
  /** For the record: somebody signed in at the console, or tried to, or signed out. */
  signedIn(operator: string, done: boolean): void
  /** Ends the caller's console session on every node. */
  signedOut(caller: Caller): Promise<void>
  /**
   * Whether the caller's console session has neither been ended nor left alone too long; `shut` where it stands and its
   * words are hidden. It stands for whoever has none.
   * @param used when somebody last did something there; absent: a board that listens
   */
  sessionStands(caller: Caller, used?: Instant): Promise<'stands' | 'shut' | 'ended'>
  audit(caller: Caller, since: number, limit: number): Promise<Outcome<AuditView>>

  /** Rings whenever what this caller's screen shows may have changed; gives the way to stop. Coalescing is the listener's. */
  watch(caller: Caller, run: () => void): () => void
}
