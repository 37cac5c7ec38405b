import { z } from 'zod'
import type { Alert } from '../alert/alert.ts'
import { IDENTIFIERS } from '../bleep/identifiers.ts'
import { say } from '../catalogue/say.ts'
import type { HospitalNumbers } from '../directory/hospital-numbers.ts'
import { isEnd } from '../vocabulary.ts'
import type { Attempt } from './attempt.ts'
import { maskText } from './mask.ts'
import { URGENCY } from './urgency.ts'

/** What may leave the building: nothing but an opaque id and the class, or the place as well where the site says so. */
export const privacySchema = z.enum(['opaque', 'place'])
export type Privacy = z.infer<typeof privacySchema>

/** All that any push holds: nothing that tells a stranger more than that someone is called. */
export interface Doorbell {
  /** Opaque: the attempt id. */
  readonly id: string
  readonly class: Attempt['class']
  readonly purpose: Attempt['purpose']
  /** Only where the site's privacy level allows it. */
  readonly place?: string
}

/** Longest place a push may name; what the sender wrote beyond that stays here. */
const PLACE_LENGTH = 40

/**
 * The doorbell of one attempt. Message text is no input, so none can get out.
 * @param place as stated by the sender, used only at privacy level `place`
 * @param own finds the hospital's own numbers
 * @param unclear what of the page has to be checked: a place that may be wrong is not told as if it were sure
 */
export function doorbell(
  attempt: Attempt,
  privacy: Privacy,
  place: string | undefined,
  own?: HospitalNumbers,
  unclear?: string,
): Doorbell {
  const bell = { id: attempt.id, class: attempt.class, purpose: attempt.purpose }
  if (privacy !== 'place' || place === undefined) return bell
  // By whole characters: half of one is refused by some providers, and with it the ring.
  const told = [...maskText(place, IDENTIFIERS, own)].slice(0, PLACE_LENGTH).join('')
  return { ...bell, place: unclear === undefined ? told : `${told}. ${unclear}` }
}

/**
 * Pushes about one alert replace each other while they wait at a provider: 32 characters of the base64url alphabet,
 * the most that a Web Push topic may have (RFC 8030 clause 5.4), inside the 64 bytes of an APNs collapse id.
 */
export function collapseKey(alert: Alert['id']): string {
  return alert.replace(/[^A-Za-z0-9_-]|-/g, '').slice(-32)
}

/** Whole seconds for which a provider may still deliver: what is left of the attempt's own time, never more. */
export function secondsLeft(attempt: Attempt, now: number): number {
  return Math.max(0, Math.floor((attempt.expires - now) / 1000))
}

/**
 * What is texted: the class, the place where the site allows it, and where to look. At most one text long.
 * @param answered by a text that comes back
 */
export function phoneText(bell: Doorbell, answered = false): string {
  const { title } = lockScreen(bell)
  const what = bell.place === undefined ? title : `${title}, ${bell.place}`
  return `${what}. Open Bleep Bridge.${answered ? ` ${say('ways.orReply')}` : ''}`
}

/** What a phone's own system writes on a locked screen: the class, and the place where the site allows it. */
export function lockScreen(bell: Doorbell): { readonly title: string; readonly body: string } {
  const title = isEnd(bell.purpose) ? say('timeline.standDown') : URGENCY[bell.class].title
  return { title, body: bell.place ?? say('timeline.unlockToRead') }
}
