import type { Bleep } from '../core/bleep/bleep.ts'
import type { Instant } from '../core/instant.ts'
import type { Class } from '../core/vocabulary.ts'
import type { Metrics } from '../ports/metrics.ts'

/** From the first byte to a hop, into the histogram, with the bleep as its exemplar. */
export function observeHop(
  metrics: Metrics,
  { id, page, meaning }: Bleep,
  hop: string,
  at: Instant,
  of: Class | 'unclassified' = meaning?.class ?? 'unclassified',
): void {
  metrics.observe(
    'bleepbridge_hop_seconds',
    Math.max(0, at - page.firstByte) / 1000,
    { hop, class: of },
    { bleep: id },
  )
}
