import { type Millis, SECOND } from '../instant.ts'
import { never } from '../never.ts'
import type { Step } from '../step.ts'
import type { Outcome } from './attempt.ts'
import { readRefusal } from './sip-refusal.ts'

/**
 * How far one telephone call is: `dialled` until the exchange says that a telephone rings, `ringing` until somebody or
 * something picks up, `speaking` until it ends.
 */
export interface VoiceCall {
  readonly phase: 'dialled' | 'ringing' | 'speaking' | 'ended'
  /** How often it was said again. */
  readonly again: number
  /** A key was pressed that says something: it was a person. */
  readonly keyed: boolean
}

export type VoiceInput =
  /** The exchange says that it rings there. */
  | { readonly kind: 'rings' }
  | { readonly kind: 'picked-up' }
  | { readonly kind: 'key'; readonly key: string }
  /** All was said, and nobody has pressed a key for `WAITS`. */
  | { readonly kind: 'silence' }
  /** It rang for as long as it may. */
  | { readonly kind: 'given-up' }
  /** The call is over; `said` as the SIP client gives the reason. */
  | { readonly kind: 'closed'; readonly said: string }
  /** The client that held the call is gone. */
  | { readonly kind: 'lost' }

export type VoiceEffect =
  /** What became of the ringing, told once. */
  | { readonly kind: 'rung-out'; readonly outcome: Outcome }
  | { readonly kind: 'key'; readonly key: VoiceKey }
  /** From its beginning, whatever was being said. */
  | { readonly kind: 'speak-again' }
  /** Tell `silence` when all was said and this long has gone by since. */
  | { readonly kind: 'listen'; readonly wait: Millis }
  | { readonly kind: 'hang-up' }
  /** It was picked up, and no key was pressed: a mailbox, or somebody who did not listen. */
  | { readonly kind: 'no-key' }

/** Keys that say something: 1 is coming, or has heard; 2 is not coming. */
export type VoiceKey = '1' | '2'

/** So long a key is waited for after all was said. */
const WAITS: Millis = 8 * SECOND
/** Who wants to hear it more often than this is not listening: the line is needed. */
const AGAIN = 4

const NOBODY: Outcome = { kind: 'refused', fault: 'voice-no-answer' }
/** No word of the exchange, not even that it rings: it is the exchange, and no telephone, that does not answer. */
const SILENT: Outcome = { kind: 'later', fault: 'voice-exchange-gone' }

export const NEW_CALL: VoiceCall = { phase: 'dialled', again: 0, keyed: false }

/** One telephone call. No key is no answer: a mailbox picks up and presses none, so it never counts. */
export function stepCall(call: VoiceCall, input: VoiceInput): Step<VoiceCall, VoiceEffect> {
  if (call.phase === 'ended') return [call, []]
  const ended: VoiceCall = { ...call, phase: 'ended' }
  const rungOut = (outcome: Outcome): VoiceEffect => ({ kind: 'rung-out', outcome })
  const speaking = call.phase === 'speaking'
  switch (input.kind) {
    case 'rings':
      return [call.phase === 'dialled' ? { ...call, phase: 'ringing' } : call, []]
    case 'picked-up':
      if (speaking) return [call, []]
      return [{ ...call, phase: 'speaking' }, [rungOut({ kind: 'taken' }), { kind: 'listen', wait: WAITS }]]
    case 'key':
      return key(call, input.key)
    case 'silence':
      return speaking ? [ended, [{ kind: 'no-key' }, { kind: 'hang-up' }]] : [call, []]
    case 'given-up':
      if (speaking) return [call, []]
      return [ended, [rungOut(call.phase === 'ringing' ? NOBODY : SILENT), { kind: 'hang-up' }]]
    case 'closed':
      if (!speaking) return [ended, [rungOut(readRefusal(input.said))]]
      return [ended, call.keyed ? [] : [{ kind: 'no-key' }]]
    case 'lost':
      if (!speaking) return [ended, [rungOut({ kind: 'later', fault: 'voice-client-gone' })]]
      return [ended, call.keyed ? [] : [{ kind: 'no-key' }]]
    default:
      return never(input)
  }
}

function key(call: VoiceCall, pressed: string): Step<VoiceCall, VoiceEffect> {
  // Keys may be sent on before the call counts as picked up; nothing has been said by then.
  if (call.phase !== 'speaking') return [call, []]
  if (pressed === '1' || pressed === '2')
    return [{ ...call, phase: 'ended', keyed: true }, [{ kind: 'key', key: pressed }, { kind: 'hang-up' }]]
  if (pressed !== '3' || call.again >= AGAIN) return [call, []]
  return [{ ...call, again: call.again + 1 }, [{ kind: 'speak-again' }, { kind: 'listen', wait: WAITS }]]
}
