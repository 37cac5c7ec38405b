import type { Plan } from '../alert/alert.ts'
import { addressed } from '../bleep/address.ts'
import type { Asked, Bleep, Meaning } from '../bleep/bleep.ts'
import type { Directory, PlanNumber, Target } from '../directory/directory.ts'
import { whyTargetUnrung } from '../directory/live.ts'
import { hospitalOf } from '../directory/number-plan.ts'
import type { AlertId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import { type Class, classRank, type Phase } from '../vocabulary.ts'
import { type Policies, planFor } from './policy.ts'

/** An earlier alert that this bleep may belong to: of the same number, or of the bleep it was related to. */
export interface Earlier {
  readonly alert: AlertId
  readonly phase: Phase
  readonly class: Class
  readonly place?: string
  /** Merging found this bleep to be the same call again (echo, déjà). */
  readonly related: boolean
}

/** What becomes of a bleep. `review` never reaches a phone: `stuck` shows it to the switchboard as a thing to do. */
export type Routing =
  | { readonly kind: 'raise'; readonly to: Target; readonly plan: Plan; readonly reason: ReasonCode }
  | { readonly kind: 'cancel'; readonly alert: AlertId; readonly reason: ReasonCode }
  | { readonly kind: 'join'; readonly alert: AlertId; readonly reason: ReasonCode }
  | { readonly kind: 'review'; readonly stuck: boolean; readonly reason: ReasonCode }

/** Where a bleep goes: it ends an open call, joins one, raises one, or waits for a human. */
export function route(
  bleep: Bleep,
  meaning: Meaning,
  directory: Directory,
  policies: Policies,
  at: Instant,
  earlier: readonly Earlier[] = [],
): Routing {
  const open = earlier.filter((e) => e.phase !== 'closed')
  const cancels = policies.cancelKinds.includes(meaning.kind)
  if (cancels) {
    const found = cancelled(open, meaning)
    if (found) return { kind: 'cancel', alert: found.alert, reason: 'cancelled-by-page' }
  }
  const same = open.find((e) => e.related)
  // An emergency never joins: two identical arrests may be two patients, so the second raises and rings on its own.
  // Nor does a call from another telephone, or one that is more urgent than the first: only shown together.
  const echo = bleep.related?.reason === 'echo-bleep' && meaning.class !== 'emergency'
  if (same && echo && classRank(meaning.class) <= classRank(same.class))
    return { kind: 'join', alert: same.alert, reason: 'same-call-again' }

  const row = bleep.ask === undefined ? planRow(bleep, directory) : { to: roleAsked(bleep.ask) }
  if (!row) return unknown(bleep, meaning, directory, policies, at)
  // What we sent ourselves rings, or the switchboard is told: nobody else has it.
  const why = bleep.ask === undefined ? whyTargetUnrung(directory, row.to, at) : undefined
  if (why !== undefined) return { kind: 'review', stuck: false, reason: why }
  // A cancellation whose call cannot be told apart is as loud as what it may cancel, and people read its words.
  const loudest = cancels
    ? open.reduce<Class>((most, e) => (classRank(e.class) > classRank(most) ? e.class : most), meaning.class)
    : meaning.class
  const call = { class: loudest, kind: meaning.kind, number: bleep.number }
  const plan = planFor(policies, call, row.to, directory, at)
  const reason = cancels ? 'nothing-to-cancel' : 'number-plan'
  if (bleep.ask !== undefined)
    return {
      kind: 'raise',
      to: row.to,
      plan: policies.asks.radio ? onAir(plan) : plan,
      reason: 'asked-by-role',
    }
  return { kind: 'raise', to: row.to, plan: isMisaddressed(bleep) ? watched(plan) : plan, reason }
}

const roleAsked = ({ role }: Asked): Target => ({ kind: 'role', role })

/** The same plan, with the page on the air at once: nothing but us has sent it. */
function onAir(plan: Plan): Plan {
  const [first, ...rest] = plan.steps
  return first === undefined ? plan : { ...plan, steps: [{ ...first, radio: true }, ...rest] }
}

/** Its address rests on inference: it may have been for somebody else. */
function isMisaddressed({ page }: Bleep): boolean {
  return page.radio?.doubt?.startsWith('address') === true
}

/** The same plan, with the switchboard looking on from its first step: they know who was meant, or can ask. */
function watched(plan: Plan): Plan {
  const [first, ...rest] = plan.steps
  if (first === undefined || first.switchboard === 'act') return plan
  return { ...plan, steps: [{ ...first, switchboard: 'prompt', reason: 'address-doubtful' }, ...rest] }
}

/** By bleep number, else by radio address with its function, else by radio address alone. */
function planRow(bleep: Bleep, directory: Directory): PlanNumber | undefined {
  const { to } = bleep.page
  const row = directory.numbers.get(bleep.number)
  if (row || to.scheme !== 'ric') return row
  return addressed(to, directory, hospitalOf(bleep.number, directory)).plan
}

/**
 * The one open call a cancellation can mean: at the same place where both say one.
 * Two candidates are none: calling off the wrong team is worse than one more page.
 */
function cancelled(open: readonly Earlier[], meaning: Meaning): Earlier | undefined {
  const fits = open.filter(
    (e) => e.place === undefined || meaning.place === undefined || e.place === meaning.place,
  )
  const placed = fits.filter((e) => e.place !== undefined && e.place === meaning.place)
  if (placed.length === 1) return placed[0]
  return fits.length === 1 ? fits[0] : undefined
}

/** A foreign radio address stays off every phone; what sounds urgent waits on the switchboard's screen. */
function unknown(
  bleep: Bleep,
  meaning: Meaning,
  directory: Directory,
  policies: Policies,
  at: Instant,
): Routing {
  const pressing = classRank(meaning.class) >= classRank('urgent')
  if (bleep.page.to.scheme === 'ric') return { kind: 'review', stuck: pressing, reason: 'address-unknown' }
  if (!policies.fallback) return { kind: 'review', stuck: true, reason: 'number-unknown' }
  const why = whyTargetUnrung(directory, policies.fallback, at)
  if (why !== undefined) return { kind: 'review', stuck: true, reason: 'number-unknown' }
  const plan = planFor(policies, { ...meaning, number: bleep.number }, policies.fallback, directory, at)
  return { kind: 'raise', to: policies.fallback, plan, reason: 'number-unknown-fallback' }
}
