import type { Alert, Responder } from '../alert/alert.ts'
import { isComing } from '../alert/responder.ts'
import type { Bleep } from '../bleep/bleep.ts'
import { say } from '../catalogue/say.ts'
import type { Directory } from '../directory/directory.ts'
import { isAwaited, isNo } from '../vocabulary.ts'
import type { AskState } from './ask-views.ts'

/** How a call stands for whoever asked: the state, the name of what they are to be told, and the sentence. */
export interface AskStand {
  readonly state: AskState
  /** Equal only where they would be told the same again. */
  readonly said: string
  readonly sentence: string
}

/** States that tell an asker what they wanted to know. */
const ANSWERS: ReadonlySet<AskState> = new Set(['will-ring', 'coming', 'there', 'done', 'stood-down'])
export const isAnswer = (state: AskState): boolean => ANSWERS.has(state)

/**
 * What whoever asked is to be told now. The best that anybody has promised comes first; that somebody cannot is told
 * with who is asked instead.
 */
export function askStand(bleep: Bleep, alert: Alert | undefined, directory: Directory): AskStand {
  if (alert === undefined) {
    const state = bleep.review === undefined ? 'sent' : 'read'
    return { state, said: state, sentence: say(state === 'sent' ? 'ward.sent' : 'ward.read') }
  }
  const c = alert.plan.class
  const all = Object.values(alert.responders).toSorted((a, b) => a.since - b.since)
  const name = (r: Responder) => directory.people.get(r.person)?.name ?? r.person
  const of = (state: AskState, r: Responder, sentence: string): AskStand => ({
    ...{ state, said: `${state}/${r.person}${r.eta === undefined ? '' : `/${r.eta}`}`, sentence },
  })
  const there = all.find((r) => r.state === 'arrived')
  if (alert.phase === 'closed') {
    const on = there ?? all.find((r) => isComing(r, c) || r.state === 'call-back')
    if (on === undefined) return { state: 'stood-down', said: 'stood-down', sentence: say('ward.stoodDown') }
    return of('done', on, say('ward.doneBy', { who: name(on) }))
  }
  if (there) {
    const spoken = bleep.meaning?.callBack !== undefined && bleep.meaning.kind === 'call-back'
    return of('there', there, say(spoken ? 'ward.spoke' : 'ward.there', { who: name(there) }))
  }
  const coming = all.find((r) => isComing(r, c) && r.state !== 'call-back')
  if (coming) {
    const who = name(coming)
    const { eta } = coming
    return of(
      'coming',
      coming,
      eta === undefined ? say('ward.coming', { who }) : say('ward.comingIn', { who, eta }),
    )
  }
  const rings = all.find((r) => r.state === 'call-back')
  if (rings) {
    const extension = bleep.meaning?.callBack
    const who = name(rings)
    return of(
      'will-ring',
      rings,
      extension === undefined ? say('ward.willRingBack', { who }) : say('ward.willRing', { who, extension }),
    )
  }
  return awaited(alert, all, name, of)
}

/** Nobody has promised anything yet. */
function awaited(
  alert: Alert,
  all: readonly Responder[],
  name: (r: Responder) => string,
  of: (state: AskState, r: Responder, sentence: string) => AskStand,
): AskStand {
  if (alert.phase === 'exhausted' || alert.attention?.level === 'act')
    return { state: 'unanswered', said: 'unanswered', sentence: say('ward.unanswered') }
  const waiting = all.filter((r) => isAwaited(r.state)).at(-1)
  const cannot = all.filter((r) => isNo(r.state)).at(-1)
  if (cannot) {
    const next = waiting === undefined ? say('ward.theNext') : name(waiting)
    return of('passed', cannot, say('ward.passed', { who: name(cannot), next }))
  }
  const seen = all.find((r) => r.state === 'opened')
  if (seen) return of('seen', seen, say('ward.seen', { who: name(seen) }))
  const rung = all.find((r) => r.state === 'presented' || r.state === 'on-device')
  if (rung) return of('ringing', rung, say('ward.ringing', { who: name(rung) }))
  return { state: 'sent', said: 'sent', sentence: say('ward.sent') }
}
