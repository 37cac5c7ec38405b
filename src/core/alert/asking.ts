import { NAMED, type Target } from '../directory/directory.ts'
import type { PersonId, RoleId } from '../ids.ts'
import type { ReasonCode } from '../reasons.ts'
import type { Ring } from '../vocabulary.ts'
import type { Need, PlanStep, Responder } from './alert.ts'
import { hopelessNeeds, missingNeeds } from './cover.ts'
import {
  callAttention,
  change,
  type Draft,
  deliver,
  forget,
  pageByRadio,
  setDue,
  setResponder,
  tell,
} from './draft.ts'
import { isComing, isOut, isPending, responderOf } from './responder.ts'

/** Ways tried one after the other before a person counts as out of reach (deliver/plan.ts says which). */
const PATHS = 4
/** How long someone asked for in addition has before they are rung again and switchboard hears. */
const ALSO_MS = 15_000

/** Someone who could be asked, with every role that makes them eligible. */
interface Candidate {
  readonly person: PersonId
  readonly roles: readonly RoleId[]
  readonly substitute?: true
}

/**
 * Fires one step of the plan: whoever holds the roles *now* is rung, the next step is set. A step that finds nobody
 * tells the switchboard so, and the next step fires at once. `only: 'missing'` rings for the empty places alone.
 */
export function fireStep(d: Draft, index: number, reason: ReasonCode, only?: 'missing'): void {
  const { plan } = d.alert
  const step = plan.steps[index]!
  change(d, { step: index })
  forget(d, (sort) => sort === 'step')
  if (step.radio) pageByRadio(d, reason)
  if (step.switchboard === 'act') exhaust(d, reason)
  else if (step.switchboard === 'prompt') callAttention(d, 'prompt', reason)

  const found = only ? forNeeds(d, missingNeeds(d.alert)) : forStep(d, step)
  const chosen = step.inParallel ? found : firstUnasked(d, found)
  for (const c of chosen) ring(d, c, reason)
  if (plan.escalates) {
    if (chosen.length === 0) nobody(d, index)
    else {
      fillGaps(d)
      setNext(d, index)
    }
  } else if (chosen.length === 0) tell(d, 'switchboard', 'info', 'nobody-holds-role', rolesOf(step.ask))
}

function setNext(d: Draft, index: number): void {
  const { steps, repeatLast } = d.alert.plan
  const next = steps[index + 1]
  if (next) setDue(d, `step-${index + 1}`, d.at + Math.max(0, next.after - steps[index]!.after))
  else setDue(d, 'repeat', d.at + repeatLast)
}

function nobody(d: Draft, index: number): void {
  const { steps, repeatLast } = d.alert.plan
  callAttention(d, 'prompt', 'nobody-to-ask')
  if (steps[index + 1]) fireStep(d, index + 1, 'nobody-to-ask')
  else {
    exhaust(d, 'nobody-to-ask')
    setDue(d, 'repeat', d.at + repeatLast)
  }
}

/** The plan has run out: the switchboard must act. */
export function exhaust(d: Draft, reason: ReasonCode): void {
  change(d, { phase: 'exhausted' })
  callAttention(d, 'act', reason)
}

/**
 * A needed role with nobody left who could take it is not waited for: substitutes are asked now, switchboard told.
 * Where people are asked in turn, the next step is the substitute.
 */
export function fillGaps(d: Draft): void {
  if (!d.alert.plan.steps[d.alert.step]!.inParallel) return
  for (const need of hopelessNeeds(d.alert)) {
    if (d.alert.gaps.includes(need.role)) continue
    change(d, { gaps: [...d.alert.gaps, need.role] })
    const held = d.who({ kind: 'role', role: need.role }).length > 0
    callAttention(d, 'prompt', held ? 'role-without-answer' : 'nobody-holds-role', [need.role])
    for (const c of forNeeds(d, [need]).filter((c) => isFresh(responderOf(d.alert, c.person))))
      ring(d, c, 'substitute-asked')
  }
}

