import type { z } from 'zod'
import type { Address, Page } from '../../bleep/bleep.ts'
import type { FaultCode } from '../../faults.ts'
import type { Instant, Millis } from '../../instant.ts'
import type { RicDirectory } from '../../pocsag/directory.ts'
import type { SignalFigures } from '../../pocsag/signal.ts'
import type { ReasonCode } from '../../reasons.ts'
import type { Step } from '../../step.ts'
import type { CallRecord, Parties } from './call-record.ts'

/** Which wire of a two-wire tap a byte came from; a line with one input is always `a`. */
export type Wire = 'a' | 'b'

export type LineInput =
  | { readonly kind: 'opened' | 'closed'; readonly at: Instant }
  /** The wake-up the machine asked for with its last `wake`, or a pause the line itself noticed. */
  | { readonly kind: 'silence'; readonly at: Instant }
  /** `began`: when the first of these bytes started on the wire; missing where the line cannot tell (then `at`). */
  | {
      readonly kind: 'bytes'
      readonly bytes: Uint8Array
      readonly at: Instant
      readonly began?: Instant
      readonly wire?: Wire
    }
  /** The page given out under `ref` is durable; only now may the machine reply on the wire. */
  | { readonly kind: 'stored'; readonly ref: number; readonly at: Instant }
  /** It could not be stored, and why: the protocol's own negative answer follows. */
  | { readonly kind: 'refused'; readonly ref: number; readonly at: Instant; readonly fault: FaultCode }
  /** Send this page out (control station, TAP client, encoder link). Answered by a `sent` effect with the same ref. */
  | { readonly kind: 'send'; readonly ref: number; readonly page: Page; readonly at: Instant }
  /** Status of a page taken earlier, for protocols that can tell the sender (ESPA header 2, record 7). */
  | { readonly kind: 'status'; readonly ref: number; readonly status: PageStatus; readonly at: Instant }
  /** The site's number plan was read anew: the radio addresses to expect from now on. */
  | { readonly kind: 'known'; readonly rics: RicDirectory; readonly at: Instant }

export type PageStatus = 'paged' | 'acknowledged' | 'unreachable'

export type LineEffect =
  /** A page. `improves`: the ref of a page given out before, of which this is a better reading (repeat decoding). */
  | { readonly kind: 'page'; readonly ref: number; readonly page: Page; readonly improves?: number }
  | {
      readonly kind: 'call'
      readonly record: CallRecord
      readonly printed: Parties
      readonly raw: string
    }
  /** A valid record that is no page (status, request, a dialect's own block): kept verbatim for the log. */
  | { readonly kind: 'heard'; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'reply'; readonly bytes: Uint8Array }
  /** The peer has said that it is done: end the connection once what was replied is out, where a line has one. */
  | { readonly kind: 'hang-up' }
  /** Give me a `silence` input after this long unless bytes come first. A later `wake` replaces an earlier one. */
  | { readonly kind: 'wake'; readonly after: Millis }
  /** Bytes that could not be used: counted, captured, never silently dropped. */
  | { readonly kind: 'discard'; readonly bytes: Uint8Array; readonly fault: FaultCode }
  /** Something worth a counter that is not a fault: heartbeat, resend dropped, sync found, noise line. */
  | { readonly kind: 'note'; readonly reason: ReasonCode; readonly count?: number }
  /** Codewords were read: how good the signal is. */
  | ({ readonly kind: 'checked' } & CodewordsRead)
  /** Outcome of a `send`. */
  | {
      readonly kind: 'sent'
      readonly ref: number
      readonly outcome: 'taken' | 'refused' | 'no-answer'
      readonly fault?: FaultCode
    }

/** `air`: it hears the radio; `link`: the switchboard asks for pages by it; `other`: neither. */
export const SIDES = ['air', 'link', 'other'] as const
export type Side = (typeof SIDES)[number]

/** Codewords of a code that corrects, as they were read. */
export interface CodewordsRead {
  readonly words: number
  /** Bits corrected in those that could be repaired, and how many could not be. */
  readonly corrected: number
  readonly unreadable: number
  /** Of sound: its figures, and the share of bits that noise and clicks may have turned over at most. */
  readonly signal?: SignalFigures
  readonly explained?: number
}

/** What a protocol is, for everybody who would otherwise ask for its name. A new one is a row of these. */
export interface Traits {
  readonly side: Side
  /** Any byte may come, 11h and 13h too: flow control by XON and XOFF would take them out and stop the line. */
  readonly everyByte?: true
  /** A stream of bits or samples, in which any byte means itself: nothing is ever taken off its front. */
  readonly bits?: true
  /** Whoever has a page calls, hands it over and hangs up: on a port that listens, nobody connected is no fault. */
  readonly callers?: true
  /** It keeps a list of the radio addresses to expect. */
  readonly keepsRics?: true
  /** It comes over the network only, never on a wire. */
  readonly networked?: true
  /** It is nothing without the patterns or columns of a profile. */
  readonly needsProfile?: true
  /** It reads a 7-bit sender on an 8-bit port itself, by its option `parity`. */
  readonly ownParity?: true
  /** What a feed of it is usually called. */
  readonly feedName?: string
}

/**
 * A line protocol as a pure machine. `options` is what a hardware profile may set (all with defaults).
 * Any bytes, in any chunking, must give the same pages and replies, never throw, and keep the state bounded.
 * `step` may reuse and mutate the state it was given (decoders run at tens of megabits a second): hold only the
 * state it returns. `discard`ed and `page` bytes must be copies.
 */
export interface Protocol<S, O> {
  /** Name after `--as`, and `protocol:` in a profile. */
  readonly id: string
  readonly options: z.ZodType<O>
  readonly traits: Traits
  start(options: O): S
  step(state: S, input: LineInput): Step<S, LineEffect>
  /** True when this configuration may never put a byte on a wire: the feed loop then opens ports for reading only. */
  listensOnly(options: O): boolean
  /** Bytes of one sample, where this configuration hears sound. */
  sample?(options: O): number | undefined
  /** How a page that goes out over this configuration must be addressed; missing: no page can go out. */
  sends?(options: O): Address['scheme'] | undefined
}
