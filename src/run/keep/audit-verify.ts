import {
  type Anchor,
  type AuditRow,
  CHAIN_START,
  type ChainState,
  type Digest,
  endChain,
  followChain,
  type Held,
} from '../../core/govern/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Store } from '../../ports/store.ts'

/** Rows in one transaction: a few milliseconds of digests. */
const PAGE = 200

export interface VerifyParts {
  readonly store: Store
  readonly clock: Clock
  readonly digest: Digest
  /** What the chain is held against besides itself. */
  readonly held?: (() => Promise<Held>) | undefined
  /** Told of the entries of each page that fits. */
  readonly each?: ((rows: readonly AuditRow[]) => Promise<void>) | undefined
}

/**
 * Follows the audit chain from its first entry to its last; every other task has its turn between pages.
 * @param anchor one more place that was written down
 */
export async function verifyAudit(parts: VerifyParts, anchor?: Anchor): Promise<ChainState> {
  const { store, clock, digest } = parts
  const known = (await parts.held?.()) ?? {}
  const held = anchor === undefined ? known : { ...known, anchors: withAnchor(known, anchor) }
  let state = CHAIN_START
  for (;;) {
    const from = state.seq
    const rows = await store.transact((tx) => tx.audit.since(from, PAGE))
    for (const row of rows) state = followChain(state, row, digest, held)
    if (state.broken === undefined) await parts.each?.(rows)
    if (rows.length < PAGE || state.broken !== undefined) return endChain(state, held)
    await new Promise<void>((next) => clock.after(0, next))
  }
}

/** What was named by whoever asks counts before what we know ourselves. */
const withAnchor = ({ anchors }: Held, { seq, digest }: Anchor): ReadonlyMap<number, string> =>
  new Map([...(anchors ?? []), [seq, digest]])

/** Nothing is wrong with it: whole, and whatever is erased in it was erased rightly. */
export function isSound(state: ChainState): boolean {
  return state.broken === undefined && state.unaccounted.length === 0
}
