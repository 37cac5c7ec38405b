import type { NodeId } from '../core/ids.ts'
import type { Random } from '../ports/random.ts'
import type { Store } from '../ports/store.ts'

/** Names one run of a node: two runs of it never share a lease. */
export function leaseOwner(node: NodeId, random: Random): string {
  return `${node}/${Buffer.from(random.bytes(6)).toString('hex')}`
}

/**
 * Frees at once what an earlier run of this node had claimed when it died: a radio re-page must not wait for the
 * lease of a dead process to end. Call it before the first claim. Other nodes keep what they have claimed.
 */
export async function takeBackLeases(store: Store, node: NodeId): Promise<void> {
  await store.transact(async (tx) => {
    await tx.attempts.release(`${node}/`)
    await tx.due.release(`${node}/`)
    await tx.filings.release(`${node}/`)
  })
}
