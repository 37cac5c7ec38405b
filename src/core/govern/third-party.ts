import { IDENTIFIERS, type Identified, identifiersIn } from '../bleep/identifiers.ts'
import type { HospitalNumbers } from '../directory/hospital-numbers.ts'
import { folded, seeker } from './subject.ts'

/** Whom a piece of text names that is not the person a pack is for, as far as anybody can tell from the words. */
export const THIRD_PARTIES = ['staff', 'relative', 'named', 'telephone', 'identifier'] as const
export type ThirdParty = (typeof THIRD_PARTIES)[number]

export interface Named {
  readonly kind: ThirdParty
  readonly from: number
  readonly to: number
}

/** A name as people write it: letters, hyphen, apostrophe; what follows it may be a second one. */
const NAME = "[\\p{Lu}][\\p{L}'’-]+"
const NAMES = `${NAME}(?: ${NAME})?`
const RELATIVES =
  'wife|husband|spouse|partner|mother|mum|father|dad|parents?|son|daughter|brother|sister|aunt|uncle|niece|nephew|cousin|(?:step|grand)[ -]?(?:mother|father|son|daughter|mum|dad|parents?|child(?:ren)?)|gran(?:dad)?|carer|guardian|neighbour|friend|next of kin|nok'
const TITLES = 'mr|mrs|ms|miss|mx|dr|prof(?:essor)?|sister|nurse|sr|rev|sir|dame|lady|lord'

/** Words that follow a title or a relative in a page in capitals and are nobody's name. */
const NO_NAME = new Set(
  (
    'A AN AND ARE AS ASAP ASKS ASKING AT BACK BED BLEEP BY CALL CALLED CALLING COMING FOR FROM HAS HERE IN IS LINE NEEDS ' +
    'NO NOT NOW OF ON ONLY OR OUT PATIENT PHONE PLEASE PT RE REQUESTS RING SAYS SIDE THE TO UNWELL UPSET URGENT WANTS WARD ' +
    'WAITING WAS WILL WITH WORRIED MR MRS MS MISS MX DR PROF SISTER NURSE SR'
  ).split(' '),
)

/**
 * Everything in a text that may name somebody else, in order, each once. A proposal: a person decides.
 * @param staff names of people in the directory
 * @param own the person it is about, as they were sought: what they are called is theirs
 * @param numbers finds the hospital's own numbers
 */
export function thirdPartiesIn(
  text: string,
  staff: StaffNames,
  own: string | undefined,
  numbers?: HospitalNumbers,
): readonly Named[] {
  const found: Named[] = identifiersIn(text, IDENTIFIERS, numbers).map((one) => ({
    kind: kindOf(one),
    from: one.from,
    to: one.to,
  }))
  found.push(...staffIn(text, staff), ...after(text, RELATIVES, 'relative'), ...after(text, TITLES, 'named'))
  const mine = found.filter((one) => isOwn(one, text, own, numbers))
  // Two of the name, such as a couple: nobody but a person can tell which is whose.
  const titles = mine
    .filter(({ kind }) => kind === 'named')
    .map(({ from, to }) => titleIn(text.slice(from, to)))
  const alone = new Set(titles).size <= 1
  const others = found.filter((one) => !(alone && mine.includes(one)))
  const kept: Named[] = []
  for (const one of others.sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = kept.at(-1)
    if (last === undefined || one.from >= last.to) kept.push(one)
    else if (one.to > last.to) kept[kept.length - 1] = { ...last, to: one.to }
  }
  return kept
}

function kindOf({ kind }: Identified): ThirdParty {
  return kind === 'telephone' ? 'telephone' : 'identifier'
}

/** Whether it is what the person themselves is called, or a number of theirs. */
function isOwn(
  { kind, from, to }: Named,
  text: string,
  own: string | undefined,
  numbers: HospitalNumbers | undefined,
): boolean {
  if (own === undefined || kind === 'relative') return false
  const said = text.slice(from, to)
  if (kind === 'telephone' || kind === 'identifier') return seeker(own, numbers)(said)
  const [first = ''] = said.slice(titleIn(said).length).trim().split(/\s+/)
  return first !== '' && ` ${folded(own)} `.includes(` ${folded(first)} `)
}

function titleIn(said: string): string {
  return new RegExp(`^(?:${TITLES})\\.?(?= )`, 'i').exec(said)?.[0]?.toUpperCase() ?? ''
}

/** Names of staff, so that a text is read once however many there are: surname → first names, in capitals. */
export type StaffNames = ReadonlyMap<string, ReadonlySet<string>>

/** Names as `Anna Bell`; a surname of one or two letters is too common a word and is left out. */
export function staffNames(names: readonly string[]): StaffNames {
  const all = new Map<string, Set<string>>()
  for (const name of names) {
    const parts = name.toUpperCase().split(/\s+/)
    const surname = parts.at(-1) ?? ''
    if (surname.length >= 3) all.set(surname, (all.get(surname) ?? new Set()).add(parts[0] ?? ''))
  }
  return all
}

/** A surname, with the first name before it; one that is a common word counts with its first name alone. */
function staffIn(text: string, staff: StaffNames): Named[] {
  const words = [...text.matchAll(/\p{L}[\p{L}'’-]*/gu)]
  return words.flatMap((word, i) => {
    const surname = word[0].toUpperCase()
    const firsts = staff.get(surname)
    if (firsts === undefined) return []
    const before = words[i - 1]
    const whole = before !== undefined && firsts.has(before[0].toUpperCase())
    if (!whole && NO_NAME.has(surname)) return []
    return [
      { kind: 'staff' as const, from: whole ? before.index : word.index, to: word.index + surname.length },
    ]
  })
}

/** The word itself, and the name behind it. */
function after(text: string, words: string, kind: ThirdParty): Named[] {
  const shape = new RegExp(`(?<![\\p{L}])(?:${words})(?![\\p{L}])\\.?`, 'giu')
  const found: Named[] = []
  for (const m of text.matchAll(shape)) {
    const end = m.index + m[0].length
    const rest = text.slice(end)
    const [gap = ''] = rest.match(/^[ :,(]*(?:is |called |named )?/i) ?? []
    const [name = ''] = rest.slice(gap.length).match(new RegExp(`^${NAMES}`, 'u')) ?? []
    const real = name
      .split(' ')

      .filter((_, i, all) => !all.slice(0, i + 1).some((w) => NO_NAME.has(w.toUpperCase())))
    const to = real.length === 0 ? end : end + gap.length + real.join(' ').length
    // A title alone names nobody; a relative does, because there is one of them.
    if (real.length > 0 || kind === 'relative') found.push({ kind, from: m.index, to })
  }
  return found
}
