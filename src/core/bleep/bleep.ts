import type { BleepId, FeedId, NodeId, RoleId, SightingId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import type { Class, Doubt, Quality } from '../vocabulary.ts'

/** Whom the sender named: a radio address (RIC, 0..2097151, function 0..3) or a switchboard number, always text. */
export type Address =
  | { readonly scheme: 'ric'; readonly ric: number; readonly fn: 0 | 1 | 2 | 3 }
  | { readonly scheme: 'number'; readonly number: string }

export type ContentType = 'tone' | 'numeric' | 'alpha'

/** What a protocol decoded from one line. */
export interface Page {
  readonly to: Address
  readonly type: ContentType
  /** The sender's words exactly, fill trimmed; empty for tone only. */
  readonly text: string
  readonly quality: Quality
  /** How many bits were corrected; 0 for protocols without correction. */
  readonly corrected: number
  /**
   * What else the sender said, by the names of the surface (`beep`, `priority`, `callType`, `beepCoding`, …),
   * values as text exactly as sent. Site rules and `bleepd decode` read these.
   */
  readonly fields: Readonly<Record<string, string>>
  /** The feed's own sequence number or block identity, where the protocol has one: tells a resend from a new call. */
  readonly sequence?: string
  /** When the page's first byte started on the line, and when its last byte had arrived. */
  readonly firstByte: Instant
  readonly lastByte: Instant
  /** Radio detail, for POCSAG only. */
  readonly radio?: RadioDetail
}

export interface RadioDetail {
  readonly baud: number
  /** Bit positions counted from the first bit of input (surface: `bleepd decode --as pocsag`). */
  readonly addressBit: number
  readonly endBit: number
  readonly emittedBit: number
  /** The 20 data bits of each message codeword, -1 where it could not be repaired: re-shown under another setting. */
  readonly words: readonly number[]
  /** Message codewords that only the sense of the text told (core/pocsag/inference/judge.ts); absent: none. */
  readonly inferred?: number
  /** What of it rests on inference, whatever else its quality says; absent: nothing. */
  readonly doubt?: Doubt
  /** Which of its characters: from the first to before the last, counted from 0, in order. */
  readonly doubted?: readonly (readonly [from: number, to: number])[]
  /** The RIC is in no directory this feed knows: to review, never to phones. */
  readonly unknownRic?: boolean
  /** Its address is doubtful, or the bit clock slipped while or right after it was received: any of it may be wrong. */
  readonly suspect?: boolean
}

/** All of it was read, and rests on what was received. */
export const isSureQuality = (quality: Quality): boolean => quality === 'clean' || quality === 'corrected'
export const isSure = (page: Page): boolean => isSureQuality(trustIn(page))

/** How far its reader may trust a page: what was read across a slip of the bit clock may be wrong anywhere. */
export function trustIn({ quality, radio }: Page): Quality {
  return radio?.suspect && quality !== 'unterminated' ? 'damaged' : quality
}

/** One tap's reading of a page. */
export interface Sighting {
  readonly id: SightingId
  readonly bleep: BleepId
  readonly feed: FeedId
  /** Which listening point heard it: two feeds on one line share a tap; the same tap twice is a repeat. */
  readonly tap: string
  readonly node: NodeId
  readonly page: Page
  /** When T1 began with it; when it was safe is a hop of the bleep. */
  readonly begun: Instant
  /** The earliest that it can have been on the air, where its node had stood still until it was read. */
  readonly since?: Instant
  /** Why this became its own bleep, or part of one. */
  readonly reason: ReasonCode
}

/** `received`: stored and not yet read, or mended since it was. `routed`: an alert (or a stated reason for none) exists. `stuck`: needs a human. */
export type Stage = 'received' | 'routed' | 'stuck'

/** The merged, stored event: someone was bleeped. */
export interface Bleep {
  readonly id: BleepId
  /** Bleep number by the site's number plan, or `ric:<ric>/<fn>` where the plan has none. Text: 0028 is not 28. */
  readonly number: string
  /** The cleanest reading so far. */
  readonly page: Page
  readonly stage: Stage
  readonly received: Instant
  /** How many sightings by other taps, and how many repeats by one tap, were merged into this bleep. */
  readonly sightings: number
  readonly repeats: number
  /** When it passed the hops that every bleep has one of; first and last byte are the page's. */
  readonly passed?: BleepHops
  /** Set by the classifier: what it is for. */
  readonly meaning?: Meaning
  /** Why no phone rings for it; `waits`: on the switchboard's screen until somebody has seen to it. */
  readonly review?: { readonly reason: ReasonCode; readonly waits: boolean }
  /** An earlier bleep this one is shown together with (echo, déjà): joined on screen, counted apart. */
  readonly related?: { readonly bleep: BleepId; readonly reason: ReasonCode }
  /** What somebody put into a ward's screen or a phone, where no radio page came first. Holds no words: those are the page's. */
  readonly ask?: Asked
  /** Since when its words are gone, by keep time or on request: what is left of it is who, when and how urgent. */
  readonly erased?: Instant
  /** Since when its words are kept apart on request, for claims: as gone for everybody but governance. */
  readonly restricted?: Instant
}

/** A call that was put into a screen: whom for, and how urgent the asker says it is. */
export interface Asked {
  readonly role: RoleId
  readonly urgency: Class
  /** The ward whose screen or telephone it is. */
  readonly ward?: string
}

/** Hops of the bleep itself, kept in its own row: a row for each would cost more than storing the bleep (core/measure/hops.ts). */
export interface BleepHops {
  readonly decoded: Instant
  /** When T1 was durable; absent when the process that saw it ended before the bleep was routed. */
  readonly stored?: Instant
  /** Absent until T2. */
  readonly routed?: Instant
}

/** What the classifier made of a page. Every field beyond `kind` and `class` was stated by the sender, never inferred. */
export interface Meaning {
  /** Kind id of the site's rules, e.g. `adult-arrest`, `call-back`, `stand-down`. */
  readonly kind: string
  readonly class: Class
  /** Which rule decided, for the console and for mending rules. */
  readonly rule: string
  readonly reason: ReasonCode
  readonly place?: string
  readonly callBack?: string
  readonly eta?: string
}
