import { given } from '../given.ts'
import type { Doubt, Quality } from '../vocabulary.ts'
import type { Glyphs } from './code/charset.ts'
import { addressWord, distance } from './code/codeword.ts'
import { type ContentType, contentText, LOST, type MessageData, showsEnd } from './code/content.ts'
import { IDLE } from './code/tables.ts'
import { BELIEVED_WEAK } from './evidence.ts'
import { addressDoubt, correctionDoubt, oddsOf, SURE, SURE_CLEAN, toneDoubt } from './inference/doubt.ts'
import type { Judged, Readings } from './inference/judge.ts'
import type { DecodedPage, OpenPage } from './page.ts'
import type { AddressSeen } from './reception.ts'

/** How a page came to its end: seen to be followed by something else, broken off, or longer than any page may be. */
export type Ending = 'followed' | 'cut' | 'too-long'

/** A page's codewords, as they are judged. */
export function readingsOf(page: OpenPage, type: ContentType, how: Ending): Readings {
  return {
    type,
    words: page.words,
    received: page.received.slice(1),
    weights: page.weights.slice(1),
    ended: how === 'followed',
    whole: !page.suspect && !page.holed && !page.doubtful && how !== 'too-long',
    seam: page.seam,
  }
}

/** What is known of a page beside its codewords. */
export interface Around {
  readonly type: ContentType
  readonly how: Ending
  /** Whether the directory has its address; undefined where there is none. */
  readonly known: boolean | undefined
  readonly glyphs: Glyphs
  readonly baud: number
  /** Bits looked at so far. */
  readonly looked: number
  readonly inverted: boolean
  /** Share of wrong bits around its end, and bits corrected in the codeword that showed it. */
  readonly wrongShare: number
  readonly behind: number
  /** That was the address of another page, and not idle. */
  readonly called: boolean
  /** Nothing shows yet that the line is not of the other polarity. */
  readonly unproved: boolean
}

/**
 * Of sound a page is not sure in which more bits were corrected, by codeword: a bad lead turns those that stand near one
 * another, and five together look like one.
 */
const ROUGH = 0.7

/** The page as it is given out. */
export function finishPage(page: OpenPage, judged: Judged, around: Around): DecodedPage {
  const { type, how, known, glyphs } = around
  const { words, inferred } = judged
  const corrected = page.corrections.reduce((sum, n) => sum + n, 0) + judged.corrected
  // Idle and message codewords with many wrong bits can look like the address of a tone.
  const weak =
    page.doubtful ||
    page.holed ||
    (page.addressCorrected >= 2 && (type === 'tone' || page.evidence < BELIEVED_WEAK)) ||
    (type === 'tone' && known !== true && (page.echo || isNearIdle(page)))
  const turned = page.corrections.reduce((sum, n) => sum + n, 0)
  const odds = oddsOf(turned, page.corrections.length)
  const rough = turned > ROUGH * page.corrections.length && page.weights.some((of) => of !== undefined)
  const doubted = [...new Set([...judged.doubted, ...inferred])].sort((a, b) => a - b)
  const { unproved } = around
  const shaky =
    page.addressTold || weak || unproved || rough || addressDoubt(page.addressCorrected, odds, known) > SURE
  const open = mayGoOn(words, around) > (corrected > 0 ? SURE : SURE_CLEAN)
  const doubt =
    doubtIn(doubted.length > 0 || open || ((unproved || rough) && type !== 'tone'), shaky) ??
    doubtOfTone(page, around)
  const ending = how === 'cut' && type === 'alpha' && showsEnd(words) ? 'followed' : how
  const finished: DecodedPage = {
    id: page.id,
    ric: page.ric,
    function: page.fn,
    type,
    text: contentText(type, words, glyphs),
    quality: qualityOf(words, weak && known !== true ? 'cut' : ending, corrected, doubt),
    corrected,
    inferred,
    doubted,
    ...given({ doubt }),
    baud: around.baud,
    addressBit: page.addressBit,
    endBit: page.endBit,
    emittedBit: Math.max(around.looked, page.endBit),
    words: [...words],
    received: [...page.received],
    unknownRic: known === false,
    suspect: weak,
    inverted: around.inverted,
  }
  return page.suspect ? withSlip(finished, page.behindSlip) : finished
}

/**
 * A page once the bit clock is known to have slipped: a codeword after the slip may read without correction and still
 * not be what was sent. `from`: the slip came before its address, so even the address may be wrong.
 */
export function withSlip(page: DecodedPage, from: boolean): DecodedPage {
  const { type, quality, doubt } = page
  const words = type !== 'tone' || doubt?.endsWith('words') === true
  const address = from || type === 'tone' || doubt?.startsWith('address') === true
  return {
    ...page,
    suspect: true,
    quality: SURE_QUALITIES.has(quality) ? 'doubtful' : quality,
    ...given({ doubt: doubtIn(words, address) }),
  }
}

const SURE_QUALITIES: ReadonlySet<Quality> = new Set(['clean', 'corrected'])

/** Chance that a page whose text shows no end went on: in noise a codeword of it may be read as another's address. */
function mayGoOn(words: readonly MessageData[], { type, called, behind, wrongShare }: Around): number {
  if (!called || type === 'tone' || showsEnd(words)) return 0
  return correctionDoubt(Math.min(behind, 2), wrongShare / (1 - wrongShare))
}

/** In noise a page without words may be none; where its address is on the list, its words may have been lost. */
function doubtOfTone({ addressCorrected }: OpenPage, around: Around): Doubt | undefined {
  const { type, known, behind, wrongShare } = around
  if (type !== 'tone' || toneDoubt(addressCorrected, behind, wrongShare, known) <= SURE_CLEAN)
    return undefined
  return doubtIn(known === true, known !== true)
}

/**
 * Whether the same codeword comes twice in a row as an address. Idle codewords do, also where a bad lead spoils all
 * of them alike; calls hardly ever do.
 */
export function isEcho(before: OpenPage | undefined, { ric, fn, at }: AddressSeen): boolean {
  if (before === undefined || before.words.length > 0 || at - before.addressBit !== 32) return false
  return addressWord(before.ric, before.fn) === addressWord(ric, fn)
}

/**
 * A row of one codeword that is nearly idle calls nobody. Where it is less like idle it may be a group of pagers: it
 * is given out as doubtful.
 */
export function isNobody(page: OpenPage): boolean {
  return page.echo && page.words.length === 0 && isNearIdle(page)
}

/** Most slots carry idle, and a bad lead turns the same bits in each, so that each becomes the same address. */
function isNearIdle({ ric, fn }: OpenPage): boolean {
  return distance(addressWord(ric, fn), IDLE) <= NEAR_IDLE
}

/** Codewords differ from one another in six bits at least; 1 address in 120 is within this many bits of idle. */
const NEAR_IDLE = 8

function qualityOf(
  words: readonly MessageData[],
  how: Ending,
  corrected: number,
  doubt: Doubt | undefined,
): Quality {
  if (how === 'too-long' || words.includes(LOST)) return 'damaged'
  if (how === 'cut') return 'unterminated'
  if (doubt) return 'doubtful'
  return corrected > 0 ? 'corrected' : 'clean'
}

export function doubtIn(words: boolean, address: boolean): Doubt | undefined {
  if (address) return words ? 'address and words' : 'address'
  return words ? 'words' : undefined
}