/** Not rung for this place yet, or told meanwhile that they were not needed. */
function isFresh(r: Responder | undefined): boolean {
  return r === undefined || r.state === 'stood-down'
}

/** Rings again everyone whose answer is still awaited. */
export function ringPending(d: Draft, reason: ReasonCode): void {
  for (const r of Object.values(d.alert.responders)) if (isPending(r)) ringAgain(d, r, reason)
}

/** Rings somebody for these roles, whether or not this call has asked them before. */
export function ring(d: Draft, c: Candidate, reason: ReasonCode): void {
  const was = responderOf(d.alert, c.person)
  if (was) ringAgain(d, { ...was, roles: union(was.roles, c.roles) }, reason)
  else {
    setResponder(d, newResponder(d, c))
    rung(d, c.person, 'ask', reason)
  }
}

/** Rings a responder anew, on their first path; they stay where they are if they are coming. */
export function ringAgain(d: Draft, r: Responder, reason: ReasonCode): void {
  const { unreachable: _, released: __, ...known } = r
  const keeps = isPending(r) || isComing(r, d.alert.plan.class)
  setResponder(d, {
    ...known,
    rung: d.at,
    path: 0,
    ...(keeps ? {} : { state: 'asked', since: d.at }),
  })
  rung(d, r.person, 'again', reason)
}

function rung(d: Draft, person: PersonId, purpose: Ring, reason: ReasonCode): void {
  change(d, { rounds: d.alert.rounds + 1 })
  d.rung.add(person)
  deliver(d, person, purpose, 0, reason, d.alert.plan.steps[d.alert.step]?.by)
  const bound = d.at + d.alert.plan.receiptWithin
  if (d.alert.plan.escalates && (d.alert.due.receipt ?? Number.POSITIVE_INFINITY) > bound)
    setDue(d, 'receipt', bound)
}

/** Somebody this call has not known so far. */
export function newResponder(d: Draft, c: Candidate): Responder {
  return {
    person: c.person,
    roles: c.roles,
    state: 'asked',
    asked: d.at,
    rung: d.at,
    path: 0,
    since: d.at,
    changed: 0,
    ...(c.substitute ? { substitute: true } : {}),
  }
}

/** Who a step means: its own targets, and whoever could fill the places still empty. */
function forStep(d: Draft, step: PlanStep): readonly Candidate[] {
  const named = step.ask.flatMap((t) => holdersOf(d, t))
  const needs = step.missing ? missingNeeds(d.alert) : []
  // A call of one person needs no role: whoever was asked first is still who is missing.
  const again = step.missing && d.alert.plan.need.length === 0 ? firstAsked(d) : []
  return eligible(d, [...named, ...needs.flatMap((n) => forNeed(d, n)), ...again])
}

/** Whom the call was for in the first place, as they stand now. */
function firstAsked(d: Draft): readonly Candidate[] {
  return d.alert.plan.steps[0]!.ask.flatMap((t) => holdersOf(d, t))
}

function forNeeds(d: Draft, needs: readonly Need[]): readonly Candidate[] {
  return eligible(
    d,
    needs.flatMap((n) => forNeed(d, n)),
  )
}

function forNeed(d: Draft, need: Need): readonly Candidate[] {
  const substitutes = need.substitutes.flatMap((role) => holdersOf(d, { kind: 'role', role }))
  return [
    ...holdersOf(d, { kind: 'role', role: need.role }),
    ...substitutes.map((c): Candidate => ({ ...c, substitute: true })),
  ]
}

/** Who a target means now, each with the role that makes them so; somebody named has none. */
export function holdersOf(d: Draft, target: Target): readonly Candidate[] {
  return d.who(target).map((h) => ({ person: h.person, roles: h.role === NAMED ? [] : [h.role] }))
}

