import type { PersonId } from '../ids.ts'
import type { Saying } from './alert.ts'
import { change, type Draft, setResponder } from './draft.ts'

/** Longest text of one reply, in characters, and most replies kept in view; every one stays in the alert's events. */
const SAID_LENGTH = 240
const THREAD_LENGTH = 200

/** One short reply among responders and switchboard. An ETA is also shown beside its giver. */
export function say(d: Draft, by: PersonId | 'switchboard' | 'asker', said: Saying): void {
  const text = Array.from(said.text.trim()).slice(0, SAID_LENGTH).join('')
  if (text === '') return
  const thread = [...d.alert.thread, { at: d.at, by, ...said, text }]
  change(d, { thread: thread.slice(-THREAD_LENGTH) })
  const r = Object.values(d.alert.responders).find(({ person }) => person === by)
  if (r && said.kind === 'eta') setResponder(d, { ...r, eta: text })
}
