import type { Whole } from '../config/whole.ts'
import type { FeedId } from '../core/ids.ts'

/** The other nodes on our database. */
export const neighboursOf = ({ config: { store } }: Pick<Whole, 'config'>) =>
  store.kind === 'postgres' ? store.neighbours : []

/** Which feeds every node hears: those from the air. */
export function airOf({ feeds }: Pick<Whole, 'feeds'>): (feed: FeedId) => boolean {
  const air = new Set(feeds.filter(({ side }) => side === 'air').map(({ id }) => id))
  return (feed) => air.has(feed)
}
