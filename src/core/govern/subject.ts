import type { Alert, AlertEvent } from '../alert/alert.ts'
import type { Bleep, Sighting } from '../bleep/bleep.ts'
import { IDENTIFIERS, type Identified, identifiersIn, isNhsNumber } from '../bleep/identifiers.ts'
import type { HospitalNumbers } from '../directory/hospital-numbers.ts'
import type { PersonId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { names } from './erase.ts'

/** Whose data somebody asks for: what was written about a patient, or what a member of staff did. */
export interface About {
  /** An NHS number, a part of a name, any words of a page, reply or note. */
  readonly text?: string
  /** Only bleeps to this number. */
  readonly number?: string
  /** Bleeps that this member of staff was asked on. */
  readonly person?: PersonId
  readonly from: Instant
  readonly to: Instant
}

/** `page`: the words as shown; `reading`: another tap's reading of them; `thread`: replies and notes; `asked`: the person. */
export type Place = 'page' | 'reading' | 'thread' | 'number' | 'asked'

/** A bleep with all that may hold somebody's data. */
export interface Whole {
  readonly bleep: Bleep
  readonly sightings: readonly Sighting[]
  readonly alert: Alert | undefined
  readonly events: readonly AlertEvent[]
  /** Since when its words are kept apart: what is here is as it was before. */
  readonly restricted?: Instant
}

/** Where a bleep holds what is sought; empty: nowhere. Of several conditions all must hold. */
export function foundIn(whole: Whole, about: About, own?: HospitalNumbers): readonly Place[] {
  const { bleep } = whole
  if (about.number !== undefined && bleep.number !== about.number) return []
  if (about.person !== undefined && !isOn(whole, about.person)) return []
  if (about.text === undefined) return about.person === undefined ? ['number'] : ['asked']
  const sought = seeker(about.text, own)
  const places: Place[] = []
  if (written(bleep).some(sought)) places.push('page')
  if (whole.sightings.some((s) => written(s).some(sought))) places.push('reading')
  if (spoken(whole).some(sought)) places.push('thread')
  return places.includes('page') ? places.filter((place) => place !== 'reading') : places
}

/** Whether somebody was asked on it or acted on it. */
function isOn({ alert, events }: Whole, person: PersonId): boolean {
  return alert !== undefined && (names(alert, person) || names(events, person))
}

/** Every text of it that a sender, another tap or a responder has words in. */
export function textsOf(whole: Whole): readonly string[] {
  return [...written(whole.bleep), ...whole.sightings.flatMap(written), ...spoken(whole)].filter(
    (text) => text !== '',
  )
}

function written({ page }: Pick<Bleep, 'page'>): readonly string[] {
  return [page.text, ...Object.values(page.fields)]
}

function spoken({ alert, events }: Whole): readonly string[] {
  const etas = Object.values(alert?.responders ?? {}).flatMap(({ eta }) => eta ?? [])
  return [...etas, ...(alert?.thread ?? []).map((s) => s.text), ...events.flatMap(noteOf)]
}

function noteOf(event: AlertEvent): readonly string[] {
  if (event.kind === 'said') return [event.said.text]
  return (event.kind === 'answered' || event.kind === 'closed') && event.note !== undefined
    ? [event.note]
    : []
}

/**
 * Tells texts that hold what is sought. A valid NHS number, a telephone number or a
 * postcode is found however it is spaced; words are found
 * whatever their case, spacing and punctuation, and a character that was lost on the way may have been any.
 * @param own finds the hospital's own numbers: they are found as NHS numbers are
 */
export function seeker(text: string, own?: HospitalNumbers): (where: string) => boolean {
  const digits = text.replace(/[ .-]/g, '')
  if (isNhsNumber(digits)) return (where) => where.replace(/(?<=\d)[ .-]+(?=\d)/g, '').includes(digits)
  const named = wholly(text, own)
  if (named !== undefined)
    return (where) =>
      identifiersIn(where, IDENTIFIERS, own).some(({ kind, key }) => kind === named.kind && key === named.key)
  const words = folded(text)
  return (where) => contains(folded(where), words)
}

/** The identifier that a text is, and nothing beside it. A date alone is sought as words: it may be of anything. */
export function wholly(text: string, own?: HospitalNumbers): Identified | undefined {
  const [named] = identifiersIn(text.trim(), IDENTIFIERS, own)
  const all = named?.from === 0 && named.to === text.trim().length
  return all && named.kind !== 'date-of-birth' ? named : undefined
}

/** Letters without accents, capitals, one blank between words: what is the same in these is the same to a search. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .replace(/[^\p{L}\p{N}\uFFFD]+/gu, ' ')
    .toUpperCase()
    .trim()
}

/** Stands for a character that was lost on the way. */
export const LOST = '\uFFFD'

/** Lost characters fit anything, but at least half of what is sought must have been read. */
function contains(where: string, words: string): boolean {
  if (words === '') return false
  for (let from = 0; from + words.length <= where.length; from++) {
    let read = 0
    let i = 0
    for (; i < words.length; i++) {
      const there = where[from + i]
      if (there === words[i]) read += 1
      else if (there !== LOST) break
    }
    if (i === words.length && read * 2 >= words.length) return true
  }
  return false
}
