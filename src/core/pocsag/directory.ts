import { z } from 'zod'
import { addressWord, distance } from './code/codeword.ts'
import type { ContentRule } from './code/content.ts'
import { type FunctionBits, RIC_MAX } from './code/tables.ts'

const functionBits = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)])

/** One line of a RIC list: an address, or all functions of it, and how its content reads. */
export const ricEntrySchema = z.strictObject({
  ric: z.int().min(0).max(RIC_MAX),
  /** Last RIC of a range that begins with `ric`. */
  to: z.int().min(0).max(RIC_MAX).optional(),
  function: functionBits.optional(),
  type: z.enum(['numeric', 'alpha', 'tone', 'auto']).optional(),
})

export type RicEntry = z.infer<typeof ricEntrySchema>

const FUNCTIONS: readonly FunctionBits[] = [0, 1, 2, 3]

/**
 * A random word may be taken for one of the list in 1 of 1000 cases: of 2^32 words so many lie within three and within
 * four bits of a codeword, and that for each one known in the frame.
 */
const FALSE_ACCEPT = 1e-3
const WITHIN = { three: 5489, four: 41_449 } as const
const MOST_KNOWN = {
  three: (FALSE_ACCEPT * 2 ** 32) / WITHIN.three,
  four: (FALSE_ACCEPT * 2 ** 32) / WITHIN.four,
} as const

/** Ranges up to this many RICs are also held one by one, for the repair of address codewords. */
const LARGEST_LISTED_RANGE = 4096

/** The addresses a feed expects, and how each one's content reads. */
export class RicDirectory {
  /** One function of an address, by both. */
  #single = new Map<number, ContentRule | undefined>()
  /** Every function of an address. */
  #every = new Map<number, ContentRule | undefined>()
  #ranges: RicEntry[] = []
  /** By frame: the address codewords the directory knows of. */
  #words: number[][] = Array.from({ length: 8 }, () => [])

  constructor(entries: Iterable<RicEntry>) {
    for (const entry of entries) this.add(entry)
  }

  /** For a list that is put together piece by piece, before anybody looks it up. */
  add(entry: RicEntry): void {
    const last = entry.to ?? entry.ric
    if (last - entry.ric >= LARGEST_LISTED_RANGE) this.#ranges.push(entry)
    else for (let ric = entry.ric; ric <= last; ric++) this.#list(ric, entry)
  }

  /** Takes what another one holds in place of its own, between two codewords of a running decoder: at once, however much. */
  adopt(other: RicDirectory): void {
    this.#single = other.#single
    this.#every = other.#every
    this.#ranges = other.#ranges
    this.#words = other.#words
  }

  has(ric: number, fn: FunctionBits): boolean {
    return this.#listed(ric, fn) || this.#range(ric, fn) !== undefined
  }

  rule(ric: number, fn: FunctionBits): ContentRule | undefined {
    return this.#single.get(ric * 4 + fn) ?? this.#every.get(ric) ?? this.#range(ric, fn)?.type
  }

  /**
   * The one known address codeword of a frame within three or four bits of the word received, when no other is within
   * two bits more. Repairs addresses that the code alone cannot. The more addresses share the frame the nearer it must
   * be, so that a random word passes in 1 of 1000 cases at most.
   */
  nearest(raw: number, frame: number): number | undefined {
    const candidates = this.#words[frame]!
    let best: number | undefined
    let bestDistance =
      candidates.length <= MOST_KNOWN.four ? 5 : candidates.length <= MOST_KNOWN.three ? 4 : 0
    let second = 32
    for (const word of candidates) {
      const d = distance(word, raw)
      if (d < bestDistance) {
        second = bestDistance
        bestDistance = d
        best = word
      } else if (d < second) {
        second = d
      }
    }
    return best !== undefined && second >= bestDistance + 2 ? best : undefined
  }

  #list(ric: number, entry: RicEntry): void {
    const words = this.#words[ric & 7]!
    for (const fn of entry.function === undefined ? FUNCTIONS : [entry.function]) {
      // Beyond this many none of them is ever the nearest.
      if (words.length <= MOST_KNOWN.three && !this.#listed(ric, fn)) words.push(addressWord(ric, fn))
    }
    if (entry.function === undefined) this.#every.set(ric, entry.type)
    else this.#single.set(ric * 4 + entry.function, entry.type)
  }

  #listed(ric: number, fn: FunctionBits): boolean {
    return this.#single.has(ric * 4 + fn) || this.#every.has(ric)
  }

  #range(ric: number, fn: FunctionBits): RicEntry | undefined {
    return this.#ranges.find(
      (r) => ric >= r.ric && ric <= (r.to ?? r.ric) && (r.function === undefined || r.function === fn),
    )
  }
}
