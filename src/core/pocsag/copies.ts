import { CORRECTIONS, ERROR_MASKS, syndrome, UNCORRECTABLE } from './code/bch.ts'
import { type Charset, glyphsOf } from './code/charset.ts'
import { dataOf, isMessage, ones } from './code/codeword.ts'
import { contentText, LOST, type MessageData } from './code/content.ts'
import type { DecodedPage, Quality } from './page.ts'

/** Copies remembered: more pages than a transmitter can send between two rounds of repeats. */
const REMEMBERED = 256

/** With more differing bits than this two receptions are not copies of one codeword, and the search would be long. */
const MOST_DIFFERENT = 10

interface Remembered {
  readonly key: string
  readonly page: DecodedPage
}

/**
 * Joint decoding of repeated pages: where two copies of a codeword disagree, the bits in dispute are tried every way
 * and the codeword nearest to both receptions wins. At 2 % of bits wrong that loses a codeword in 25 000 where one copy
 * loses one in 40. The first copy is never held back for it.
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
    const repairs = twin && rank(joint.quality) < rank(twin.page.quality) ? twin.key : undefined
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
        agree(r.page.words, page.words),
    )
  }

  #joint(first: DecodedPage, second: DecodedPage): DecodedPage {
    if (second.quality === 'clean' || second.words.length === 0) return second
    let corrected = 0
    const words = second.words.map((data, i) => {
      const joined = joinWord(first.received[i + 1]!, second.received[i + 1]!, first.words[i]!, data)
      corrected += joined.corrected
      return joined.data
    })
    const damaged = words.includes(LOST)
    const quality: Quality = damaged ? 'damaged' : second.quality === 'damaged' ? 'corrected' : second.quality
    if (words.every((word, i) => word === second.words[i])) return second
    return {
      ...second,
      words,
      quality,
      corrected: second.corrected + corrected,
      text: contentText(second.type, words, glyphsOf(this.#charset)),
    }
  }
}

function rank(quality: Quality): number {
  return quality === 'damaged' ? 2 : quality === 'unterminated' ? 1 : 0
}

/** Two texts may be copies of one when they differ nowhere that both could be read. */
function agree(a: readonly MessageData[], b: readonly MessageData[]): boolean {
  let shared = 0
  for (const [i, word] of a.entries()) {
    if (word === LOST || b[i] === LOST) continue
    if (word !== b[i]) return false
    shared++
  }
  return shared * 2 >= a.length
}

function joinWord(
  rawFirst: number,
  rawSecond: number,
  first: MessageData,
  second: MessageData,
): { readonly data: MessageData; readonly corrected: number } {
  if (second !== LOST) return { data: second, corrected: 0 }
  if (first !== LOST) return { data: first, corrected: 0 }
  const dispute = (rawFirst ^ rawSecond) >>> 0
  if (rawFirst === 0 || rawSecond === 0 || ones(dispute) > MOST_DIFFERENT) return { data: LOST, corrected: 0 }
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
  return tied ? { data: LOST, corrected: 0 } : { data: best, corrected: Math.min(least, 4) }
}
