import type { Actor, Alert, AlertEffect, AlertEvent, Plan, Resolved } from '../../core/alert/alert.ts'
import { engagedIn } from '../../core/alert/insist.ts'
import { blankAlert, stepAlert, type Who } from '../../core/alert/lifecycle.ts'
import { isOut, responderOf } from '../../core/alert/responder.ts'
import type { Bleep } from '../../core/bleep/bleep.ts'
import type { Attempt } from '../../core/deliver/attempt.ts'
import { type Device, ownerId } from '../../core/deliver/device.ts'
import { barredBy, type Deliver, type InboxEntry, planAttempts, planRadio } from '../../core/deliver/plan.ts'
import { isSparing, spared } from '../../core/deliver/sparing.ts'
import { type Directory, type Target, targetKey } from '../../core/directory/directory.ts'
import { given } from '../../core/given.ts'
import { type AlertId, type AttemptId, alertAlike, asId, type BleepId, uuid7 } from '../../core/ids.ts'
import { type Instant, type Millis, SECOND } from '../../core/instant.ts'
import { never } from '../../core/never.ts'
import { whoAt } from '../../core/route/who.ts'
import { dueOf, isRing } from '../../core/vocabulary.ts'
import type { Metrics } from '../../ports/metrics.ts'
import type { Topic, Tx } from '../../ports/store.ts'
import type { MakerTools } from '../../ports/tools.ts'
import type { Ahead, Asked } from '../deliver/ahead.ts'
import { observeHop } from '../observe-hop.ts'
import { type Applied, keep, mendDue, type Work } from './alert-rows.ts'

export interface AlertParts extends MakerTools {
  readonly directory: () => Directory
  /** Whether there is a way on to the air; without one a wish for the radio is no attempt. */
  readonly radio: boolean
  /** Hands over at once what can go at once. Absent: everything waits to be claimed. */
  readonly ahead?: () => Ahead | undefined
}

export interface Alerts {
  /**
   * One event, one transaction; `undefined` when there is no such alert, or no event is made of it. Rejects only with a
   * `StoreFault`.
   */
  apply(id: AlertId, event: AlertEvent | MakeEvent): Promise<Applied | undefined>
  /** The same inside the caller's transaction; call `announce` once it is durable. */
  applyIn(tx: Tx, id: AlertId, event: AlertEvent): Promise<Applied | undefined>
  /**
   * Raises an alert inside the caller's transaction; call `announce` once it is durable.
   * @param apart the call to which it had been joined
   */
  raiseIn(tx: Tx, bleep: Bleep, plan: Plan, at: Instant, by?: Actor, apart?: AlertId): Promise<Applied>
  /** Wakes the loops that act on what was stored, and counts it. */
  announce(applied: Applied): void
}

/** An event that depends on what stands in the same transaction; it may be made again, where another writer was first. */
export type MakeEvent = (tx: Tx, alert: Alert) => Promise<AlertEvent | undefined>

/** Another writer was first. Only PostgreSQL can show it; the event is worked out again on what stands now. */
export class LostRace extends Error {}

const TRIES = 8
/** Bleeps whose alert is raised again under the id it was given: those of the last minutes. */
const REMEMBER = 1000

