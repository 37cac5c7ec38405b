import { CORRECTIONS, syndrome, UNCORRECTABLE } from '../code/bch.ts'
import { isControl } from '../code/characters.ts'
import type { Glyphs } from '../code/charset.ts'
import { dataOf, distance, isMessage, isStuck, messageWord } from '../code/codeword.ts'
import {
  type ContentType,
  character,
  characterCount,
  LOST,
  type MessageData,
  mayEnd,
  symbolAt,
} from '../code/content.ts'
import { CHARACTER_BITS, DATA_BITS, DIGIT_BITS } from '../code/tables.ts'
import { AT, correctionDoubt, costOf, oddsOf, SURE, type Turned, turnedBy } from './doubt.ts'
import { type Explanation, explanations } from './explain.ts'
import { type Choice, logChance, posteriors } from './likely.ts'
import type { Writing } from './writing.ts'
import { digitWriting } from './writing-digits.ts'
import { textWriting } from './writing-text.ts'

/** A page's codewords as the code alone decided them. */
export interface Readings {
  readonly type: ContentType
  /** Data of each message codeword, `LOST` where it could not be decided. */
  readonly words: readonly MessageData[]
  /** Each as received, and the reliabilities of its bits, as in `ReceivedWord`. */
  readonly received: readonly number[]
  readonly weights: readonly (Uint8Array | undefined)[]
  /** The end of the page was seen. */
  readonly ended: boolean
  /** Nothing but wrong bits befell it: no slip of the bit clock, nothing missing. */
  readonly whole: boolean
  /** A lost codeword that read as an address, behind which the page went on although its text might have ended there. */
  readonly seam: number | undefined
}

export interface Judged {
  readonly words: readonly MessageData[]
  /** The lost codewords that their text told. */
  readonly inferred: readonly number[]
  /** Bits corrected in those. */
  readonly corrected: number
  /** Codewords of a page that may hold a wrong correction, beside those told by their text. */
  readonly doubted: readonly number[]
}

/**
 * A page is called corrected when the odds that any of its corrections is wrong are below 1 in 33. At 2 % of bits wrong
 * the code alone is wrong in one of 75 codewords it corrects two bits of.
 */
const DOUBT = 0.03

/** In a page that has no sure codeword, and so no writing to judge by, a correction stands unless it is likelier wrong. */
const DOUBT_UNTAUGHT = 0.5

/** Lost codewords are told by their text when the odds that any of them is wrong are below 1 in 100; most are far below. */
const TOLD = 0.01

/** The most codewords of a page that may be told. */
const MOST_TOLD = 5

/** One codeword in so many is drowned in a burst: then any word may be received, whatever the share of wrong bits. */
const BURST = 1e-4

/** That a page ends right before a lost codeword which is the address of the next, where its text may end. */
const NEXT_PAGE = 0.02

/**
 * Decides a posteriori which codewords of a page to believe. What may have been sent for a received word are the
 * codewords near it. On a channel with a share p of bits wrong, one at distance d has the likelihood p^d (1-p)^(32-d);
 * its prior is the chance of the text it makes with its neighbours, in the writing that the page's sure codewords show.
 * The posterior, by Bayes, does two things.
 *
 * - It withdraws corrections of two bits whose text is unlikely: beside the one codeword at two bits stand 30 at four,
 *   each (p/(1-p))^2 as likely, which at 2 % of bits wrong is 1 in 75 for all of them.
 * - It tells codewords with three wrong bits, for which the code leaves five equals: of the four that were not sent,
 *   hardly any makes text. Not in numeric pages, where four words in ten are digits, spaces or hyphens; not with four
 *   wrong bits, where there are forty; not beside another lost codeword; and only where that makes the page whole: in
 *   one with other holes a reader is warned already, and a guess would pass for what was read.
 *
 * Five wrong bits also look like three. Codewords that near to one another share most of their text, so those at five
 * bits are weighed one by one as well. Where bits have reliabilities, a wrong one counts by its own, and these replace
 * the rules by number: whatever was lost may be told.
 */
