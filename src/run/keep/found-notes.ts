import { DAY, type Instant, type Millis } from '../../core/instant.ts'
import { type Found, type FoundBy, readFound } from '../../core/measure/watch/found.ts'
import type { Store, Tx } from '../../ports/store.ts'

/** One note for each node, so that no node overwrites what another wrote. */
const NOTE = 'supervision/'
/**
 * From releases in which all nodes wrote into the same notes. A node takes over once what it finds there about
 * itself.
 */
const SHARED = { things: 'supervised', figures: 'supervision', air: 'over-the-air' }
/** A node that was taken away still belongs into the report of its last month. */
const KEPT: Millis = 31 * DAY

/** What each node of the site has written, by name of the node. */
export async function allFound(tx: Tx): Promise<readonly FoundBy[]> {
  const notes = await tx.notes.list(NOTE)
  return notes.map(({ key, value, at }) => ({ ...readFound(value), node: key.slice(NOTE.length), at }))
}

export function keepFound(tx: Tx, node: string, found: Found, now: Instant): Promise<void> {
  return tx.notes.set(`${NOTE}${node}`, found, now)
}

/** What this node wrote when it ran last; nothing on its first day. */
export function foundBefore(store: Store, node: string, now: Instant): Promise<Found> {
  return store.transact(async (tx) => {
    await forgetGone(tx, now)
    const own = await tx.notes.get(`${NOTE}${node}`)
    if (own !== undefined) return readFound(own)
    const [things, air] = [await tx.notes.get(SHARED.things), await tx.notes.get(SHARED.air)]
    return readFound({ things: things ?? [], air: air ?? [], feeds: [] })
  })
}

async function forgetGone(tx: Tx, now: Instant): Promise<void> {
  // The notes of each node begin like one of the shared ones.
  for (const start of Object.values(SHARED))
    for (const { key, at } of await tx.notes.list(start)) if (now - at > KEPT) await tx.notes.forget(key)
}
