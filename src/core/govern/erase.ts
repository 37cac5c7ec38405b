import type { Alert, AlertEvent } from '../alert/alert.ts'
import type { Bleep, Page, Sighting } from '../bleep/bleep.ts'
import type { Device } from '../deliver/device.ts'
import type { PersonId } from '../ids.ts'
import type { Instant } from '../instant.ts'

/**
 * What is left of a record once the words are gone: who was bleeped, when, how urgently, who answered and how long each
 * hop took. Everything the sender or a responder wrote may name a patient, so all of it goes: text, the sender's other
 * fields, raw codewords, place, call-back number, replies, notes.
 */
export function bleepWithoutWords(bleep: Bleep, at: Instant): Bleep {
  const { meaning } = bleep
  if (meaning === undefined) return { ...bleep, page: pageWithoutWords(bleep.page), erased: at }
  const { place: _, callBack: __, eta: ___, ...bare } = meaning
  return { ...bleep, page: pageWithoutWords(bleep.page), meaning: bare, erased: at }
}

/** The same for what one tap heard of it. */
export function sightingWithoutWords(sighting: Sighting): Sighting {
  return { ...sighting, page: pageWithoutWords(sighting.page) }
}

function pageWithoutWords(page: Page): Page {
  const bare = { ...page, text: '', fields: {} }
  return page.radio === undefined ? bare : { ...bare, radio: { ...page.radio, words: [] } }
}

/** @param whose only what this person wrote; absent: what anybody did */
export function alertWithoutWords(alert: Alert, whose?: PersonId): Alert {
  return {
    ...alert,
    thread: alert.thread.map((said) =>
      whose === undefined || said.by === whose ? { ...said, text: '' } : said,
    ),
    responders: Object.fromEntries(
      Object.entries(alert.responders).map(([id, responder]) => {
        const { eta: _, ...silent } = responder
        return [id, whose === undefined || responder.person === whose ? silent : responder]
      }),
    ),
  }
}

/** @param whose only what this person wrote; absent: what anybody did */
export function eventWithoutWords(event: AlertEvent, whose?: PersonId): AlertEvent {
  if (!('by' in event) || typeof event.by !== 'object') return event
  if (whose !== undefined && !(event.by.kind === 'person' && event.by.person === whose)) return event
  if (event.kind === 'said') return { ...event, said: { ...event.said, text: '' } }
  if (event.kind !== 'answered' && event.kind !== 'closed') return event
  const { note: _, ...silent } = event
  return silent
}

/** Fields that name a person by their id, in every document we keep. A responder is also the key of their own entry. */
const NAMES_A_PERSON: ReadonlySet<string> = new Set(['person', 'by', 'to', 'from', 'gives', 'takes'])

/** The same document with one person's id replaced wherever it stands for them. */
export function renamed<T>(document: T, person: PersonId, pseudonym: PersonId): T {
  const walk = (value: unknown, key: string): unknown => {
    if (value === person && NAMES_A_PERSON.has(key)) return pseudonym
    if (Array.isArray(value)) return value.map((item) => walk(item, ''))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        key === 'responders' && name === person ? pseudonym : name,
        walk(item, name),
      ]),
    )
  }
  return walk(document, '') as T
}

/** Whether a document names a person. */
export function names(document: unknown, person: PersonId): boolean {
  return named(document).has(person)
}

/** Everybody whom a document names, and a few words that only stand where a name may. */
export function named(document: unknown): ReadonlySet<string> {
  const found = new Set<string>()
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string') {
      if (NAMES_A_PERSON.has(key)) found.add(value)
      return
    }
    if (typeof value !== 'object' || value === null) return
    for (const [name, item] of Object.entries(value)) {
      if (key === 'responders') found.add(name)
      walk(item, Array.isArray(value) ? '' : name)
    }
  }
  walk(document, '')
  return found
}

/** A phone of somebody who is gone: it can neither be rung nor speak, and nothing on it says whose it was. */
export function deviceWithoutOwner(device: Device, pseudonym: PersonId): Device {
  const { seen: _, clock: __, ...rest } = device
  return {
    ...rest,
    owner: { kind: 'person', person: pseudonym },
    label: '',
    address: '',
    state: 'revoked',
  }
}