export function judge(readings: Readings, glyphs: Glyphs): Judged {
  const page = withoutStrayControls(readings)
  const { type, words, received } = page
  const near = words.map((word, i) =>
    word === LOST ? UNCORRECTABLE : distance(messageWord(word), received[i]!),
  )
  const plain = { words, inferred: [], corrected: 0, doubted: [] }
  const shaky = page.weights.map((of, i) => near[i] === 1 && of !== undefined && isShaky(of))
  if (type === 'tone' || (areSure(near) && !shaky.includes(true))) return plain
  const mayTell = type === 'alpha' && page.whole && canBeWhole(page)
  const writing = writingOf(page, glyphs, near)
  const channel = channelOf(near, turnedBy(page, near))
  const choices = words.map((word, i): readonly Choice[] => {
    if (near[i]! < 2 && !shaky[i]) return channel.sure(word, near[i]!)
    if (word === LOST && !mayTell) return ANYTHING
    return channel.near(page, i)
  })
  if (page.seam !== undefined && mayTell) weighSeam(choices, writing, page.seam)
  const chances = posteriors(choices, writing)
  const kept = withoutDoubtful(words, near, choices, chances)
  const withdrawn = kept.some((word, i) => word !== words[i])
  const told = mayTell && !withdrawn && tell(kept, choices, chances)
  return { ...plain, ...(told || { words: kept }), doubted: doubtedOf(kept, choices, chances) }
}

/** A burst over a codeword turns five bits as well as one; then it weakens others beside those that it turned. */
const SHAKY_BITS = 4
const WEAK_BIT = 64

function isShaky(weights: Uint8Array): boolean {
  let weak = 0
  for (const weight of weights) if (weight < WEAK_BIT) weak += 1
  return weak >= SHAKY_BITS
}

/** Whether corrections of one bit at most are sure enough for themselves. */
function areSure(near: readonly number[]): boolean {
  if (near.some((wrong) => wrong >= 2)) return false
  const ones = near.filter((wrong) => wrong === 1).length
  return ones * correctionDoubt(1, oddsOf(ones, near.length)) <= SURE
}

/** The codewords that make a page less than sure. */
function doubtedOf(
  words: readonly MessageData[],
  choices: readonly (readonly Choice[])[],
  chances: readonly Float64Array[],
): readonly number[] {
  const doubts = words.map((data, i) => {
    if (data === LOST) return 0
    return missOf(
      chances[i]!,
      choices[i]!.findIndex((choice) => choice.data === data),
    )
  })
  if (doubts.reduce((all, doubt) => all + doubt, 0) <= SURE) return []
  return doubts.flatMap((doubt, i) => (doubt > SURE / 10 ? [i] : []))
}

/**
 * A control character in a codeword that needed correction, and in none that did not, is the mark of a slipped bit
 * clock, behind which every word can be corrected and none is what was sent: no codeword with one is believed.
 */
function withoutStrayControls(page: Readings): Readings {
  const { type, words, received } = page
  if (type !== 'alpha') return page
  const held = new Set<number>()
  for (let i = 0; i < characterCount(words); i++) {
    if (!isControl(character(words, i))) continue
    const last = Math.floor((i * CHARACTER_BITS + CHARACTER_BITS - 1) / DATA_BITS)
    for (const w of new Set([Math.floor((i * CHARACTER_BITS) / DATA_BITS), last])) held.add(w)
  }
  const stray = [...held].filter((w) => messageWord(words[w]!) !== received[w])
  if (stray.length === 0 || stray.length < held.size) return page
  return { ...page, words: words.map((word, i) => (held.has(i) ? LOST : word)) }
}

const ANYTHING: readonly Choice[] = [{ data: LOST, wrong: 0, weight: 1 }]

/** Whether every lost codeword may be told: it stands between two that were read, with three wrong bits or weak ones. */
function canBeWhole({ words, received, weights }: Readings): boolean {
  const lost = words.flatMap((word, i) => (word === LOST ? [i] : []))
  if (lost.length > MOST_TOLD) return false
  return lost.every((i) => {
    const raw = received[i]!
    const fits = weights[i] ? !isStuck(raw) : CORRECTIONS[syndrome(raw)] === UNCORRECTABLE && isOdd(raw)
    return fits && words[i - 1] !== LOST && words[i + 1] !== LOST
  })
}

function isOdd(raw: number): boolean {
  return (syndrome(raw) & 1) === 1
}

/** Learns from the codewords with one corrected bit at most: at 2 % one in 30 000 of those is another than was sent. */
function writingOf({ type, words, ended }: Readings, glyphs: Glyphs, near: readonly number[]): Writing {
  const sure = words.map((word, i) => (near[i]! < 2 ? word : LOST))
  const width = type === 'alpha' ? CHARACTER_BITS : DIGIT_BITS
  const symbols = Array.from({ length: Math.floor((words.length * DATA_BITS) / width) }, (_, j) => {
    const w = Math.floor((j * width + width - 1) / DATA_BITS)
    return symbolAt(sure[w - 1] ?? LOST, sure[w]!, j * width - w * DATA_BITS, width)
  })
  return type === 'alpha' ? textWriting(glyphs, symbols, ended) : digitWriting(symbols)
}

