import type { Holder, Target } from '../directory/directory.ts'
import type { Unrung } from '../directory/live.ts'
import type { Bar } from '../directory/trust.ts'
import type { AlertId, AttemptId, BleepId, DeviceId, PersonId, RoleId, SightingId } from '../ids.ts'
import type { Instant, Millis } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import type {
  Answer,
  AnswerOutcome,
  Class,
  DueName,
  Level,
  Phase,
  Purpose,
  ReceiptStage,
  ResponderState,
} from '../vocabulary.ts'

/** When and whom to ask, frozen on the alert when it is raised or upgraded; who holds a role is resolved when a step fires. */
export interface Plan {
  /** Policy id, for the record. */
  readonly policy: string
  readonly class: Class
  readonly steps: readonly PlanStep[]
  /** Which roles must accept. Empty: any one acceptance covers. */
  readonly need: readonly Need[]
  /** Members of the team who are left to the pager network, and why. */
  readonly unrung?: readonly { readonly role: RoleId; readonly why: Unrung }[]
  /** No device receipt in this time: that person's next path. */
  readonly receiptWithin: Millis
  /** Whoever has it on a device and has not looked is rung again after this, then sooner and sooner; absent: never. */
  readonly insist?: Millis
  /** Not whoever is coming to an emergency meanwhile; absent: everybody. */
  readonly quietOnEmergency?: boolean
  /** Acceptance without arrival lapses after this; absent: never. */
  readonly lapse?: Millis
  /** How often the last step repeats once exhausted, until a human acts. */
  readonly repeatLast: Millis
  /** A covered alert closes by itself after this, a test this long after it was raised; absent: a person closes it. */
  readonly closeAfter?: Millis
  /** Tests ask for an answer and never escalate. */
  readonly escalates: boolean
  /** The site's order of the ways to one person for this class, channels by name; absent: the phone seen last. */
  readonly ways?: readonly string[]
  /** Ways that the trust's policy keeps this call from taking; absent: none. */
  readonly bars?: readonly Bar[]
}

export interface PlanStep {
  /** Since the alert was raised. */
  readonly after: Millis
  readonly ask: readonly Target[]
  /** Ask holders and substitutes of every needed role still missing as well. */
  readonly missing: boolean
  /** All at once; otherwise one person a step, the first not yet asked. */
  readonly inParallel: boolean
  /** Ask for the page to go out by radio again. */
  readonly radio: boolean
  /** Channels by which whoever is asked is rung at once, besides what their own order says. */
  readonly by?: readonly string[]
  /** Prompt the switchboard: `none`, `prompt` (look), `act` (alarm until a human acts). */
  readonly switchboard: Level
  readonly reason: ReasonCode
}

export interface Need {
  readonly role: RoleId
  readonly count: number
  readonly mandatory: boolean
  /** Roles whose holders count for this one. */
  readonly substitutes: readonly RoleId[]
}

export interface Responder {
  readonly person: PersonId
  readonly roles: readonly RoleId[]
  readonly state: ResponderState
  /** First asked: this person's own clock, kept over hand-over and further rings. */
  readonly asked: Instant
  /** Last rung, on which path: 0 the first way to this person, 1 the next. */
  readonly rung: Instant
  readonly path: number
  /** When the state was entered. */
  readonly since: Instant
  /** Version of the last change that this person's next answer must have seen: own answer, stand-down, release. */
  readonly changed: number
  /** Asked in place of someone else, and stood down once the team is complete. */
  readonly substitute?: true
  /** No path to any device of this person works. */
  readonly unreachable?: true
  /** Released, by themselves or by switchboard: not asked again for this alert. */
  readonly released?: true
  /** The PBX saw the call-back answered. */
  readonly confirmed?: true
  readonly eta?: string
  /** How often they were rung again because they had not looked. */
  readonly insisted?: number
}

/** What the switchboard must look at (`prompt`) or act on (`act`, alarms until a human does). */
export interface Attention {
  readonly level: Exclude<Level, 'none'>
  readonly since: Instant
  readonly reason: ReasonCode
  readonly roles: readonly RoleId[]
}

export interface Said {
  readonly at: Instant
  readonly by: PersonId | 'switchboard' | 'asker'
  /** Who at the switchboard, by the name they sign in with. */
  readonly operator?: string
  /** Structured first (`eta`, `need-role`, `note`), free text second, bounded to 240 characters. */
  readonly kind: 'eta' | 'need-role' | 'note'
  readonly text: string
  /** The role that is needed, where it was named: its holders are asked as well. */
  readonly role?: RoleId
}

