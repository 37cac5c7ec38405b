import { LOST, lowestFirst, type MessageData, symbolAt } from '../code/content.ts'
import { DATA_BITS } from '../code/tables.ts'
import { START, type Writing } from './writing.ts'

/** What a codeword may have been, and the weight the channel gives to that. */
export interface Choice {
  /** `LOST` for anything else than the other choices. */
  readonly data: MessageData
  /** Bits in which that differs from what was received. */
  readonly wrong: number
  readonly weight: number
}

/**
 * How likely each choice of each codeword is in the light of all others: the forward-backward algorithm (Bahl, Cocke,
 * Jelinek and Raviv, 1974) along the codewords of a page, as characters straddle neighbours and no others. The chance of
 * a choice is its weight times the chance of the characters it makes; anything else may be any of 2^20 data.
 */
export function posteriors(
  choices: readonly (readonly Choice[])[],
  writing: Writing,
): readonly Float64Array[] {
  const { reached, steps } = forward(choices, writing, 0)
  const out: Float64Array[] = []
  let behind: Float64Array = new Float64Array(choices.at(-1)?.length ?? 0).fill(1)
  for (let i = choices.length - 1; i >= 0; i--) {
    const chances = reached[i]!.map((p, k) => p * behind[k]!)
    scale(chances)
    out.unshift(chances)
    if (i > 0) behind = backwards(steps[i]!, behind)
  }
  return out
}

/** Natural logarithm of the chance of the codewords from `from` on, whatever stands before them. */
export function logChance(choices: readonly (readonly Choice[])[], writing: Writing, from: number): number {
  return forward(choices, writing, from).log
}

interface Forward {
  /** By codeword, from the first: chance of each choice by all up to it, scaled to sum 1. */
  readonly reached: readonly Float64Array[]
  /** By codeword: chance of each choice behind each of the one before. */
  readonly steps: readonly (readonly Float64Array[])[]
  readonly log: number
}

const ANYTHING: readonly Choice[] = [{ data: LOST, wrong: 0, weight: 1 }]

function forward(choices: readonly (readonly Choice[])[], writing: Writing, from: number): Forward {
  const reached: Float64Array[] = []
  const steps: Float64Array[][] = []
  let log = 0
  let before = ANYTHING
  let chances: Float64Array = Float64Array.of(1)
  for (let i = from; i < choices.length; i++) {
    const here = choices[i]!
    const step = before.map((a) =>
      Float64Array.from(here, (b) => b.weight * textChance(writing, i, choices.length, a.data, b.data)),
    )
    const next = new Float64Array(here.length)
    for (const [a, row] of step.entries())
      for (let b = 0; b < next.length; b++) next[b]! += chances[a]! * row[b]!
    log += Math.log(scale(next))
    reached.push(next)
    steps.push(step)
    before = here
    chances = next
  }
  return { reached, steps, log }
}

function backwards(step: readonly Float64Array[], behind: Float64Array): Float64Array {
  const out = new Float64Array(step.length)
  for (const [a, row] of step.entries())
    for (let b = 0; b < behind.length; b++) out[a]! += row[b]! * behind[b]!
  scale(out)
  return out
}

/** Scales to sum 1; returns the sum it had. */
function scale(values: Float64Array): number {
  let all = 0
  for (const value of values) all += value
  for (let i = 0; i < values.length; i++) values[i]! /= all
  return all
}

/** Chance of the symbols that end in codeword `i` of `count`, when it holds `b` and the one before it `a`. */
function textChance(writing: Writing, i: number, count: number, a: MessageData, b: MessageData): number {
  const { width } = writing
  const start = i * DATA_BITS
  const last = i === count - 1
  let offset = -(start % width)
  // The two symbols before the first lie in the codeword before and straddle none.
  let before = i === 0 ? START : symbolAt(LOST, a, offset - 2 * width + DATA_BITS, width)
  let previous = i === 0 ? START : symbolAt(LOST, a, offset - width + DATA_BITS, width)
  let chance = 1
  for (; offset + width <= DATA_BITS; offset += width) {
    const code = symbolAt(a, b, offset, width)
    chance *= code === LOST ? partChance(writing, a, b, offset) : writing.chance(before, previous, code, last)
    before = previous
    previous = code
  }
  const over = (start + DATA_BITS) % width
  if (!last || over === 0) return chance
  return chance * (b === LOST ? 2 ** -over : writing.leftover(over, lowestFirst(b, over)))
}

/** Chance of the bits that are known of a symbol; the others may be any. */
function partChance(writing: Writing, a: MessageData, b: MessageData, offset: number): number {
  const { width } = writing
  if (offset >= 0 || (a === LOST && b === LOST)) return 2 ** -width
  if (b === LOST) return writing.begins(-offset, lowestFirst(a, -offset)) * 2 ** -(width + offset)
  const count = width + offset
  return writing.ends(count, lowestFirst(b >>> (DATA_BITS - count), count)) * 2 ** offset
}
