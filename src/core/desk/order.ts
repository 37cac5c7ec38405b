import { type Class, classRank, type Level } from '../vocabulary.ts'

/** What decides how early something stands on every list. */
interface Urgency {
  readonly class: Class
  readonly level: Level
  /** Everybody who is needed is coming. */
  readonly covered?: boolean
  /** Since when it waits, as printed: of two alike, the one that has waited longer comes first. */
  readonly since: string
}

const LEVELS: Readonly<Record<Level, number>> = { act: 0, prompt: 1, none: 2 }

/**
 * Where something stands among everything that is open, as text to compare: the worst first. Emergencies before all
 * else; then what a human must do now; then by class; then what is not covered yet. Decided here alone, so that board, phone and list
 * never disagree.
 */
export function orderOf({ class: c, level, covered = false, since }: Urgency): string {
  return `${c === 'emergency' ? 0 : 1}${LEVELS[level]}${9 - classRank(c)}${covered ? 1 : 0} ${since}`
}

/** Of two closed calls the one that closed later comes first. Both come after everything that is open. */
export function orderOfClosed(at: number): string {
  return `~${String(1e14 - Math.floor(at)).padStart(15, '0')}`
}

/** For lists of what carries its order. */
export function byOrder(a: { readonly order: string }, b: { readonly order: string }): number {
  return a.order < b.order ? -1 : Number(a.order > b.order)
}
