import type { BitWindow } from './bit-window.ts'
import { CORRECTIONS, ERROR_MASKS, syndrome, UNCORRECTABLE } from './code/bch.ts'

/** How many of the least reliable bits are tried both ways. Six gain 0.1 dB more at twice the work. */
const TRIED_BITS = 5

/** The result of `chase`, kept in one place: it is needed for every disturbed codeword. */
export interface SoftReading {
  /** The codeword of least metric; meaningless when `margin` is below zero. */
  word: number
  /** How much worse the second best codeword is, in amplitudes of an undisturbed bit; below 0: no codeword was found. */
  margin: number
}

const places = new Uint8Array(TRIED_BITS)
const weights = new Uint16Array(32)

/**
 * Chase's second algorithm (IEEE Trans. IT-18, 1972): the word as received, and with every combination of its weakest
 * bits turned, goes through the hard decoder; of all codewords found the one wins whose changed bits are together the
 * least reliable. The margin to the second tells how sure that is.
 */
export function chase(raw: number, window: BitWindow, at: number, out: SoftReading): void {
  for (let i = 0; i < 32; i++) weights[i] = window.weight(at + i)
  findWeakest()
  let best = 0
  let bestMetric = -1
  let secondMetric = -1
  for (let trial = 0; trial < 1 << TRIED_BITS; trial++) {
    let word = raw
    for (let i = 0; i < TRIED_BITS; i++) if ((trial >>> i) & 1) word ^= 0x80000000 >>> places[i]!
    const s = syndrome(word >>> 0)
    if (CORRECTIONS[s]! === UNCORRECTABLE) continue
    const found = (word ^ ERROR_MASKS[s]!) >>> 0
    if (found === best && bestMetric >= 0) continue
    const metric = cost(found ^ raw)
    if (bestMetric < 0 || metric < bestMetric) {
      secondMetric = bestMetric
      best = found
      bestMetric = metric
    } else if (secondMetric < 0 || metric < secondMetric) {
      secondMetric = metric
    }
  }
  out.word = best
  out.margin = bestMetric < 0 ? -1 : secondMetric < 0 ? 32 : (secondMetric - bestMetric) / AMPLITUDE
}

/** Reliability of an undisturbed bit, as `BitWindow` holds them. */
const AMPLITUDE = 128

function cost(changed: number): number {
  let sum = 0
  for (let rest = changed; rest !== 0; ) {
    const place = Math.clz32(rest)
    sum += weights[place]!
    rest &= ~(0x80000000 >>> place)
  }
  return sum
}

function findWeakest(): void {
  for (let i = 0; i < TRIED_BITS; i++) {
    let weakest = -1
    for (let place = 0; place < 32; place++) {
      if (taken(place, i)) continue
      if (weakest < 0 || weights[place]! < weights[weakest]!) weakest = place
    }
    places[i] = weakest
  }
}

function taken(place: number, chosen: number): boolean {
  for (let i = 0; i < chosen; i++) if (places[i] === place) return true
  return false
}
