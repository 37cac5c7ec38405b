/** @import { InboxItem } from '../shared/types.d.ts' */

const RANK = { emergency: 0, urgent: 1, routine: 2, test: 3 }

/**
 * What rings before what only mends a screen, the most urgent first, then the oldest.
 * @template {Pick<InboxItem, 'cursor' | 'ring'> & { alert: Pick<InboxItem['alert'], 'class'> }} T
 * @param {readonly T[]} items
 * @returns {T[]}
 */
export function urgentFirst(items) {
  /** @param {T} item */
  const weight = ({ ring, alert }) => RANK[alert.class] + (ring ? 0 : 10)
  return items.toSorted((a, b) => weight(a) - weight(b) || a.cursor - b.cursor)
}
