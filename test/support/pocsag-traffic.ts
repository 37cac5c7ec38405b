import type { FunctionBits } from '../../src/core/pocsag/code/tables.ts'
import { encodeTransmission, type OutgoingPage, type PackedBits } from '../../src/core/pocsag/encode.ts'

type Random = () => number

const WORDS = [
  'CARDIAC',
  'ARREST',
  'WARD',
  'BED',
  'THEATRE',
  'PORTER',
  'TO',
  'ED',
  'RESUS',
  'CALL',
  'EXT',
  'BLEEP',
  'URGENT',
  'PLEASE',
  'ATTEND',
  'NEONATAL',
  'team',
  'obstetric',
  'registrar',
  'please ring',
  'Level',
  'blood',
  'fire',
  'trauma',
  'now',
] as const

const upTo = (n: number, random: Random) => Math.floor(random() * n)

function textOf(length: number, random: Random): string {
  let text = ''
  while (text.length < length) {
    text += random() < 0.3 ? `${upTo(10_000, random)} ` : `${WORDS[upTo(WORDS.length, random)]} `
  }
  return `${text.slice(0, length - 1).trimEnd()}.`
}

const digitsOf = (length: number, random: Random) => Array.from({ length }, () => upTo(10, random)).join('')

const otherFunction = (random: Random): FunctionBits => {
  const n = upTo(3, random)
  return n === 0 ? 1 : n === 1 ? 2 : 3
}

/** A page of the kind asked for to a RIC anywhere in the code's range. */
export function somePage(type: OutgoingPage['type'], random: Random): OutgoingPage {
  const ric = 8 + upTo(2_000_000, random)
  if (type === 'tone') return { ric, function: otherFunction(random), type, text: '' }
  if (type === 'numeric') return { ric, function: 0, type, text: digitsOf(4 + upTo(9, random), random) }
  return { ric, function: otherFunction(random), type, text: textOf(12 + upTo(89, random), random) }
}

/** The bench's day: 200 text pages of 12 to 100 characters, 80 of digits, 20 of tone only, in mixed order. */
export function aDayOfPages(random: Random): OutgoingPage[] {
  const pages = Array.from({ length: 300 }, (_, i) =>
    somePage(i % 15 < 10 ? 'alpha' : i % 15 < 14 ? 'numeric' : 'tone', random),
  )
  return pages
}

/** Transmissions one behind the other with up to 100 random bits between, as a receiver without squelch gives them. */
export function onTheAir(
  transmissions: readonly PackedBits[],
  random: Random,
): PackedBits & { starts: number[] } {
  const gaps = transmissions.map(() => 20 + upTo(80, random))
  const bitCount = transmissions.reduce((sum, t, i) => sum + t.bitCount + gaps[i]!, 0)
  const bits = new Uint8Array(Math.ceil(bitCount / 8))
  const starts: number[] = []
  let at = 0
  const put = (bit: number) => {
    if (bit) bits[at >>> 3]! |= 0x80 >>> (at & 7)
    at++
  }
  for (const [i, t] of transmissions.entries()) {
    starts.push(at)
    for (let b = 0; b < t.bitCount; b++) put(t.bits[b >>> 3]! & (0x80 >>> (b & 7)))
    for (let b = 0; b < gaps[i]!; b++) put(random() < 0.5 ? 1 : 0)
  }
  return { bits, bitCount, starts }
}

export const eachAlone = (pages: readonly OutgoingPage[]) => pages.map((page) => encodeTransmission([page]))
