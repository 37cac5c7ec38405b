import type { Holder, Target } from '../directory/directory.ts'
import type { PersonId, RoleId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import type { Step } from '../step.ts'
import { type Due, type DueName, dueOf, type Purpose } from '../vocabulary.ts'
import type { Alert, AlertEffect, Attention, News, Responder } from './alert.ts'
import { coverOf } from './cover.ts'
import { isDecided } from './decided.ts'

/** Resolves a target into people at the instant of the event. */
export type Who = (target: Target) => readonly Holder[]

/** One event being worked out: the alert as it changes, and the effects so far. Lives for one step only. */
export interface Draft {
  readonly before: Alert
  alert: Alert
  readonly effects: AlertEffect[]
  readonly at: Instant
  readonly who: Who
  /** Keys of what is delivered, and who is rung, by this event. */
  readonly keys: Set<string>
  readonly rung: Set<PersonId>
  /** Set when the event changes nothing and need not be stored. */
  ignored: boolean
}

/** Begins the next revision of an alert, in which one event is worked out; its effects gather in it. */
export function openDraft(alert: Alert, at: Instant, who: Who): Draft {
  return {
    before: alert,
    alert: { ...alert, revision: alert.revision + 1 },
    effects: [],
    at,
    who,
    keys: new Set(),
    rung: new Set(),
    ignored: false,
  }
}

/** The step's result. An ignored event leaves the very same alert, so that the loop can see nothing needs storing. */
export function finishDraft(d: Draft): Step<Alert, AlertEffect> {
  if (d.ignored) return [d.before, d.effects]
  const { waiting: _, ...alert } = d.alert
  const version = isDecided(d.before, d.alert) ? alert.revision : alert.version
  const idle = alert.phase === 'covered' && Object.keys(alert.due).length === 0
  return [{ ...alert, version, ...(idle ? { waiting: 'covered-until-closed' } : {}) }, d.effects]
}

/** Sets parts of the alert; what they do to others is the caller's. */
export function change(d: Draft, patch: Partial<Alert>): void {
  d.alert = { ...d.alert, ...patch }
}

/** Puts somebody's state in the place of the one before. */
export function setResponder(d: Draft, responder: Responder): void {
  change(d, { responders: { ...d.alert.responders, [responder.person]: responder } })
}

/** Waits for `at`, wall time, under this name; a due time of the same name is moved. */
export function setDue(d: Draft, name: DueName, at: Instant): void {
  change(d, { due: { ...d.alert.due, [name]: at } })
  d.effects.push({ kind: 'due', name, at })
}

/** Waits no longer for what `belongs` picks, by sort; a name that no version of ours knows has none. */
export function forget(d: Draft, belongs: (sort: Due | undefined) => boolean): void {
  for (const name of Object.keys(d.alert.due).filter((name) => belongs(dueOf(name)))) {
    const { [name]: _, ...due } = d.alert.due
    change(d, { due })
    d.effects.push({ kind: 'forget', name })
  }
}

/** Tells team or switchboard once, however often one event says the same. */
export function tell(
  d: Draft,
  audience: 'team' | 'switchboard',
  level: News,
  reason: ReasonCode,
  roles: readonly RoleId[] = [],
): void {
  const news: AlertEffect = {
    kind: 'tell',
    audience,
    level,
    reason,
    ...(roles.length > 0 ? { roles } : {}),
  }
  const words = JSON.stringify(news)
  if (!d.effects.some((e) => JSON.stringify(e) === words)) d.effects.push(news)
}

/** Tells switchboard, and keeps it in front of them until somebody acts or cover holds; `act` is never weakened. */
export function callAttention(
  d: Draft,
  level: Attention['level'],
  reason: ReasonCode,
  roles = coverOf(d.alert).missing,
): void {
  tell(d, 'switchboard', level, reason, roles)
  const standing = d.alert.attention
  if (standing?.level === 'act' && level === 'prompt') return
  change(d, { attention: { level, reason, roles, since: standing?.since ?? d.at } })
}

/** Nothing asks the switchboard to look any more. */
export function endAttention(d: Draft): void {
  const { attention: _, ...alert } = d.alert
  d.alert = alert
}

/** Keys hold the revision, which no two events share, so that a replay gives the same keys and nobody is rung twice. */
export function deliver(
  d: Draft,
  to: PersonId,
  purpose: Purpose,
  path: number,
  reason: ReasonCode,
  by: readonly string[] = [],
): void {
  const key = `${d.alert.id}/${d.alert.revision}/${to}/${purpose}/${path}`
  if (d.keys.has(key)) return
  d.keys.add(key)
  d.effects.push({ kind: 'deliver', key, to, purpose, path, reason, ...(by.length > 0 ? { by } : {}) })
}

/** At most one re-page an event: the pager network is slow and shared. */
export function pageByRadio(d: Draft, reason: ReasonCode): void {
  const key = `${d.alert.id}/${d.alert.revision}/radio`
  if (!d.effects.some((e) => e.kind === 'radio')) d.effects.push({ kind: 'radio', key, reason })
  change(d, { radioed: d.at })
}

/** Notes when a hop was passed: for one person, or for the whole call. */
export function stampHop(
  d: Draft,
  hop: Extract<AlertEffect, { kind: 'hop' }>['hop'],
  person?: PersonId,
): void {
  d.effects.push({ kind: 'hop', hop, ...(person ? { person } : {}) })
}
