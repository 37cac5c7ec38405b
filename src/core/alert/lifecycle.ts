import { targetKey } from '../directory/directory.ts'
import type { AlertId, BleepId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { never } from '../never.ts'
import type { Step } from '../step.ts'
import { repeated, reread, separated, upgraded } from './again.ts'
import type { Alert, AlertEffect, AlertEvent, Plan } from './alert.ts'
import {
  alsoAsked,
  answered,
  answeredLate,
  answerLate,
  answerUndone,
  askedAgain,
  cancelled,
  closedByPerson,
  finished,
  pagedAgain,
  released,
  takenOver,
} from './answers.ts'
import { askBesides, exhaust, fillGaps, fireStep, nextPath } from './asking.ts'
import { type Cover, coverOf } from './cover.ts'
import {
  callAttention,
  change,
  type Draft,
  deliver,
  endAttention,
  finishDraft,
  forget,
  openDraft,
  setDue,
  setResponder,
  stampHop,
  tell,
  type Who,
} from './draft.ts'
import { clockSetBack, due } from './dues.ts'
import { handedOver, left } from './hand-over.ts'
import { setInsist } from './insist.ts'
import { isComing, isPending, receiptMoves, responderOf } from './responder.ts'
import { say, ticked } from './thread.ts'

export type { Who } from './draft.ts'

/** An alert before its first event. Raising is that event: a replay starts from here too. */
export function blankAlert(id: AlertId, bleep: BleepId, plan: Plan, at: Instant): Alert {
  return {
    id,
    revision: 0,
    bleep,
    plan,
    phase: 'ringing',
    step: -1,
    raised: at,
    responders: {},
    thread: [],
    repeats: [],
    rounds: 0,
    due: {},
    version: 1,
    gaps: [],
    also: [],
  }
}

/**
 * The alert machine. An event that changes nothing returns the very same alert; every other raises the revision by one.
 * `who` is asked for holders at the instant of the event and nothing else; a replay answers from what was recorded.
 */
export function stepAlert(alert: Alert, event: AlertEvent, who: Who): Step<Alert, AlertEffect> {
  const d = openDraft(alert, event.at, who)
  if (alert.phase === 'closed') late(d, event)
  else {
    happen(d, event)
    if (!d.ignored && d.alert.phase !== 'closed') conclude(d)
  }
  return finishDraft(d)
}

/** Runs stored events again. Holders come from the events, so the result does not depend on today's directory. */
export function replayAlert(blank: Alert, events: readonly AlertEvent[]): Alert {
  return events.reduce((alert, event) => stepAlert(alert, event, recordedWho(event))[0], blank)
}

/** Answers from the look-ups that were kept with an event. */
export function recordedWho(event: AlertEvent): Who {
  return (target) => {
    const key = targetKey(target)
    return event.resolved?.find((r) => targetKey(r.target) === key)?.holders ?? []
  }
}

function happen(d: Draft, e: AlertEvent) {
  switch (e.kind) {
    case 'raised':
      fireStep(d, 0, d.alert.plan.steps[0]!.reason)
      if (!d.alert.plan.escalates)
        setDue(d, 'close', d.at + (d.alert.plan.closeAfter ?? d.alert.plan.repeatLast))
      return
    case 'ticked':
      return ticked(d, e)
    case 'receipt':
      return receipt(d, e)
    case 'unreachable':
      return unreachable(d, e)
    case 'answered':
      return answered(d, e)
    case 'due':
      return due(d, e)
    case 'repeated':
      return repeated(d, e)
    case 'separated':
      return separated(d, e)
    case 'upgraded':
      return upgraded(d, e)
    case 'reread':
      return reread(d, e)
    case 'cancelled':
      return cancelled(d, e)
    case 'closed':
      return closedByPerson(d, e)
    case 'finished':
      return finished(d, e)
    case 'answer-undone':
      return answerUndone(d, e)
    case 'paged-again':
      return pagedAgain(d, e)
    case 'released':
      return released(d, e)
    case 'taken-over':
      return takenOver(d, e)
    case 'asked-again':
      return askedAgain(d, e)
    case 'handed-over':
      return handedOver(d, e)
    case 'left':
      return left(d, e)
    case 'said':
      say(d, e.by, e.said)
      tell(d, 'team', 'info', 'said')
      tell(d, 'switchboard', 'info', 'said')
      if (e.said.role) askBesides(d, { kind: 'role', role: e.said.role })
      return
    case 'also-ask':
      return alsoAsked(d, e)
    case 'clock-set-back':
      return clockSetBack(d, e.by)
    case 'obliged':
      exhaust(d, 'no-future')
      return setDue(d, 'repeat', d.at + d.alert.plan.repeatLast)
    default:
      return never(e)
  }
}

/** After the alert has ended, human actions and receipts are still recorded. Due times and repeats are not. */
function late(d: Draft, e: AlertEvent) {
  switch (e.kind) {
    case 'answered':
      return answeredLate(d, e)
    case 'closed':
    case 'finished':
    case 'answer-undone':
    case 'paged-again':
    case 'released':
    case 'taken-over':
    case 'asked-again':
    case 'also-ask':
      return answerLate(d)
    case 'ticked':
      return ticked(d, e)
    case 'receipt':
      return stampHop(d, e.stage, e.person)
    case 'cancelled':
      if (e.by !== 'page') answerLate(d)
      return
    case 'said':
      say(d, e.by, e.said)
      return tell(d, 'switchboard', 'info', 'said')
    case 'reread':
      return reread(d, e)
    case 'separated':
      return separated(d, e)
    case 'raised':
    case 'unreachable':
    case 'due':
    case 'repeated':
    case 'upgraded':
    case 'handed-over':
    case 'left':
    case 'clock-set-back':
    case 'obliged':
      d.ignored = true
      return
    default:
      return never(e)
  }
}

function receipt(d: Draft, e: Extract<AlertEvent, { kind: 'receipt' }>): void {
  const r = responderOf(d.alert, e.person)
  if (!r || !receiptMoves(r.state, e.stage)) {
    d.ignored = true
    return
  }
  const { unreachable: _, ...reached } = r
  setResponder(d, { ...reached, state: e.stage, since: d.at })
  stampHop(d, e.stage, e.person)
}

function unreachable(d: Draft, e: Extract<AlertEvent, { kind: 'unreachable' }>): void {
  const r = responderOf(d.alert, e.person)
  if (!r || !isPending(r) || r.state !== 'asked') {
    d.ignored = true
    return
  }
  if (e.reason === 'path-failed') {
    nextPath(d, r, 'path-failed')
    return
  }
  setResponder(d, { ...r, unreachable: true })
  tell(d, 'switchboard', 'info', e.reason, r.roles)
}

/** What every event leads to: cover found or lost, people to stop waiting for, and everyone told what has changed. */
function conclude(d: Draft): void {
  if (!d.alert.plan.escalates) return
  const was = coverOf(d.before)
  let now = coverOf(d.alert)
  if (d.alert.phase === 'covered' && !now.complete) reopen(d)
  else if (d.alert.phase !== 'covered' && now.complete) becomeCovered(d, now)
  else if (d.alert.phase === 'ringing') goOn(d)
  now = coverOf(d.alert)
  scheduleLapse(d)
  if (d.alert.phase !== 'covered') setInsist(d)
  const changed = now.coming.join() !== was.coming.join() || now.missing.join() !== was.missing.join()
  if (!changed) return
  const reason = now.complete ? 'cover-complete' : 'cover-short'
  tell(d, 'team', 'info', reason, now.missing)
  tell(d, 'switchboard', 'info', reason, now.missing)
}

/** Still short: where nobody is left to wait for, the next step does not wait either. */
function goOn(d: Draft): void {
  fillGaps(d)
  const waitedFor = Object.values(d.alert.responders).some(isPending)
  if (waitedFor || d.alert.takenOver || !d.alert.plan.steps[d.alert.step + 1]) return
  fireStep(d, d.alert.step + 1, 'all-declined')
}

/**
 * Whoever is not needed any more may stop. Members of a crash team are not told to stay away because the mandatory
 * roles are filled: only substitutes are. Nor is a role that somebody asked for besides.
 */
function becomeCovered(d: Draft, cover: Cover): void {
  const { plan } = d.alert
  forget(d, (sort) => sort !== 'also')
  endAttention(d)
  const { takenOver: _, ...alert } = d.alert
  d.alert = alert
  change(d, { phase: 'covered', covered: d.at })
  const besides = new Set(d.alert.also.map(targetKey))
  for (const r of Object.values(d.alert.responders)) {
    if (cover.coming.includes(r.person) || (plan.class === 'emergency' && !r.substitute)) continue
    if (!isPending(r) && !r.unreachable) continue
    if (r.roles.some((role) => besides.has(targetKey({ kind: 'role', role })))) continue
    setResponder(d, { ...r, state: 'stood-down', since: d.at, changed: d.alert.revision })
    deliver(d, r.person, 'stand-down', 0, 'cover-complete')
  }
  stampHop(d, 'covered')
  if (plan.closeAfter !== undefined) setDue(d, 'close', d.at + plan.closeAfter)
}

/** Cover was lost: the first step again, for the empty places only. */
function reopen(d: Draft): void {
  forget(d, (sort) => sort === 'close')
  const { covered: _, ...alert } = d.alert
  d.alert = { ...alert, phase: 'ringing', gaps: [] }
  callAttention(d, 'prompt', 'cover-lost')
  fireStep(d, 0, 'cover-lost', 'missing')
}

/** Acceptance without arrival lapses: one due time, that of the earliest. */
function scheduleLapse(d: Draft): void {
  const { lapse, class: c } = d.alert.plan
  if (lapse === undefined) return
  const from = Object.values(d.alert.responders)
    .filter((r) => isComing(r, c) && r.state !== 'arrived' && !r.confirmed)
    .map((r) => r.since)
  const at = Math.min(...from) + lapse
  if (from.length === 0) forget(d, (sort) => sort === 'lapse')
  else if (d.alert.due.lapse !== at) setDue(d, 'lapse', at)
}
