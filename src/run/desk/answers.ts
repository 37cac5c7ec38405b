import type { Actor, Alert, AlertEvent } from '../../core/alert/alert.ts'
import { responderOf } from '../../core/alert/responder.ts'
import { say } from '../../core/catalogue/say.ts'
import { claimedAt } from '../../core/deliver/claims.ts'
import { wayShown } from '../../core/deliver/proof.ts'
import { comingOf } from '../../core/desk/card.ts'
import { nameOfActor } from '../../core/desk/names.ts'
import type { Answered, Standing } from '../../core/desk/views.ts'
import type { FaultCode } from '../../core/faults.ts'
import { type AlertId, asId, type PersonId } from '../../core/ids.ts'
import { REASONS, type ReasonCode, standDownReason } from '../../core/reasons.ts'
import type { Caller, Desk, Manage, Outcome } from '../../ports/desk.ts'
import { StoreFault } from '../../ports/store.ts'
import { stepStored } from '../step-attempt.ts'
import { drilledBy } from './conduct.ts'
import type { DeskParts } from './desk-parts.ts'
import { actorOf, allowed, audit, deviceOf, done, readerOf, refuse } from './desk-parts.ts'
import { outsideBy } from './outside.ts'
import { prove, testReceipt } from './proofs.ts'
import { type Speaker, speakerOf } from './speaker.ts'

/** What became of a human action that was not applied. */
const REFUSED = {
  stale: 'answer-stale',
  already: 'answer-overtaken',
  late: 'answer-late',
  'not-asked': 'answer-not-asked',
} as const satisfies Record<string, FaultCode>

type Answers = Pick<Desk, 'answer' | 'manage' | 'say' | 'receipt'>

/** Answers, actions, replies and receipts from any channel, as events of the alert; the same one twice happens once. */
export function createAnswers(parts: DeskParts): Answers {
  const { store, clock, alerts, metrics } = parts

  /** Applies what somebody does, who it is and what they do read in one transaction; puts what came of it in words. */
  const act = async (
    caller: Caller,
    id: AlertId,
    named: PersonId | undefined,
    make: (who: Speaker) => Outcome<AlertEvent>,
    same: (alert: Alert, person: PersonId | undefined) => boolean,
  ): Promise<Outcome<Answered>> => {
    let event: Outcome<AlertEvent> = refuse('alert-unknown')
    let person: PersonId | undefined
    const applied = await alerts.apply(id, async (tx, alert) => {
      const who = await speakerOf(parts, tx, caller, alert, named)
      if (who.ok) person = who.value.person
      event = who.ok ? make(who.value) : who
      return event.ok ? event.value : undefined
    })
    if (applied === undefined) return event.ok ? refuse('alert-unknown') : event
    const { alert, effects } = applied
    const said = effects.find((e) => e.kind === 'answered')
    const reader = readerOf(caller, person === undefined ? [] : [person], alert)
    const directory = parts.roster.current()
    // Whoever did it themselves knows; of somebody else at the switchboard the name they sign in with is told.
    const other = said?.by === 'switchboard' ? (alert.closed?.operator ?? alert.takenOver?.by) : undefined
    const own =
      said?.by === undefined ||
      said.by === person ||
      (caller.kind === 'operator' && other === caller.operator)
    const by = own ? '' : ` (${other ?? nameOfActor(said.by, reader, directory)})`
    const standing = standingOf(
      alert,
      person,
      `${REASONS[said?.reason ?? ('answer-recorded' satisfies ReasonCode)]}${by}`,
      comingOf(alert, reader, directory),
    )
    if (said === undefined || said.outcome === 'applied') return done({ outcome: 'applied', ...standing })
    if (said.outcome === 'already' && same(alert, person)) return done({ outcome: 'already', ...standing })
    // A phone whose holder was not asked has no part in this call, and is not told how it stands.
    if (caller.kind === 'device' && said.outcome === 'not-asked') return refuse('answer-not-asked')
    const stands = said.again ? { ...standing, again: true } : standing
    return { ok: false, fault: { code: REFUSED[said.outcome] }, stands }
  }

  /** Answers are on the alert's own record before they are confirmed; the audit follows. */
  const record = (
    caller: Caller,
    action: string,
    subject: AlertId,
    { ok }: Outcome<Answered>,
    detail: Record<string, string>,
  ) => parts.trail.did({ actor: actorOf(caller), action, subject, outcome: ok ? 'done' : 'refused', detail })

  return {
    answer: (caller, id, { answer, version, note, person: named }) =>
      allowed(parts, caller, 'alert.answer', async () => {
        let person: PersonId | undefined
        const answered = await act(
          caller,
          id,
          named,
          (who) => {
            person = who.person
            if (person === undefined)
              return refuse('request-invalid', say('refusals.bodyPersonSwitchboardAnswers'))
            return done({
              ...{ kind: 'answered', at: clock.now(), by: who.by, person, answer, version },
              ...(note === undefined || note === '' ? {} : { note }),
            })
          },
          (alert, by) => by !== undefined && responderOf(alert, by)?.state === answer,
        )
        if (person === undefined) return answered
        record(caller, 'alert.answer', id, answered, { answer })
        if (answered.ok && caller.kind === 'device') await drilledBy(parts, id, person)
        if (caller.kind === 'device') outsideBy(parts, caller, person, 'answer', id)
        return answered
      }),

    manage: (caller, id, what) =>
      allowed(parts, caller, 'alert.manage', async () => {
        if (what.action === 'page-by-radio' && parts.calling?.radio === false) return refuse('radio-not-set')
        if (what.action === 'also-ask' && !parts.roster.current().roles.has(what.role))
          return refuse('role-unknown')
        if ('person' in what && !(await isKnown(parts, id, what.person))) return refuse('person-unknown')
        const answered = await act(
          caller,
          id,
          undefined,
          (who) => done(managed(what, who.by, clock.now())),
          (alert) => isDone(alert, what),
        )
        await audit(parts, caller, `alert.${what.action}`, id, answered.ok ? 'done' : 'refused')
        return answered
      }),

    say: (caller, id, { person: named, ...said }) =>
      allowed(parts, caller, 'thread.write', async () => {
        const role = said.role && parts.roster.current().roles.get(said.role)
        const text = said.text === '' && role !== undefined ? role.name : said.text
        let spoke = false
        const answered = await act(
          caller,
          id,
          named,
          ({ by, asked }) => {
            if (!asked) return refuse('answer-not-asked')
            if (said.role !== undefined && role === undefined) return refuse('role-unknown')
            spoke = true
            return done({ kind: 'said', at: clock.now(), by, said: { ...said, text } })
          },
          () => false,
        )
        if (spoke) record(caller, 'alert.say', id, answered, { kind: said.kind })
        return answered
      }),

    receipt: (caller, { attempt: id, stage, by, claimed }) =>
      allowed(parts, caller, 'inbox.read', async () => {
        const at = clock.now()
        const found = await store.transact(async (tx) => {
          const device = await deviceOf(tx, caller)
          if (device === undefined) return undefined
          const attempt = await tx.attempts.get(id)
          // The phone keeps it and says it again, or asks another node.
          if (attempt === undefined && tx.isPart) throw new StoreFault('store-lost')
          if (attempt === undefined || attempt.device !== device.id) {
            return {
              moved: false,
              attempt: undefined,
              test: await testReceipt(tx, device, id, stage, at),
            }
          }
          const step = await stepStored(tx, id, { kind: 'receipt', stage, at })
          const moved = step !== undefined && step[1].length > 0
          const way = wayShown(attempt, by, parts.listens?.(device.id) === true)
          if (way !== undefined && (moved || by !== undefined))
            await prove(tx, device, way, { at, by: 'ring' })
          const alert = await tx.alerts.get(attempt.alert)
          const said = claimedAt(attempt, device, claimed, at)
          if (moved && said !== undefined && alert !== undefined) {
            await tx.hops.stamp([
              {
                bleep: alert.bleep,
                alert: alert.id,
                hop: stage,
                at: said,
                class: attempt.class,
                person: attempt.person,
                device: device.id,
                attempt: id,
                clock: 'device',
                ...device.clock,
              },
            ])
          }
          return { moved, attempt, test: false }
        })
        if (found === undefined) return refuse('not-signed-in')
        if (found.attempt === undefined) return found.test ? done({ moved: true }) : refuse('attempt-unknown')
        // Told again even when the attempt had moved before: a crash in between must not lose it, the machine ignores repeats.
        const { person, alert, channel } = found.attempt
        if (found.moved) metrics.count('bleepbridge_receipts_total', { channel, receipt: stage })
        await alerts.apply(alert, { kind: 'receipt', at, person, stage, attempt: id })
        return done({ moved: found.moved })
      }),
  }
}

