import type { FaultCode } from '../faults.ts'
import type { AlertId, AttemptId, DeviceId, PersonId } from '../ids.ts'
import type { Instant, Millis } from '../instant.ts'
import { never } from '../never.ts'
import type { ReasonCode } from '../reasons.ts'
import type { Step } from '../step.ts'
import { type Class, classRank, type Purpose, type ReceiptStage } from '../vocabulary.ts'
import type { ChannelId } from './channels.ts'
import { pauseBefore } from './retry.ts'

/**
 * `queued` → `leased` → `handed` (given to the channel) → `taken` (it said yes: not delivered) → `on-device` →
 * `presented` → `opened`; or `refused` (another way is needed), `dead` (stop using this device), `expired`.
 */
export type AttemptState =
  | 'queued'
  | 'leased'
  | 'handed'
  | 'taken'
  | 'on-device'
  | 'presented'
  | 'opened'
  | 'refused'
  | 'dead'
  | 'expired'

/** One alert to one device by one channel. */
export interface Attempt {
  readonly id: AttemptId
  /** The deliver effect's key and the device: unique for ever. */
  readonly key: string
  readonly alert: AlertId
  readonly person: PersonId
  readonly device: DeviceId
  readonly channel: ChannelId
  readonly purpose: Purpose
  readonly class: Class
  readonly state: AttemptState
  readonly try: number
  readonly created: Instant
  /** Not before this. */
  readonly due: Instant
  /** Ringing after this would mislead: never send. */
  readonly expires: Instant
  readonly reason: ReasonCode
  readonly fault?: FaultCode
}

/**
 * What a channel said. `taken`: the provider accepted it, which is not delivery. `later`: try again, not before `after`.
 * `dead`: this address will never work again (404, 410 and their kin). `refused`: this attempt cannot succeed; the
 * device may still be good (bad payload, wrong credentials).
 */
export type Outcome =
  | { readonly kind: 'taken'; readonly provider?: string }
  | (Failed & { readonly kind: 'later'; readonly after?: Millis })
  | (Failed & { readonly kind: 'dead' })
  | (Failed & { readonly kind: 'refused' })

interface Failed {
  readonly fault: FaultCode
  /** The provider's own words, for the log. */
  readonly said?: string
}

/**
 * How far along a state is. A device's own receipt outranks what a provider says later, and a provider's acceptance
 * outranks a failure that we assumed. So reports may come in any order.
 */
const RANK: Readonly<Record<AttemptState, number>> = {
  queued: 0,
  leased: 0,
  handed: 0,
  refused: 1,
  dead: 1,
  expired: 1,
  taken: 2,
  'on-device': 3,
  presented: 4,
  opened: 5,
}

/** Not yet settled by the channel: whoever held such an attempt may have died, so it is claimed again after the lease. */
export const UNSETTLED: readonly AttemptState[] = ['queued', 'leased', 'handed']

/** The attempt rang nobody and will not: another way is needed. */
export const FAILED: readonly AttemptState[] = ['refused', 'dead', 'expired']

/** Emergencies of which somebody is told for the first time: where there are more than can go, these go before all else. */
export const FIRST = classRank('emergency') + 1

/** Higher goes first. What rings again comes behind what has not rung yet, or one phone that nobody answers holds up the next call. */
export const turnOf = ({ class: c, purpose }: Pick<Attempt, 'class' | 'purpose'>): number =>
  c === 'emergency' && purpose === 'ask' ? FIRST : classRank(c)

/** Whether an attempt may move so. Later stages are never undone; only unsettled ones go round (lease, retry). */
export function mayMove(from: AttemptState, to: AttemptState): boolean {
  return RANK[to] > RANK[from] || RANK[from] === 0
}

export type AttemptInput =
  | { readonly kind: 'leased'; readonly at: Instant }
  | { readonly kind: 'handed'; readonly at: Instant }
  /** No place was free to hand it over: claimed again. */
  | { readonly kind: 'put-back'; readonly at: Instant }
  /** `random` from 0 up to 1 spreads the next try. */
  | { readonly kind: 'outcome'; readonly outcome: Outcome; readonly at: Instant; readonly random: number }
  | { readonly kind: 'receipt'; readonly stage: ReceiptStage; readonly at: Instant }

export type AttemptEffect =
  | { readonly kind: 'hop'; readonly hop: 'taken' | ReceiptStage; readonly at: Instant }
  /** The address is said to be gone. */
  | { readonly kind: 'address-gone'; readonly fault: FaultCode }
  /** This attempt is over and rang nobody. */
  | { readonly kind: 'failed'; readonly fault: FaultCode }

/** One attempt's life. What would undo a later stage changes nothing. */
export function stepAttempt(attempt: Attempt, input: AttemptInput): Step<Attempt, AttemptEffect> {
  switch (input.kind) {
    case 'leased':
      if (attempt.expires <= input.at) return fail(attempt, 'expired', 'attempt-expired')
      return [move(attempt, 'leased'), []]
    case 'handed':
      return [move(attempt, 'handed'), []]
    case 'put-back':
      return [move(attempt, 'queued'), []]
    case 'receipt': {
      const next = move(attempt, input.stage)
      return [next, next === attempt ? [] : [{ kind: 'hop', hop: input.stage, at: input.at }]]
    }
    case 'outcome':
      return heed(attempt, input)
    default:
      return never(input)
  }
}

/** What a channel said. */
function heed(
  attempt: Attempt,
  { outcome, at, random }: Extract<AttemptInput, { kind: 'outcome' }>,
): Step<Attempt, AttemptEffect> {
  switch (outcome.kind) {
    case 'taken': {
      // The hop is stamped even when the device was quicker than its provider's answer.
      const { fault: _, ...clean } = attempt
      return [move(clean, 'taken'), [{ kind: 'hop', hop: 'taken', at }]]
    }
    case 'dead': {
      const [next, effects] = fail(attempt, 'dead', outcome.fault)
      return [next, [...effects, { kind: 'address-gone', fault: outcome.fault }]]
    }
    case 'refused':
      return fail(attempt, 'refused', outcome.fault)
    case 'later': {
      if (!UNSETTLED.includes(attempt.state)) return [attempt, []]
      const next = attempt.try + 1
      const due = at + pauseBefore(next, attempt.class, random, outcome.after)
      if (due >= attempt.expires) return fail(attempt, 'expired', outcome.fault)
      return [{ ...move(attempt, 'queued'), try: next, due, fault: outcome.fault }, []]
    }
  }
}

function fail(
  attempt: Attempt,
  to: 'refused' | 'dead' | 'expired',
  fault: FaultCode,
): Step<Attempt, AttemptEffect> {
  const next = move(attempt, to)
  return next === attempt ? [attempt, []] : [{ ...next, fault }, [{ kind: 'failed', fault }]]
}

function move(attempt: Attempt, to: AttemptState): Attempt {
  return mayMove(attempt.state, to) ? { ...attempt, state: to } : attempt
}