/** What somebody says, before it stands on the thread. */
export type Saying = Omit<Said, 'at' | 'by' | 'operator'>

export interface Alert {
  readonly id: AlertId
  /** Rises by one with every stored event: compare-and-set of the store. */
  readonly revision: number
  readonly bleep: BleepId
  readonly plan: Plan
  readonly phase: Phase
  /** Index of the last step fired; -1 before the first. */
  readonly step: number
  readonly raised: Instant
  readonly responders: Readonly<Record<PersonId, Responder>>
  readonly thread: readonly Said[]
  /** Further bleeps for the same call, each an event of its own. */
  readonly repeats: readonly BleepId[]
  readonly closed?: {
    readonly at: Instant
    readonly by: PersonId | 'switchboard' | 'system'
    readonly reason: ReasonCode
    /** Who at the switchboard, by the name they sign in with. */
    readonly operator?: string
  }
  /** Why an open alert has no due time, where it has none (`covered` without lapse, say). */
  readonly waiting?: ReasonCode
  /** Since when the roles needed have been coming; absent while they are not. */
  readonly covered?: Instant
  /** How many times people were rung. */
  readonly rounds: number
  /** Due times by name, as in the due table: a claimed row that is not here, or not yet due, is ignored. */
  readonly due: Readonly<Record<string, Instant>>
  /**
   * Revision of the last event that decided anything (decided.ts). The one people see and send back with what they do;
   * receipts, rings and steps leave it alone, so that none of them makes an answer stale.
   */
  readonly version: number
  /** Needed roles found without anyone to ask; told, and their substitutes asked, once. */
  readonly gaps: readonly RoleId[]
  /** Further targets someone asked for. */
  readonly also: readonly Target[]
  readonly attention?: Attention
  /** Switchboard is acting on it; the alarm comes back when their time has run out. */
  readonly takenOver?: { readonly at: Instant; readonly by: string; readonly version: number }
  /** Steps of the operator's run sheet that are done, by their words. */
  readonly ticks?: Readonly<Record<string, { readonly at: Instant; readonly by: string }>>
  /** When the page was last asked to go out by radio again. */
  readonly radioed?: Instant
}

/** By a device, the console, an answered call-back (`pbx`), or whoever asked: they may only write to those asked. */
export type Actor =
  | { readonly kind: 'person'; readonly person: PersonId; readonly device?: DeviceId }
  | { readonly kind: 'switchboard'; readonly operator: string }
  | { readonly kind: 'pbx' }
  | { readonly kind: 'asker'; readonly ward: string }

/** Who a target meant at the instant an event was stepped, kept with the event so that a replay needs no directory. */
export interface Resolved {
  readonly target: Target
  readonly holders: readonly Holder[]
}

interface Happened<Kind extends string> {
  readonly kind: Kind
  readonly at: Instant
  readonly resolved?: readonly Resolved[]
}