/** In the directory, or on this alert since before they left it. */
async function isKnown(parts: DeskParts, id: AlertId, person: PersonId): Promise<boolean> {
  return parts.roster.current().people.has(person) || wasAsked(parts, id, person)
}

async function wasAsked({ store }: DeskParts, id: AlertId, person: PersonId): Promise<boolean> {
  const alert = await store.transact((tx) => tx.alerts.get(id))
  return responderOf(alert, person) !== undefined
}

function managed(what: Manage, by: Actor, at: number): AlertEvent {
  switch (what.action) {
    case 'close':
      return { kind: 'closed', at, by, version: what.version, ...noted(what) }
    case 'stand-down':
      return {
        ...{ kind: 'cancelled', at, by, version: what.version },
        reason: standDownReason(what.reason),
        ...noted(what),
      }
    case 'finish':
      return { kind: 'finished', at, by, version: what.version, ...noted(what) }
    case 'page-by-radio':
      return { kind: 'paged-again', at, by, version: what.version }
    case 'undo':
      return { kind: 'answer-undone', at, by, person: what.person, version: what.version }
    case 'take-over':
      return { kind: 'taken-over', at, by, version: what.version }
    case 'ask-again':
      return { kind: 'asked-again', at, by, version: what.version }
    case 'release':
      return { kind: 'released', at, by, person: asId<PersonId>(what.person), version: what.version }
    case 'tick':
      return { kind: 'ticked', at, by, step: what.step, done: what.done }
    case 'also-ask':
      return { kind: 'also-ask', at, by, target: { kind: 'role', role: what.role }, version: what.version }
  }
}

function noted({ note = '' }: { readonly note?: string }): { readonly note?: string } {
  return note === '' ? {} : { note }
}

/** Asked a second time, an action that stands is no error. */
function isDone(alert: Alert, what: Manage): boolean {
  if (what.action === 'take-over') return alert.takenOver !== undefined
  return what.action === 'also-ask' && alert.also.some((t) => t.kind === 'role' && t.role === what.role)
}

function standingOf(
  alert: Alert,
  person: PersonId | undefined,
  sentence: string,
  coming: Standing['coming'],
): Standing {
  const you = person === undefined ? undefined : responderOf(alert, person)
  return {
    alert: alert.id,
    version: alert.version,
    phase: alert.phase,
    ...(you === undefined ? {} : { you: you.state }),
    sentence,
    coming,
  }
}
