import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Random } from './random.ts'
import type { Store } from './store.ts'

/** By which a part says what happens in it. */
export interface Telling {
  readonly log: Log
  readonly metrics: Metrics
}

/** What a loop stands on. */
export interface Tools extends Telling {
  readonly clock: Clock
}

/** What whoever looks at stored things asks of the world. */
export interface Stored {
  readonly store: Store
  readonly clock: Clock
}

/** What a loop over stored things stands on. */
export interface StoreTools extends Tools, Stored {}

/** The same, for one that makes new things, which have names. */
export interface MakerTools extends StoreTools {
  readonly random: Random
}
