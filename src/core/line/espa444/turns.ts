import type { Instant, Millis } from '../../instant.ts'
import type { Block } from './reader.ts'

/** ACK (`taken`) or NAK as its port delivered it. `prefixed`: a NAK that said why, which noise hardly ever imitates. */
export interface Answer {
  readonly taken: boolean
  readonly prefixed: boolean
  readonly at: Instant
}

/**
 * One thing a station said that the other may answer, or that ends the time for an answer. `unheard`: a select that
 * must have come before a block and that we did not hear. `damaged`: a block whose check failed.
 */
export interface Turn {
  readonly kind: 'poll' | 'select' | 'unheard' | 'block' | 'damaged' | 'end'
  /** When its port delivered its first and its last byte. */
  readonly began: Instant
  readonly ended: Instant
  readonly block?: Block | undefined
  /** A whole block for the paging system we watch, or from it: the only kind whose answer matters for itself. */
  readonly ours: boolean
  /** Turns of one session share it. */
  readonly session: number
}

/** The last things one station said and the answers to them, both oldest first, as two ports delivered them. */
export interface Ledger {
  readonly turns: readonly Turn[]
  readonly answers: readonly Answer[]
  /** How far apart two ports may deliver what happened at one moment. */
  readonly lag: Millis
  readonly now: Instant
}

/** A sender that has its answer moves on sooner than this; one without waits longer before it tries again. */
export const PROMPT: Millis = 1000

/**
 * What each deviation from the procedure costs. Only their order matters: the explanation that costs least is
 * believed.
 */
const COST = { odd: 1, stray: 2, unlikely: 3, absurd: 4 } as const
/** Characters of one burst of noise reach us within this. */
const BURST: Millis = 16
const IMPOSSIBLE = Number.POSITIVE_INFINITY

/** What may have become of a block: it was taken, refused, or has no answer that we heard (yet). */
export type Fate = 'taken' | 'refused' | 'none'

/** Which answer each turn got, by index, and how much must have gone wrong on the line for it. */
export interface Reading {
  readonly cost: number
  readonly answerOf: readonly (number | undefined)[]
  /** The last answer that nobody asked for. */
  readonly strayed?: Answer | undefined
}

/**
 * The likeliest reading: answers go to turns in order, within what `lag` allows; an answer nobody asked for, and a turn
 * nobody answered, has its price. With `fate`: the likeliest among those where this became of turn `of`.
 */
export function align(ledger: Ledger, of?: number, fate?: Fate): Reading {
  const { turns, answers } = ledger
  const row: Reading[] = [{ cost: 0, answerOf: [] }]
  for (const answer of answers) row.push(strayed(ledger, row.at(-1)!, answer))
  return turns
    .reduce((before, _, i) => alignTurn(ledger, before, i, i === of ? fate : undefined), row)
    .at(-1)!
}

/** The best readings of the turns up to `i` for each number of answers, from those of the turns before it. */
function alignTurn(ledger: Ledger, before: readonly Reading[], i: number, fate?: Fate): Reading[] {
  const row: Reading[] = []
  const unanswered = fate === undefined || fate === 'none' ? missing(ledger, i) : IMPOSSIBLE
  for (const [k, reading] of before.entries()) {
    const ways = [turned(reading, unanswered, undefined)]
    const answer = ledger.answers[k - 1]
    if (answer !== undefined) {
      const fits = fate === undefined || fate === (answer.taken ? 'taken' : 'refused')
      ways.push(turned(before[k - 1]!, fits ? match(ledger, i, answer) : IMPOSSIBLE, k - 1))
      ways.push(strayed(ledger, row[k - 1]!, answer))
    }
    row.push(ways.reduce((best, way) => (way.cost < best.cost ? way : best)))
  }
  return row
}

function turned({ cost, answerOf, strayed }: Reading, more: number, answer: number | undefined): Reading {
  return { cost: cost + more, answerOf: [...answerOf, answer], strayed }
}

/** The reading with one more answer that nobody asked for. Noise comes in bursts: what follows the first costs less. */
function strayed(ledger: Ledger, { cost, answerOf, strayed }: Reading, answer: Answer): Reading {
  const burst = strayed !== undefined && answer.at <= strayed.at + BURST
  return { cost: cost + (burst ? COST.odd : stray(ledger, answer)), answerOf, strayed: answer }
}

function stray({ turns, lag, now }: Ledger, { at, prefixed }: Answer): number {
  // What it answers may still be on its way through the other port.
  if (at > now - lag) return 0
  // A plug goes in rather before a call than in the middle of one.
  const next = turns.findIndex(({ ended }) => ended >= at)
  const idle = next >= 0 && turns[next]!.block === undefined && turns[next - 1]?.block === undefined
  if (prefixed) return idle ? COST.stray : COST.absurd
  return idle ? COST.odd : COST.stray
}

function match({ turns, lag }: Ledger, i: number, { taken, at }: Answer): number {
  const turn = turns[i]!
  const next = turns[i + 1]
  if (turn.kind === 'end' || at < turn.ended - lag) return IMPOSSIBLE
  if (next !== undefined && at > next.began + lag) return IMPOSSIBLE
  switch (turn.kind) {
    case 'poll':
      // A polled station answers EOT or a select, unless this was a select and its poll was lost.
      return next?.block === undefined ? IMPOSSIBLE : 0
    case 'select':
    case 'unheard':
      // Nobody sends a block where the select was refused.
      return taken || next?.block === undefined ? 0 : COST.unlikely
    case 'damaged':
      return 0
    case 'block':
      // After a sender's patience an answer is rather to what it has moved on to.
      if (next?.kind !== 'block') return at > turn.ended + PROMPT ? COST.stray : 0
      // A block is sent again after NAK, and after an ACK that its sender missed and waited for.
      if (same(turn, next)) return !taken ? 0 : next.began <= turn.ended + PROMPT ? COST.unlikely : COST.odd
      return taken ? 0 : COST.stray
  }
}

/** The price of no answer to a turn: none as long as it can still come. */
function missing({ turns, lag, now }: Ledger, i: number): number {
  const turn = turns[i]!
  const next = turns[i + 1]
  if (next === undefined || now < next.began + lag) return 0
  switch (turn.kind) {
    case 'select':
      return next.block === undefined ? COST.odd : COST.stray
    case 'block': {
      const again = next.kind === 'damaged' || same(turn, next)
      if (next.began > turn.ended + PROMPT) return again ? 0 : COST.odd
      // Only EOT ends a session: an ENQ here is rather noise, and says nothing of an answer.
      if (next.kind === 'poll' || next.kind === 'select') return COST.odd
      return again ? COST.odd : COST.unlikely
    }
    default:
      return 0
  }
}

function same({ block: a }: Turn, { block: b }: Turn): boolean {
  if (a === undefined || b === undefined) return false
  return a.bytes.length === b.bytes.length && a.bytes.every((byte, i) => byte === b.bytes[i])
}
