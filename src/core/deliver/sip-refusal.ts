import type { Outcome } from './attempt.ts'

/**
 * Why a call that nobody picked up has ended, as the SIP client says it: a status of RFC 3261 clause 21 first, or words
 * of its own. What concerns one telephone is not tried again by itself: the alert takes its next way.
 */
export function readRefusal(said: string): Outcome {
  const status = Number(/^\d{3}/.exec(said)?.[0] ?? 0)
  switch (status) {
    case 486:
    case 600:
    case 603:
      return { kind: 'refused', fault: 'voice-engaged' }
    case 404:
    case 410:
    case 484:
    case 604:
      return { kind: 'refused', fault: 'voice-number-wrong' }
    case 401:
    case 403:
    case 407:
      return { kind: 'refused', fault: 'provider-credentials' }
    case 408:
    case 480:
    case 487:
      return { kind: 'refused', fault: 'voice-no-answer' }
    default:
      return { kind: 'later', fault: 'voice-exchange-gone' }
  }
}
