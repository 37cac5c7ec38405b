import { given } from '../given.ts'
import type { Quality } from '../vocabulary.ts'
import { CORRECTIONS, ERROR_MASKS, syndrome, UNCORRECTABLE } from './code/bch.ts'
import { type Charset, glyphsOf } from './code/charset.ts'
import { dataOf, isMessage, messageWord, ones } from './code/codeword.ts'
import { contentText, LOST, type MessageData } from './code/content.ts'
import { doubtIn } from './finish.ts'
import { explanations } from './inference/explain.ts'
import type { DecodedPage } from './page.ts'

/** Copies remembered: more pages than a transmitter can send between two rounds of repeats. */
const REMEMBERED = 256

/** With more differing bits than this two receptions are not copies of one codeword, and the search would be long. */
const MOST_DIFFERENT = 10

interface Remembered {
  readonly key: string
  readonly page: DecodedPage
}

/**
 * Of 2^32 words 1 in 18 000 lies within five bits of a given codeword: so often a word of another text, or of noise,
 * would seem to be one that was borrowed.
 */
const MOST_WRONG = 5

/**
 * Joint decoding of repeated pages: a codeword that one copy lost is borrowed from the other, and where both did, the
 * bits in dispute are tried every way and the codeword nearest to both receptions wins. At 2 % of bits wrong that loses
 * a codeword in 25 000 where one copy loses one in 40. The first copy is never held back for it.
 *
 * Two calls to one bleep differ in a bed or a telephone, so what was received has the last word: a codeword is borrowed
 * only where no other lies nearer to the bits that came, and those that came are near it. What was borrowed is in doubt.
 */
export class Copies {
  readonly #seconds: number
  readonly #charset: Charset
  #recent: Remembered[] = []

  constructor(seconds: number, charset: Charset) {
    this.#seconds = seconds
    this.#charset = charset
  }

  /** Takes a page in; gives back what is best to show for it, and the earlier copy it makes good, if any. */
  join(key: string, page: DecodedPage): { readonly page: DecodedPage; readonly repairs?: string } {
    if (this.#seconds === 0) return { page }
    const twin = this.#twin(key, page)
    const joint = twin ? this.#joint(twin.page, page) : page
    const repairs = twin && RANK[joint.quality] < RANK[twin.page.quality] ? twin.key : undefined
    this.#recent = this.#recent.filter((r) => r.key !== key)
    this.#recent.push({ key, page: joint })
    if (this.#recent.length > REMEMBERED) this.#recent.shift()
    return repairs === undefined ? { page: joint } : { page: joint, repairs }
  }

  #twin(key: string, page: DecodedPage): Remembered | undefined {
    const reach = this.#seconds * page.baud
    return this.#recent.findLast(
      (r) =>
        r.key !== key &&
        r.page.ric === page.ric &&
        r.page.function === page.function &&
        r.page.baud === page.baud &&
        r.page.words.length === page.words.length &&
        page.addressBit - r.page.addressBit <= reach &&
        agree(r.page, page),
    )
  }

  #joint(first: DecodedPage, second: DecodedPage): DecodedPage {
    if (second.quality === 'clean' || second.words.length === 0) return second
    let corrected = 0
    const borrowed: number[] = []
    const words = second.words.map((data, i) => {
      if (data !== LOST) return data
      const joined = joinWord(first, second, i)
      corrected += joined.corrected
      if (joined.data !== LOST) borrowed.push(i)
      return joined.data
    })
    if (borrowed.length === 0) return second
    const whole = second.quality === 'damaged' && !words.includes(LOST)
    const doubt = doubtIn(true, second.doubt?.startsWith('address') === true)
    return {
      ...second,
      words,
      doubted: [...second.doubted, ...borrowed].sort((a, b) => a - b),
      ...given({ doubt }),
      quality: whole ? 'doubtful' : second.quality,
      corrected: second.corrected + corrected,
      text: contentText(second.type, words, glyphsOf(this.#charset)),
    }
  }
}

const RANK: Readonly<Record<Quality, number>> = {
  clean: 0,
  corrected: 0,
  doubtful: 1,
  unterminated: 2,
  damaged: 3,
}

/**
 * Two texts may be copies of one when they differ nowhere that both could be read, and where only one could, it is what
 * the other's bits support.
 */
function agree(first: DecodedPage, second: DecodedPage): boolean {
  let shared = 0
  for (const [i, a] of first.words.entries()) {
    const b = second.words[i]!
    if (a !== LOST && b !== LOST && a !== b) return false
    if (a !== LOST && b !== LOST) shared++
    else if (a === LOST && b !== LOST && !supports(first.received[i + 1]!, b)) return false
  }
  return shared * 2 >= first.words.length
}

/** Whether what was received may be this codeword: near it, and no nearer to another. */
function supports(raw: number, data: MessageData): boolean {
  const wrong = ones(raw ^ messageWord(data))
  if (wrong > MOST_WRONG) return false
  return explanations(raw, wrong - 1).length === 0
}

const UNKNOWN = { data: LOST, corrected: 0 } as const

/** A codeword that the second copy lost. Nothing is borrowed that the first itself only inferred. */
function joinWord(
  first: DecodedPage,
  second: DecodedPage,
  i: number,
): { readonly data: MessageData; readonly corrected: number } {
  const rawFirst = first.received[i + 1]!
  const rawSecond = second.received[i + 1]!
  const known = first.words[i]!
  if (known !== LOST) {
    if (first.doubted.includes(i) || !supports(rawSecond, known)) return UNKNOWN
    return { data: known, corrected: ones(rawSecond ^ messageWord(known)) }
  }
  const dispute = (rawFirst ^ rawSecond) >>> 0
  if (rawFirst === 0 || rawSecond === 0 || ones(dispute) > MOST_DIFFERENT) return UNKNOWN
  let best = LOST
  let least = 64
  let tied = false
  // All subsets of the bits in dispute, by the usual trick of counting within a mask.
  for (let subset = dispute; ; subset = ((subset - 1) & dispute) >>> 0) {
    const candidate = (rawFirst ^ subset) >>> 0
    const s = syndrome(candidate)
    if (CORRECTIONS[s] !== UNCORRECTABLE) {
      const word = (candidate ^ ERROR_MASKS[s]!) >>> 0
      const cost = ones(word ^ rawFirst) + ones(word ^ rawSecond)
      if (isMessage(word) && cost <= least) {
        tied = cost === least && dataOf(word) !== best
        best = dataOf(word)
        least = cost
      }
    }
    if (subset === 0) break
  }
  if (tied || best === LOST || !supports(rawFirst, best) || !supports(rawSecond, best)) return UNKNOWN
  return { data: best, corrected: ones(rawSecond ^ messageWord(best)) }
}
