import {
  type Anchor,
  CHAIN_START,
  type ChainState,
  type Digest,
  endChain,
  followChain,
} from '../../core/govern/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Store } from '../../ports/store.ts'

/** Rows in one transaction: a few milliseconds of digests. */
const PAGE = 200

/** Follows the audit chain from its first entry to its last; every other task has its turn between pages. */
export async function verifyAudit(
  { store, clock, digest }: { readonly store: Store; readonly clock: Clock; readonly digest: Digest },
  anchor?: Anchor,
): Promise<ChainState> {
  let state = CHAIN_START
  for (;;) {
    const from = state.seq
    const rows = await store.transact((tx) => tx.audit.since(from, PAGE))
    for (const row of rows) state = followChain(state, row, digest, anchor)
    if (rows.length < PAGE || state.broken !== undefined) return endChain(state, anchor)
    await new Promise<void>((next) => clock.after(0, next))
  }
}

/** Nothing is wrong with it: whole, and whatever is erased in it was erased rightly. */
export function isSound(state: ChainState): boolean {
  return state.broken === undefined && state.unaccounted.length === 0
}
