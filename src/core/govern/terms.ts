import { type Identifier, identifiersIn, isNhsNumber } from '../bleep/identifiers.ts'
import type { HospitalNumbers } from '../directory/hospital-numbers.ts'
import { named } from './erase.ts'
import { type About, folded, LOST, textsOf, type Whole, wholly } from './subject.ts'

/**
 * What the search table knows a bleep by. Words as a search folds them; identifiers the same however they are spaced;
 * people by their id. The first sort goes with the words, the last with the record of who was asked.
 */
export interface Terms {
  readonly words: readonly string[]
  readonly people: readonly string[]
}

/** All terms of a bleep with its sightings, its alert and what was written on that. */
export function termsOf(whole: Whole): Terms {
  const words = new Set<string>()
  for (const text of textsOf(whole)) {
    for (const word of folded(text).split(' ')) if (word !== '') words.add(word)
    for (const { kind, key } of identifiersIn(text)) words.add(identifier(kind, key))
    for (const digits of nhsNumbersIn(text)) words.add(identifier('nhs-number', digits))
  }
  return { words: [...words], people: peopleIn(whole).map(personTerm) }
}

/** Everybody an alert names, whatever their part in it. */
function peopleIn({ alert, events }: Whole): readonly string[] {
  return alert === undefined ? [] : [...new Set([...named(alert), ...named(events)])]
}

const personTerm = (person: string): string => `@${person}`
const identifier = (kind: Identifier, key: string): string => `#${kind}:${key}`
/** What no text can look like, because folding leaves only letters, digits and lost characters. */
const isWord = (word: string): boolean => !word.startsWith('#') && !word.startsWith('@')

/** Every ten digits in a row that are an NHS number, gaps or not, in the midst of more digits too: as `seeker` finds them. */
function nhsNumbersIn(text: string): readonly string[] {
  const runs = text.replace(/(?<=\d)[ .-]+(?=\d)/g, '').match(/\d{10,}/g) ?? []
  return runs.flatMap((run) =>
    Array.from({ length: run.length - 9 }, (_, i) => run.slice(i, i + 10)).filter(isNhsNumber),
  )
}

/** One thing that must be in a bleep. `anyOf`: one of these terms as they stand; `part`: of a word that is one. */
export type Sought = { readonly anyOf: readonly string[] } | { readonly part: string }

/**
 * What a bleep must hold to come into question, as the search table has it. Undefined: the table is of no help.
 * @param own finds the hospital's own numbers
 */
export function soughtOf(
  { text, person }: Pick<About, 'text' | 'person'>,
  own?: HospitalNumbers,
): readonly Sought[] | undefined {
  const sought: Sought[] = person === undefined ? [] : [{ anyOf: [personTerm(person)] }]
  if (text !== undefined) sought.push(...soughtIn(text, own))
  return sought.length === 0 ? undefined : sought
}

function soughtIn(text: string, own: HospitalNumbers | undefined): readonly Sought[] {
  const digits = text.replace(/[ .-]/g, '')
  if (isNhsNumber(digits)) return [{ anyOf: [identifier('nhs-number', digits)] }]
  const named = wholly(text, own)
  if (named?.kind === 'hospital-number') return spelled(named.key)
  if (named !== undefined) return [{ anyOf: [identifier(named.kind, named.key)] }]
  return folded(text)
    .split(' ')
    .filter((part) => part !== '')
    .map((part) => ({ part }))
}

/**
 * However a number is spaced, its first word begins it and its last ends it. The table knows words alone: the shape of
 * the site's numbers may have been told, or changed, after a bleep was put into it.
 */
function spelled(key: string): readonly Sought[] {
  const upTo = Array.from({ length: key.length }, (_, i) => i + 1)
  return [{ anyOf: upTo.map((n) => key.slice(0, n)) }, { anyOf: upTo.map((n) => key.slice(-n)) }]
}

/** Whether a part of what is sought may have been read from a known word; the bleep itself decides. */
export function mayBe(word: string, part: string): boolean {
  if (!isWord(word)) return false
  return word.includes(LOST) ? fits(word, part) : word.includes(part)
}

/** Lost characters may have been any, blanks between words too: other words of the same search may tell more. */
function fits(word: string, part: string): boolean {
  for (let from = 0; from + part.length <= word.length; from++) {
    let i = 0
    while (i < part.length && (word[from + i] === part[i] || word[from + i] === LOST)) i += 1
    if (i === part.length) return true
  }
  return false
}
