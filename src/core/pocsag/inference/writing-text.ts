import { type Characters, charactersOf, KIND, TEXT_KINDS } from '../code/characters.ts'
import type { Glyphs } from '../code/charset.ts'
import { LOST } from '../code/content.ts'
import { pairChance } from '../code/letter-pairs.ts'
import { CHARACTER_BITS, FILL } from '../code/tables.ts'
import { START, type Writing } from './writing.ts'

/** What stands before a character: its kind, or one of three more. */
const CAPITALS = 9
const BEGINNING = 10
const UNKNOWN = 11

/** Before anything is known of a page: how many of a thousand characters are of each kind, by what stands before. */
const USUAL: readonly (readonly number[])[] = [
  // upper, lower, digit, space, mark, opening, rare, line, control
  [500, 320, 50, 70, 50, 3, 3, 2, 0.2], // upper
  [15, 720, 15, 180, 60, 3, 3, 3, 0.2], // lower
  [40, 20, 550, 280, 95, 4, 4, 6, 0.2], // digit
  [440, 250, 230, 25, 15, 20, 5, 2, 0.2], // space
  [180, 90, 260, 380, 60, 8, 8, 10, 0.2], // mark
  [300, 250, 350, 30, 20, 20, 20, 2, 0.2], // opening
  [180, 180, 180, 150, 80, 20, 200, 5, 0.2], // rare
  [500, 100, 200, 80, 40, 10, 20, 50, 0.2], // line
  [180, 180, 180, 150, 80, 20, 20, 20, 150], // control
  [720, 6, 20, 190, 58, 2, 2, 4, 0.2], // a second capital or later
  [550, 150, 170, 10, 40, 35, 25, 3, 0.2], // nothing: the page begins
  [340, 280, 150, 150, 60, 8, 8, 3, 0.2], // nothing known
]

/** How much those weigh against what the page shows, as so many characters of it; likewise each character in its kind. */
const OF_CONTEXT = 5
const OF_KIND = 6
const OF_CODE = 0.5

/**
 * Four ways of writing, and how likely each is before the page is seen: words whose letters follow one another as in
 * English; words whose letters follow freely; codes, in which kinds follow freely too; characters without any rule. The
 * floors keep room for the others in a page of one.
 */
const WAYS = [
  { before: 0.6, floor: 0.001 },
  { before: 0.3, floor: 0.05 },
  { before: 0.05, floor: 0.001 },
  { before: 0.05, floor: 0.0001 },
] as const

/** Chance of a character without any rule: one of 97 that are written; controls are not. */
const ANY = 1 / 97
const ANY_CONTROL = 1e-9

/** Chance that the text ends at a character: anywhere, and in the last codeword of a page seen to end. */
const ENDS = 0.002
const ENDS_IN_LAST = 0.2

/** Share of each fill, NUL and EOT being usual; what stands behind one: the same again, zeros, hardly anything else. */
const FILLS = new Map([...FILL].map((code) => [code, code === 0 ? 0.5 : code === 4 ? 0.4 : 0.033]))
const SAME_FILL = 0.5
const ZERO_FILL = 0.45
const OTHER_FILL = 0.01
const BEHIND_FILL = 1e-5

/** Share of pages seen to end whose last bits are fill: the others were cut by their sender. */
const FILLED = 0.95

/**
 * How one page is written, learned from the characters of it that are sure. Nothing is learned of digits but how often
 * they come: one ward is as likely as another.
 * @param sure codes of the page in order, `LOST` where they are not sure
 * @param ended the end of the page was seen: its last codeword holds the end of the text
 */
export function textWriting(glyphs: Glyphs, sure: readonly number[], ended: boolean): Writing {
  const page = learn(charactersOf(glyphs), sure)
  const chance = chances(page, weigh(page, sure), ended)
  const begins = new Float64Array(128)
  const ends = new Float64Array(128)
  for (let code = 0; code < 128; code++) {
    const p = chance(LOST, LOST, code, false)
    for (let n = 1; n < CHARACTER_BITS; n++) {
      begins[(1 << n) | (code & ((1 << n) - 1))]! += p
      ends[(1 << n) | (code >>> (CHARACTER_BITS - n))]! += p
    }
  }
  const filled = ended ? FILLED : 0
  return {
    width: CHARACTER_BITS,
    chance,
    begins: (count, bits) => begins[(1 << count) | bits]!,
    ends: (count, bits) => ends[(1 << count) | bits]!,
    leftover: (count, bits) => filled * fillBegins(count, bits) + (1 - filled) / (1 << count),
  }
}

/** The page in numbers: its sure characters by kind, by kind behind each context, and by code. */
interface Learned extends Characters {
  readonly count: number
  readonly ofKind: readonly number[]
  readonly inContext: readonly (readonly number[])[]
  readonly ofCode: readonly number[]
}

function learn(characters: Characters, sure: readonly number[]): Learned {
  const { kinds } = characters
  const inContext = USUAL.map(() => new Array<number>(TEXT_KINDS).fill(0))
  const ofCode = new Array<number>(128).fill(0)
  for (const [i, code] of sure.entries()) {
    if (code === LOST || kinds[code] === KIND.fill) continue
    inContext[contextAt(kinds, sure, i)]![kinds[code]!]!++
    ofCode[code]!++
  }
  const ofKind = inContext[0]!.map((_, kind) => sum(inContext.map((row) => row[kind]!)))
  return { ...characters, count: sum(ofKind), ofKind, inContext, ofCode }
}