/** One entry a person, in the order found, without those who are coming already or have said no. */
function eligible(d: Draft, wanted: readonly Candidate[]): readonly Candidate[] {
  const people = new Map<PersonId, Candidate>()
  for (const c of wanted) {
    const r = responderOf(d.alert, c.person)
    if (r && (isOut(r) || isComing(r, d.alert.plan.class))) continue
    const seen = people.get(c.person)
    people.set(c.person, seen ? { ...seen, roles: union(seen.roles, c.roles) } : c)
  }
  return [...people.values()]
}

/** In turn: the first who has not been asked; when all have, everyone again. */
function firstUnasked(d: Draft, found: readonly Candidate[]): readonly Candidate[] {
  const fresh = found.find((c) => responderOf(d.alert, c.person) === undefined)
  return fresh ? [fresh] : found
}

function union(a: readonly RoleId[], b: readonly RoleId[]): readonly RoleId[] {
  return [...new Set([...a, ...b])]
}

function rolesOf(targets: readonly Target[]): readonly RoleId[] {
  return targets.flatMap((t) => (t.kind === 'role' ? [t.role] : []))
}

/** Asks one more target, for a second opinion or another pair of hands; switchboard hears if nobody holds it. */
export function askBesides(d: Draft, target: Target): void {
  change(d, { also: [...d.alert.also, target] })
  setDue(d, 'also', d.at + ALSO_MS)
  const found = eligible(d, holdersOf(d, target))
  for (const c of found) ring(d, c, 'also-asked')
  if (found.length === 0) callAttention(d, 'prompt', 'nobody-holds-role', rolesOf([target]))
}

/** Someone asked for in addition has not answered: once more, and switchboard hears. */
export function chaseAlso(d: Draft): void {
  for (const target of d.alert.also) {
    const holders = new Set(d.who(target).map((h) => h.person))
    const asked = Object.values(d.alert.responders).filter((r) => holders.has(r.person))
    if (!asked.some(isPending) || asked.some((r) => isComing(r, d.alert.plan.class))) continue
    callAttention(d, 'prompt', 'also-ask-unanswered', rolesOf([target]))
    for (const r of asked.filter(isPending)) ringAgain(d, r, 'also-ask-unanswered')
  }
}

/** Rings the whole call again, whoever has answered and whoever has not: somebody bleeped a second time. */
export function ringEveryone(d: Draft, reason: ReasonCode): void {
  const team = new Map<PersonId, Candidate>()
  for (const c of [...Object.values(d.alert.responders), ...firstAsked(d)])
    if (responderOf(d.alert, c.person)?.state !== 'not-me') team.set(c.person, c)
  for (const { person, roles } of team.values()) ring(d, { person, roles }, reason)
}

/** Next path for everyone without a device receipt in time; sets when to look again. */
export function chaseReceipts(d: Draft): void {
  const { receiptWithin } = d.alert.plan
  let look = Number.POSITIVE_INFINITY
  for (const r of Object.values(d.alert.responders)) {
    if (!isPending(r) || r.state !== 'asked') continue
    // Once covered, only those rung since then are still needed.
    if (r.rung < (d.alert.covered ?? Number.NEGATIVE_INFINITY)) continue
    if (d.at < r.rung + receiptWithin) look = Math.min(look, r.rung + receiptWithin)
    else if (r.path < PATHS - 1) {
      nextPath(d, r, 'no-receipt')
      look = Math.min(look, d.at + receiptWithin)
    } else {
      setResponder(d, { ...r, unreachable: true })
      tell(d, 'switchboard', 'info', 'no-further-path', r.roles)
    }
  }
  if (look < Number.POSITIVE_INFINITY) setDue(d, 'receipt', look)
}

/** Takes the next way to somebody who has given no sign, where there is one. */
export function nextPath(d: Draft, r: Responder, reason: ReasonCode): void {
  const path = r.path + 1
  if (path >= PATHS) return
  setResponder(d, { ...r, path, rung: d.at })
  deliver(d, r.person, 'again', path, reason)
}