export function createAlerts(parts: AlertParts): Alerts {
  const { store, random, metrics, clock } = parts
  const id = (at: Instant) => asId<AttemptId & AlertId>(uuid7(at, random.bytes(10)))
  const raisedAs = new Map<BleepId, AlertId>()

  /**
   * The id of a bleep's first alert is the same each time it is raised. A commit whose answer was lost may have been
   * made, and a phone that is rung again must know the call. The same holds where two nodes that cannot ask each
   * other raise what both have heard.
   */
  async function idFor(tx: Tx, bleep: BleepId, at: Instant): Promise<AlertId> {
    const known = raisedAs.get(bleep)
    if (known !== undefined) return (await tx.alerts.byBleep(bleep)) ? id(at) : known
    const alike = alertAlike(bleep)
    const isFree = alike !== undefined && (await tx.alerts.byBleep(bleep)) === undefined
    const fresh = isFree ? alike : id(at)
    raisedAs.set(bleep, fresh)
    for (const oldest of raisedAs.keys()) {
      if (raisedAs.size <= REMEMBER) break
      raisedAs.delete(oldest)
    }
    return fresh
  }

  async function applyIn(
    tx: Tx,
    alertId: AlertId,
    what: AlertEvent | MakeEvent,
  ): Promise<Applied | undefined> {
    const before = await tx.alerts.get(alertId)
    const event = before && (typeof what === 'function' ? await what(tx, before) : what)
    if (!before || !event) return undefined
    const work = await workOut(tx, parts, before, await withEngaged(tx, before, event), () => id(event.at))
    if (work.events.length === 0) {
      await mendDue(tx, before, event)
      return { ...work, going: [], left: false }
    }
    if (!(await tx.alerts.save(work.alert, before.revision, work.events))) throw new LostRace()
    const isAsked = work.asked.length > 0 || work.effects.some((e) => e.kind === 'hop')
    const bleep = isAsked ? await tx.bleeps.get(before.bleep) : undefined
    return { ...work, ...(await keep(tx, work, bleep, parts.ahead?.())), ...given({ bleep }) }
  }

  return {
    applyIn,
    async apply(alertId, event) {
      for (let left = TRIES; ; left--) {
        try {
          const applied = await store.transact((tx) => applyIn(tx, alertId, event))
          if (applied) this.announce(applied)
          return applied
        } catch (error) {
          if (!(error instanceof LostRace) || left === 0) throw error
        }
      }
    },
    async raiseIn(tx, bleep, plan, at, by, apart) {
      const blank = blankAlert(await idFor(tx, bleep.id, at), bleep.id, plan, at)
      const raised = { kind: 'raised', at, ...given({ by, apart }) } as const
      const work = await workOut(tx, parts, blank, raised, () => id(at))
      await tx.alerts.add(work.alert, work.events)
      const kept = await keep(tx, work, bleep, parts.ahead?.())
      metrics.count('bleepbridge_alerts_total', { class: plan.class })
      return { ...work, ...kept }
    },
    announce(applied) {
      const rest = (): void => {
        for (const topic of topicsOf(applied, clock.now())) store.wake.ring(topic)
        countEffects(metrics, applied)
      }
      if (applied.going.length === 0) return rest()
      // This goes first, because somebody waits for it. The others only look, and would begin before its first byte has left.
      parts.ahead?.()?.setOff(applied.going)
      clock.after(0, rest)
    },
  }
}

/**
 * Steps the alert, and again for whoever turns out to have no device: all of it is one move. Nothing is written here.
 * Every look-up goes on the record with its event.
 */
async function workOut(
  tx: Tx,
  { directory: known, radio: hasRadio }: Pick<AlertParts, 'directory' | 'radio'>,
  before: Alert,
  first: AlertEvent,
  newId: () => AttemptId,
): Promise<Work> {
  const directory = known()
  let alert = before
  const events: AlertEvent[] = []
  const effects: AlertEffect[] = []
  const going: Asked[] = []
  const onAir: Attempt[] = []
  const inbox: InboxEntry[] = []
  const queue: AlertEvent[] = [first]
  for (let event = queue.shift(); event; event = queue.shift()) {
    const resolved: Resolved[] = []
    const [next, asked] = stepAlert(alert, event, recording(whoAt(directory, event.at), resolved))
    effects.push(...asked)
    if (next === alert) continue
    alert = next
    events.push(resolved.length > 0 ? { ...event, resolved } : event)
    const delivers = [...asked.filter((e) => e.kind === 'deliver'), ...updates(alert, asked)]
    const devicesOf = await reach(tx, alert, delivers)
    for (const deliver of delivers) {
      const devices = devicesOf(deliver)
      const planned = planAttempts(
        ...([deliver, alert.id, devices, alert.plan.class, event.at, newId, alert.plan.ways] as const),
        barredBy(alert.plan, directory, deliver.to, responderOf(alert, deliver.to)?.roles ?? []),
      )
      const earlier = isSparing(planned.attempts) ? await tx.attempts.ofAlert(alert.id) : []
      for (const attempt of spared(planned.attempts, [...earlier, ...going.map((one) => one.attempt)])) {
        const device = devices.find(({ id }) => id === attempt.device)
        if (device) going.push({ attempt, device })
      }
      inbox.push(...planned.inbox)
      if (planned.reason && isRing(deliver.purpose))
        queue.push({ kind: 'unreachable', at: event.at, person: deliver.to, reason: planned.reason })
    }
    // Steps that find nobody follow each other at once: on the air they make one page, not one each.
    for (const radio of asked)
      if (hasRadio && radio.kind === 'radio' && onAir.length === 0)
        onAir.push(planRadio(radio, alert.id, alert.plan.class, event.at, newId()))
  }
  return { alert, events, effects, asked: going, onAir, inbox }
}

