import type { Page } from '../../core/bleep/bleep.ts'
import type { Directory } from '../../core/directory/directory.ts'
import type { BleepId, FeedId, NodeId } from '../../core/ids.ts'
import type { Instant, Millis } from '../../core/instant.ts'
import type { MakerTools } from '../../ports/tools.ts'
import type { Straight } from '../alert/straight.ts'

/** What T1 stands on. */
export interface IngestParts extends MakerTools {
  readonly node: NodeId
  readonly directory: () => Directory & { readonly extensions: ReadonlyMap<string, string> }
  /** How far apart two taps may hear one transmission. */
  readonly skewMs: Millis
  /** The earliest that what was read at this moment can have come; absent: then. */
  readonly since?: (read: Instant) => Instant
  /** How long after a request each tap may hear it. */
  readonly lag: (tap: string) => Millis
  /** Whether this tap hears what we page again by radio: never a switchboard's link. */
  readonly hearsRePages: (tap: string) => boolean
  /** When a bleep became durable: the raise loop stamps the hop, because only after the commit is it true. */
  readonly onStored: (bleep: BleepId, at: Instant) => void
  /** The id of this bleep, after which its alert is named on every node; where all hear it, they give it the same. */
  readonly alike?: (
    source: { readonly feed: FeedId; readonly tap: string },
    number: string,
    page: Page,
  ) => BleepId
  /** Raises a new bleep in the same transaction, where that can be. Absent: the raise loop does it behind. */
  readonly straight?: Straight['straight']
}