export type AlertEvent =
  | (Happened<'raised'> & {
      /** Who started it at the call desk; absent: a page did. */
      readonly by?: Actor
      /** It had been joined to this call, and whoever is named took it from there. */
      readonly apart?: AlertId
    })
  /** A step of the operator's own run sheet was done, or was not after all. */
  | (Happened<'ticked'> & { readonly by: Actor; readonly step: string; readonly done: boolean })
  | (Happened<'receipt'> & {
      readonly person: PersonId
      readonly stage: ReceiptStage
      readonly attempt: AttemptId
    })
  /** This path to a person failed (`path-failed`: the next is taken), or there is none (`no-device`, `no-further-path`). */
  | (Happened<'unreachable'> & { readonly person: PersonId; readonly reason: ReasonCode })
  | (Happened<'answered'> & {
      readonly by: Actor
      readonly person: PersonId
      readonly answer: Answer
      /** What was on the screen. */
      readonly version: number
      readonly note?: string
    })
  /** `engaged`: who was coming to an emergency then, where the plan leaves them in peace. */
  | (Happened<'due'> & { readonly name: string; readonly engaged?: readonly PersonId[] })
  /** The same call again, merged on evidence, not on content. */
  | (Happened<'repeated'> & { readonly bleep: BleepId; readonly reason: ReasonCode })
  /** What was joined to this call, a bleep or one reading of its page, is a call of its own after all. */
  | (Happened<'separated'> & { readonly by: Actor; readonly joined: BleepId | SightingId })
  /** A better copy of the same page reads more urgent: the plan it calls for, and the one it was asked by so far. */
  | (Happened<'upgraded'> & { readonly plan: Plan; readonly was: Plan; readonly reason: ReasonCode })
  /** The page is shown in other words, which change nothing about whom to ask. */
  | (Happened<'reread'> & { readonly reason: ReasonCode })
  /** A stand-down or cancel page, or switchboard. */
  | (Happened<'cancelled'> & {
      readonly by: Actor | 'page'
      readonly reason: ReasonCode
      /** What a person saw; a page has seen nothing. */
      readonly version?: number
      readonly note?: string
    })
  /** Switchboard is done with it: everybody needed has come, nobody is told to turn round. */
  | (Happened<'finished'> & { readonly by: Actor; readonly version: number; readonly note?: string })
  /** What was put on record for somebody was a slip: it counts no more, and stays on the record. */
  | (Happened<'answer-undone'> & { readonly by: Actor; readonly person: PersonId; readonly version: number })
  /** Switchboard wants the page on the radio once more, and nothing else. */
  | (Happened<'paged-again'> & { readonly by: Actor; readonly version: number })
  | (Happened<'closed'> & { readonly by: Actor; readonly version: number; readonly note?: string })
  /** A responder cannot come after all, or switchboard releases them. */
  | (Happened<'released'> & { readonly by: Actor; readonly person: PersonId; readonly version: number })
  /** Somebody left the hospital: they are off the call, and whoever holds their roles now is asked. */
  | (Happened<'left'> & { readonly person: PersonId })
  /** Switchboard has seen an exhausted alert and is acting on it. */
  | (Happened<'taken-over'> & { readonly by: Actor; readonly version: number })
  /** Switchboard wants it heard once more, now: by phone and by radio. */
  | (Happened<'asked-again'> & { readonly by: Actor; readonly version: number })
  /** The role changed hands: open alerts move with it. */
  | (Happened<'handed-over'> & { readonly role: RoleId; readonly from?: PersonId; readonly to: PersonId })
  | (Happened<'said'> & { readonly by: Actor; readonly said: Saying })
  /** Ask another role too (second opinion, "need anaesthetics"). */
  | (Happened<'also-ask'> & { readonly by: Actor; readonly target: Target; readonly version: number })
  /** Our clock was set back by this much: due times move with it, or steps would come that much late. */
  | (Happened<'clock-set-back'> & { readonly by: Millis })
  /** The auditor found no future in it. */
  | Happened<'obliged'>

/** How insistently something is told. `info` only changes what is shown. */
export type News = 'info' | Attention['level']

export type AlertEffect =
  /**
   * Tell this person on their devices. `key` is unique for ever: replay cannot ring twice.
   * `path` 0 is the person's first way, 1 the next; the outbox knows which device and channel that is.
   */
  | {
      readonly kind: 'deliver'
      readonly key: string
      readonly to: PersonId
      readonly purpose: Purpose
      readonly path: number
      readonly reason: ReasonCode
      /** Channels that ring at once, wherever they stand in the order. */
      readonly by?: readonly string[]
    }
  | { readonly kind: 'due'; readonly name: DueName; readonly at: Instant }
  | { readonly kind: 'forget'; readonly name: string }
  | {
      readonly kind: 'tell'
      readonly audience: 'team' | 'switchboard'
      readonly level: News
      readonly reason: ReasonCode
      readonly roles?: readonly RoleId[]
    }
  /** Page again by radio. */
  | { readonly kind: 'radio'; readonly key: string; readonly reason: ReasonCode }
  /** The answer to a human action: applied, or what stands instead. */
  | {
      readonly kind: 'answered'
      readonly outcome: AnswerOutcome
      readonly reason: ReasonCode
      /** Who did what stands, where someone did. */
      readonly by?: PersonId | 'switchboard' | 'system'
      /** Stale, and nothing that concerns it has changed: the same may be sent again with the version that stands. */
      readonly again?: true
    }
  /** A point on the alert's own clock. */
  | {
      readonly kind: 'hop'
      readonly hop: ReceiptStage | 'accepted' | 'covered' | 'attending' | 'arrived'
      readonly person?: PersonId
    }