/** More open calls than this at once, and whoever is on a further one is rung again like anybody. */
const OPEN_LOOKED_AT = 200

/** Who is on an emergency, where somebody is about to be rung again whom the plan leaves in peace then. */
async function withEngaged(tx: Tx, alert: Alert, event: AlertEvent): Promise<AlertEvent> {
  if (event.kind !== 'due' || dueOf(event.name) !== 'insist' || !alert.plan.quietOnEmergency) return event
  const engaged = engagedIn(await tx.alerts.list({ phase: 'open', limit: OPEN_LOOKED_AT }))
  return engaged.length === 0 ? event : { ...event, engaged }
}

function recording(who: Who, resolved: Resolved[]): Who {
  const known = new Map<string, Resolved>()
  return (target) => {
    const key = targetKey(target)
    const found = known.get(key) ?? { target, holders: who(target) }
    if (!known.has(key)) resolved.push(found)
    known.set(key, found)
    return found.holders
  }
}

/** Everybody's own devices, and those of the roles they were asked for: ward handset, baton phone. One look for all. */
async function reach(tx: Tx, alert: Alert, delivers: readonly Deliver[]) {
  const rolesOf = ({ to }: Deliver) => responderOf(alert, to)?.roles ?? []
  const people = [...new Set(delivers.map((d) => d.to))]
  const roles = [...new Set(delivers.flatMap(rolesOf))]
  const found = people.length === 0 ? [] : await tx.devices.owned({ people, roles })
  const byOwner = Map.groupBy(found, ({ owner }) => `${owner.kind}:${ownerId(owner)}`)
  const owned = (owner: Target) => byOwner.get(targetKey(owner)) ?? []
  return (deliver: Deliver): readonly Device[] => [
    ...owned({ kind: 'person', person: deliver.to }),
    ...rolesOf(deliver).flatMap((role) => owned({ kind: 'role', role })),
  ]
}

/** What the team is told goes to the screens of everyone on the call who is not being rung or stood down anyway. */
function updates(alert: Alert, effects: readonly AlertEffect[]): readonly Deliver[] {
  const news = effects.find((e) => e.kind === 'tell' && e.audience === 'team')
  if (news?.kind !== 'tell') return []
  const reached = new Set(effects.flatMap((e) => (e.kind === 'deliver' ? [e.to] : [])))
  return Object.values(alert.responders)
    .filter((r) => !isOut(r) && !reached.has(r.person))
    .map((r) => ({
      kind: 'deliver',
      key: `${alert.id}/${alert.revision}/${r.person}/update/0`,
      to: r.person,
      purpose: 'update',
      path: 0,
      reason: news.reason,
    }))
}

/** What is due later than this is found in time by whoever looks of his own accord, many times until then. */
const SOON: Millis = 10 * SECOND

function topicsOf({ effects, left }: Applied, now: Instant): ReadonlySet<Topic> {
  const topics = new Set<Topic>(['alerts'])
  for (const e of effects) for (const topic of rungBy(e, now)) topics.add(topic)
  if (!left) topics.delete('attempts')
  return topics
}

/** Who has to look when an alert asks for something. */
function rungBy(e: AlertEffect, now: Instant): readonly Topic[] {
  switch (e.kind) {
    case 'deliver':
      return ['inbox', 'attempts']
    case 'tell':
      return e.audience === 'team' ? ['inbox', 'attempts'] : []
    case 'radio':
      return ['attempts']
    case 'due':
      return e.at - now < SOON ? ['due'] : []
    case 'forget':
    case 'answered':
    case 'hop':
      return []
    default:
      return never(e)
  }
}

function countEffects(metrics: Metrics, { alert, effects, events, bleep }: Applied): void {
  const { class: c } = alert.plan
  for (const e of effects) {
    if ('reason' in e) metrics.count('bleepbridge_reasons_total', { reason: e.reason })
    if (e.kind === 'answered') metrics.count('bleepbridge_answer_outcomes_total', { answered: e.outcome })
    if (e.kind === 'hop' && bleep) observeHop(metrics, bleep, e.hop, events[0]!.at, c)
  }
  for (const e of events) {
    if (e.kind === 'due' && dueOf(e.name) === 'step')
      metrics.count('bleepbridge_escalations_total', { class: c })
    if (e.kind === 'answered' && effects.some((f) => f.kind === 'answered' && f.outcome === 'applied'))
      metrics.count('bleepbridge_answers_total', { answer: e.answer, by: e.by.kind, class: c })
  }
}
