import { addressed } from '../../core/bleep/address.ts'
import type { Page } from '../../core/bleep/bleep.ts'
import type { Directory } from '../../core/directory/directory.ts'
import type { Side } from '../../core/line/kit/protocol.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Ingest } from '../line/ingest.ts'
import type { Supervision } from './supervision.ts'

export interface OverhearParts {
  readonly clock: Clock
  readonly directory: () => Directory
  readonly feeds: readonly { readonly id: string; readonly side: Side }[]
  /** Transmitters that a tap of ours hears, by the tap's id. */
  readonly transmitters: readonly string[]
  readonly supervision: Pick<Supervision, 'asked' | 'heard'>
}

/**
 * The same ingest. On its way to the store each page is told to supervision: as asked for where it comes from the
 * switchboard's side, as heard where it comes from the air. Each page is told once. It is not told again when the
 * store has to be tried again, nor when a better reading follows, unless the first reading was cut off.
 */
export function overhear(ingest: Ingest, parts: OverhearParts): Ingest {
  const { clock, directory, supervision } = parts
  const sides = new Map(parts.feeds.map((f) => [f.id, f.side]))
  const told = new WeakSet<Page>()
  return {
    ...ingest,
    store(source, page, improves, decoded) {
      if (!told.has(page)) {
        told.add(page)
        const rest = improves !== undefined
        const { number } = addressed(page.to, directory(), source.hospital)
        const side = sides.get(source.feed)
        const seen = { number, text: page.text, at: clock.now() }
        if (side === 'link' && !rest)
          for (const transmitter of parts.transmitters) supervision.asked({ ...seen, transmitter })
        if (side === 'air')
          supervision.heard({ ...seen, transmitter: source.feed, quality: page.quality, rest })
      }
      return ingest.store(source, page, improves, decoded)
    },
  }
}
