import type { PersonId } from '../ids.ts'
import type { Actor, AlertEvent, Said, Saying } from './alert.ts'
import { change, type Draft, setResponder } from './draft.ts'

/** Longest text of one reply, in characters, and most replies kept in view; every one stays in the alert's events. */
const SAID_LENGTH = 240
const THREAD_LENGTH = 200

/** One short reply among responders and switchboard. An ETA is also shown beside its giver. */
export function say(d: Draft, actor: Actor, said: Saying): void {
  const text = Array.from(said.text.trim()).slice(0, SAID_LENGTH).join('')
  if (text === '') return
  const by: Said['by'] = actor.kind === 'asker' ? 'asker' : speaker(actor)
  const operator = actor.kind === 'switchboard' ? { operator: actor.operator } : {}
  const thread = [...d.alert.thread, { at: d.at, by, ...operator, ...said, text }]
  change(d, { thread: thread.slice(-THREAD_LENGTH) })
  const r = Object.values(d.alert.responders).find(({ person }) => person === by)
  if (r && said.kind === 'eta') setResponder(d, { ...r, eta: text })
}

export function speaker(by: Actor): PersonId | 'switchboard' {
  return by.kind === 'person' ? by.person : 'switchboard'
}

/** The operator's own steps are on the record of the call, also after its end; they decide nothing. */
export function ticked(d: Draft, e: Extract<AlertEvent, { kind: 'ticked' }>): void {
  const { [e.step]: was, ...others } = d.alert.ticks ?? {}
  if ((was !== undefined) === e.done) d.ignored = true
  const by = e.by.kind === 'switchboard' ? e.by.operator : speaker(e.by)
  change(d, { ticks: e.done ? { ...others, [e.step]: { at: d.at, by } } : others })
}