/** What the channel says of a received word, all relative to the likelihood of no wrong bit. */
interface Channel {
  sure(data: MessageData, wrong: number): readonly Choice[]
  near(page: Readings, i: number): readonly Choice[]
}

/** The share of wrong bits is the page's own. */
function channelOf(near: readonly number[], turned: Turned): Channel {
  const odds = oddsOf(
    near.reduce((all, wrong) => all + wrong, 0),
    near.length,
  )
  // Any of 2^32 words was received, where any of 2^20 data may have been sent.
  const burst = BURST * 2 ** (DATA_BITS - 32) * (1 + odds) ** 32
  const other = (weight: number): Choice => ({ data: LOST, wrong: 0, weight: burst + weight })
  return {
    sure: (data, wrong) => [
      { data, wrong, weight: odds ** wrong },
      other(wrong === 0 ? AT.six * odds ** 6 : AT.five * odds ** 5),
    ],
    near: (page, i) => {
      const raw = page.received[i]!
      const weights = page.weights[i]
      let beyond = isOdd(raw) ? AT.seven * odds ** 7 : AT.six * odds ** 6
      const choices: Choice[] = []
      for (const { word, wrong } of candidates(page.words[i]!, raw)) {
        const weight = odds ** (weights ? costOf(word ^ raw, weights, odds, turned) : wrong)
        if (isMessage(word)) choices.push({ data: dataOf(word), wrong, weight })
        else beyond += nextPage(page, i) * weight
      }
      return [...choices, other(beyond)]
    },
  }
}

/** The codewords near a received word, and the one decided on where that lies farther off. */
function candidates(decided: MessageData, raw: number): readonly Explanation[] {
  const found = explanations(raw, decided === LOST || isOdd(raw) ? 5 : 4)
  if (decided === LOST) return found
  const word = messageWord(decided)
  return found.some((near) => near.word === word) ? found : [...found, { word, wrong: distance(word, raw) }]
}

function nextPage({ type, words }: Readings, i: number): number {
  return mayEnd(type, words.slice(0, i)) ? NEXT_PAGE : 0
}

/** If the word at the seam was an address, what stands behind it is a text of its own: how much likelier is it as that? */
function weighSeam(choices: (readonly Choice[])[], writing: Writing, seam: number): void {
  const apart = logChance(choices.slice(seam + 1), writing, 0)
  const together = logChance(choices, writing, seam + 1)
  const factor = Math.exp(Math.min(apart - together, 100))
  choices[seam] = choices[seam]!.map((choice) =>
    choice.data === LOST ? { ...choice, weight: choice.weight * factor } : choice,
  )
}

/** Takes back the least likely corrections of two bits and more until the page as a whole is likely enough. */
function withoutDoubtful(
  words: readonly MessageData[],
  near: readonly number[],
  choices: readonly (readonly Choice[])[],
  chances: readonly Float64Array[],
): readonly MessageData[] {
  const kept = [...words]
  const taught = near.some((wrong) => wrong < 2)
  const doubts = words
    .flatMap((data, i) => {
      if (data === LOST || near[i]! < 2) return []
      const place = choices[i]!.findIndex((choice) => choice.data === data)
      return [{ i, doubt: missOf(chances[i]!, place) }]
    })
    .sort((a, b) => a.doubt - b.doubt)
  let all = 0
  for (const { i, doubt } of doubts) {
    all += doubt
    if (taught ? all > DOUBT : doubt > DOUBT_UNTAUGHT) kept[i] = LOST
  }
  return kept
}

/** Chance of everything else: summed, as 1 less the chance would lose what is small. */
function missOf(chances: Float64Array, place: number): number {
  return chances.reduce((all, chance, k) => (k === place ? all : all + chance), 0)
}

/** The page with all its lost codewords told, or nothing where one of them cannot be. */
function tell(
  words: readonly MessageData[],
  choices: readonly (readonly Choice[])[],
  chances: readonly Float64Array[],
): Pick<Judged, 'words' | 'inferred' | 'corrected'> | undefined {
  const out = [...words]
  const inferred: number[] = []
  let corrected = 0
  let doubt = 0
  for (const [i, word] of words.entries()) {
    if (word !== LOST) continue
    const place = chances[i]!.indexOf(Math.max(...chances[i]!))
    const { data, wrong } = choices[i]![place]!
    if (data === LOST) return undefined
    doubt += missOf(chances[i]!, place)
    corrected += wrong
    out[i] = data
    inferred.push(i)
  }
  return inferred.length > 0 && doubt <= TOLD ? { words: out, inferred, corrected } : undefined
}