/**
 * Shares of the kinds in a context: as usual, bent towards the kinds the page holds, then towards what came in that very
 * context.
 * @param without leaves one character of this kind out of account, that it may be judged by the others; -1 for none
 */
function shares({ inContext, ofKind }: Learned, context: number, without: number): number[] {
  const usual = USUAL[UNKNOWN]!
  const bent = USUAL[context]!.map((share, kind) => {
    const seen = ofKind[kind]! - (kind === without ? 1 : 0)
    return share * (seen / usual[kind]! + OF_KIND / 1000)
  })
  const all = sum(bent)
  const here = inContext[context]!
  const count = sum(here) - (without < 0 ? 0 : 1)
  return bent.map((share, kind) => {
    const seen = here[kind]! - (kind === without ? 1 : 0)
    return (seen + (OF_CONTEXT * share) / all) / (count + OF_CONTEXT)
  })
}

/** Share of a kind where any may follow any; `less` occurrences of it are left out of account. */
function freeShare({ ofKind, count }: Learned, kind: number, less: number): number {
  return (ofKind[kind]! - less + (OF_KIND * USUAL[UNKNOWN]![kind]!) / 1000) / (count - less + OF_KIND)
}

/** Share of a character among those of its kind, likewise. */
function within(page: Learned, code: number, less: number): number {
  const kind = page.kinds[code]!
  if (kind === KIND.digit) return 0.1
  const seen = page.ofCode[code]! - less + OF_CODE * page.weights[code]!
  return seen / (page.ofKind[kind]! - less + OF_CODE * page.weightOfKind[kind]!)
}

/** How likely each way of writing is for this page: by Bayes, each character judged by all the others. */
function weigh(page: Learned, sure: readonly number[]): readonly number[] {
  const { kinds, letters } = page
  const logs = WAYS.map((way) => Math.log(way.before))
  for (const [i, code] of sure.entries()) {
    if (code === LOST || kinds[code] === KIND.fill) continue
    const kind = kinds[code]!
    const share = shares(page, contextAt(kinds, sure, i), kind)[kind]!
    const free = within(page, code, 1)
    const letter = letters[code]!
    const paired = letter === 0 ? free : pairChance(letters[sure[i - 1] ?? START] ?? 0, letter)
    const ways = [share * paired, share * free, freeShare(page, kind, 1) * free, anyChance(kind)]
    for (const [way, chance] of ways.entries()) logs[way]! += Math.log(chance)
  }
  const most = Math.max(...logs)
  const weights = logs.map((log, way) => Math.max(Math.exp(log - most), WAYS[way]!.floor))
  const all = sum(weights)
  return weights.map((weight) => weight / all)
}

function chances(page: Learned, ways: readonly number[], ended: boolean): Writing['chance'] {
  const [words, freely, codes, any] = ways
  const { kinds, letters } = page
  // By context and code: what the letter before does not change, and the share of words whose letters it does.
  const fixed = new Float64Array(USUAL.length * 128)
  const paired = new Float64Array(USUAL.length * 128)
  for (const context of USUAL.keys()) {
    const share = shares(page, context, -1)
    for (const [code, kind] of kinds.entries()) {
      if (kind === KIND.fill) continue
      const free = within(page, code, 0)
      const byLetter = letters[code] !== 0
      const ruled = share[kind]! * (byLetter ? freely! : words! + freely!) * free
      if (byLetter) paired[context * 128 + code] = words! * share[kind]!
      fixed[context * 128 + code] = ruled + codes! * freeShare(page, kind, 0) * free + any! * anyChance(kind)
    }
  }
  return (before, previous, code, last) => {
    const kind = kinds[code]!
    if (kinds[previous] === KIND.fill) return behindFill(previous, code, kind)
    const end = last && ended ? ENDS_IN_LAST : ENDS
    if (kind === KIND.fill) return end * FILLS.get(code)!
    const place = contextOf(kinds, before, previous) * 128 + code
    const share = paired[place]!
    const pair = share === 0 ? 0 : share * pairChance(letters[previous] ?? 0, letters[code]!)
    return (1 - end) * (fixed[place]! + pair)
  }
}

function anyChance(kind: number): number {
  return kind === KIND.control ? ANY_CONTROL : ANY
}

function behindFill(previous: number, code: number, kind: number): number {
  if (kind !== KIND.fill) return BEHIND_FILL
  return code === previous ? SAME_FILL : code === 0 ? ZERO_FILL : OTHER_FILL
}

/** Chance that fill begins with these bits. */
function fillBegins(count: number, bits: number): number {
  let all = 0
  for (const [code, share] of FILLS) if ((code & ((1 << count) - 1)) === bits) all += share
  return all
}

function contextAt(kinds: readonly number[], codes: readonly number[], i: number): number {
  return contextOf(kinds, codes[i - 2] ?? START, codes[i - 1] ?? START)
}

function contextOf(kinds: readonly number[], before: number, previous: number): number {
  if (previous === START) return BEGINNING
  if (previous === LOST || kinds[previous] === KIND.fill) return UNKNOWN
  const kind = kinds[previous]!
  const inWord = kinds[before] === KIND.upper || kinds[before] === KIND.lower
  return kind === KIND.upper && inWord ? CAPITALS : kind
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}
