import type { Instant } from '../../core/instant.ts'
import type { RowStore } from './open.ts'

/**
 * A phone asks for what lies behind the last cursor that it has seen. A database that was begun anew, restored from a copy
 * or stands in for another must give later ones, or the phone would see nothing more: from here on they are microseconds
 * since 1970, which no count of ours has come to.
 */
export async function inboxBehind(store: RowStore, now: Instant): Promise<void> {
  await store.rows((tx) => store.inboxAfter(tx, Math.floor(now * 1000)))
}
