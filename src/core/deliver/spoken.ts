import { say } from '../catalogue/say.ts'
import type { Attempt } from './attempt.ts'
import { type Doorbell, lockScreen } from './payload.ts'

/** Longest text that is spoken: about half a minute, twice. */
const LONGEST = 300

/** What a call says: what it is, the place where the site allows it, both twice, and which keys there are. */
export function spoken(bell: Doorbell, reason: Attempt['reason']): string {
  const { title } = lockScreen(bell)
  const what = bell.place === undefined ? title : `${title}. ${bell.place}`
  const keys = reason === 'self-test' || reason === 'way-proof' ? say('voice.keyHeard') : say('voice.keys')
  return twice(say('voice.says', { what }), keys)
}

/** What whoever asked is told by telephone: how their bleep stands, twice, and which key says that they have heard it. */
export function spokenToAsker(sentence: string): string {
  return twice(say('voice.tells', { what: sentence }), say('voice.keyHeard'))
}

function twice(what: string, keys: string): string {
  const once = what.slice(0, LONGEST)
  return `${once} ${once} ${keys}`
}
