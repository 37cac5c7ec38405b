import type { Plan } from '../alert/alert.ts'
import { addressed } from '../bleep/address.ts'
import type { Address, Bleep, Meaning, Page } from '../bleep/bleep.ts'
import { classify } from '../bleep/classify.ts'
import type { Rules } from '../bleep/rules.ts'
import type { Target } from '../directory/directory.ts'
import { given } from '../given.ts'
import { asId, type BleepId, type PersonId, type RoleId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import type { Policies } from '../route/policy.ts'
import { route } from '../route/route.ts'
import { whoAt } from '../route/who.ts'
import { isShared } from './asked-of.ts'
import { type ForeseenCall, type ForeseenParts, foreseeCall } from './call.ts'

/** What stands in the way of an answer, by the code of a reason, and whom or what it concerns. */
export interface Warning {
  readonly code: ReasonCode
  readonly role?: RoleId
  readonly person?: PersonId
}

/** What a page would lead to if it came at that moment and nobody answered. */
export interface Foreseen extends ForeseenCall {
  readonly number: string
  readonly meaning: Meaning
  /** Whom the number stands for; absent: no phone would ring. */
  readonly to?: Target
  /** Why it goes there, or nowhere. */
  readonly reason: ReasonCode
  readonly plan?: Plan
  readonly warnings: readonly Warning[]
}

export interface ForeseeParts extends ForeseenParts {
  readonly rules: Rules
  readonly policies: Policies
}

/** The path of a page with nobody rung: read, routed and planned by the parts that do it for a real one. */
export function foresee(to: Address, text: string, at: Instant, parts: ForeseeParts): Foreseen {
  const { directory, rules, policies } = parts
  const { number } = addressed(to, directory)
  const page = pageOf(to, text, at)
  const meaning = classify(page, number, directory, rules)
  const bleep: Bleep = {
    ...{ id: asId<BleepId>('foreseen'), number, page, stage: 'received' },
    ...{ received: at, sightings: 1, repeats: 0 },
  }
  const routing = route(bleep, meaning, directory, policies, at)
  if (routing.kind !== 'raise' || (routing.reason !== 'number-plan' && isShared(to, directory))) {
    const reason = isShared(to, directory) ? 'number-of-several' : routing.reason
    return { number, meaning, reason, steps: [], warnings: [{ code: reason }] }
  }
  const { plan, reason } = routing
  const planned = foreseePlan({ number, meaning, to: routing.to, plan, reason }, at, parts)
  return reason === 'number-plan'
    ? planned
    : { ...planned, warnings: [{ code: reason }, ...planned.warnings] }
}

/** The same from where it is known whom it asks: a call that the switchboard is about to start. */
export function foreseePlan(
  planned: Pick<Foreseen, 'number' | 'meaning' | 'reason'> & { readonly to: Target; readonly plan: Plan },
  at: Instant,
  parts: ForeseenParts,
): Foreseen {
  const call = foreseeCall(planned.plan, at, parts)
  return { ...call, ...planned, warnings: warningsOf(planned.plan, call, at, parts) }
}

/** Whether a phone would ring; where devices are not known, whether somebody would be asked. */
export function ringsSomebody({ steps }: ForeseenCall, devicesKnown: boolean): boolean {
  return steps.some(({ asks }) => asks.some(({ ways }) => !devicesKnown || ways.length > 0))
}

function warningsOf(
  plan: Plan,
  call: ForeseenCall,
  at: Instant,
  { directory, devices }: ForeseenParts,
): readonly Warning[] {
  const who = whoAt(directory, at)
  const unheld = plan.need
    .filter(({ role, mandatory }) => mandatory && who({ kind: 'role', role }).length === 0)
    .map(({ role }): Warning => ({ code: 'nobody-holds-role', role }))
  const asked = new Map(call.steps.flatMap(({ asks }) => asks).map((one) => [one.person, one]))
  const everyWay = Map.groupBy(
    call.steps.flatMap(({ asks }) => asks),
    ({ person }) => person,
  )
  const phoneless = [...asked.values()].flatMap(({ person, role }): readonly Warning[] => {
    if (devices === undefined) return []
    const ways = everyWay.get(person)?.flatMap((one) => one.ways) ?? []
    if (ways.length === 0) return [given({ code: 'no-device' as const, person, role })]
    return ways.some(({ state }) => state === 'proved')
      ? []
      : [given({ code: 'way-unproved' as const, person, role })]
  })
  const nobody: readonly Warning[] = ringsSomebody(call, devices !== undefined)
    ? []
    : [{ code: 'nobody-rung' }]
  const pagers = (plan.unrung ?? []).map(({ role, why }): Warning => ({ code: why, role }))
  return [...nobody, ...unheld, ...phoneless, ...pagers]
}

function pageOf(to: Address, text: string, at: Instant): Page {
  return {
    ...{ to, text, type: text === '' ? 'tone' : 'alpha', quality: 'clean' },
    ...{ corrected: 0, fields: {}, firstByte: at, lastByte: at },
  }
}
