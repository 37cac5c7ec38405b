import type { Quality } from '../vocabulary.ts'
import type { Page } from './bleep.ts'

const LOST = '\uFFFD'

/**
 * Whether two readings can be of one transmission: equal text, or differing only where characters were lost in
 * either, or where one of them was cut off before its end.
 */
export function alike(a: Page, b: Page): boolean {
  // Most have nothing lost: of those only equal ones are alike, and many are compared while a line waits.
  const whole = !hasLost(a) && !hasLost(b) && a.quality !== 'unterminated' && b.quality !== 'unterminated'
  if (whole) return a.text.trim() === b.text.trim()
  const left = [...a.text.trim()]
  const right = [...b.text.trim()]
  if (left.length !== right.length) {
    const [short, cut] = left.length < right.length ? [left, a] : [right, b]
    if (cut.quality !== 'unterminated' || short.length === 0) return false
  }
  const compared = Math.min(left.length, right.length)
  for (let i = 0; i < compared; i++) {
    if (left[i] !== right[i] && left[i] !== LOST && right[i] !== LOST) return false
  }
  return true
}

/** Whether some of its characters could not be read. */
export function hasLost({ text }: Page): boolean {
  return text.includes(LOST)
}

const RANK: Readonly<Record<Quality, number>> = {
  clean: 4,
  corrected: 3,
  doubtful: 2,
  damaged: 1,
  unterminated: 0,
}

/** True when `later` should be shown instead of `shown`: fewer characters lost, or the same text read more surely. */
export function cleaner(later: Page, shown: Page): boolean {
  const pieces = (page: Page) => page.text.split(LOST).length
  const gain =
    RANK[later.quality] - RANK[shown.quality] ||
    pieces(shown) - pieces(later) ||
    shown.corrected - later.corrected
  return gain > 0
}
