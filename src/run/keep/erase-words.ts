import type { Bleep } from '../../core/bleep/bleep.ts'
import type { FaultCode } from '../../core/faults.ts'
import type { BleepId } from '../../core/ids.ts'
import type { ReasonCode } from '../../core/reasons.ts'
import type { Tx } from '../../ports/store.ts'
import { alertOf } from '../alert/earlier.ts'
import { factsUntil } from './settle-facts.ts'

/** What becomes of a bleep's words if they are to go now. */
export interface Verdict {
  readonly id: BleepId
  /** Undefined: there is no such bleep any more. */
  readonly bleep: Bleep | undefined
  readonly reason: Extract<ReasonCode, `erase-${string}` | `kept-${string}`>
}

/** Why nothing of a plan goes, as the fault that is told. */
export const REFUSED: Readonly<Partial<Record<ReasonCode, FaultCode>>> = {
  'kept-open': 'erase-open',
  'kept-waiting': 'erase-open',
  'kept-held': 'erase-held',
  'kept-early': 'erase-early',
  'kept-filing': 'erase-open',
}

/** Looks at what keeps a bleep, in the order in which a person must act on it. */
export async function verdictOn(tx: Tx, id: BleepId): Promise<Verdict> {
  const bleep = await tx.bleeps.get(id)
  if (bleep === undefined || (bleep.erased !== undefined && bleep.restricted === undefined))
    return { id, bleep, reason: 'erase-done' }
  const alert = await alertOf(tx, id)
  if (alert !== undefined && alert.phase !== 'closed') return { id, bleep, reason: 'kept-open' }
  if (bleep.stage !== 'routed') return { id, bleep, reason: 'kept-waiting' }
  if (await tx.holds.keeps(bleep)) return { id, bleep, reason: 'kept-held' }
  if (await tx.filings.owes(bleep.id)) return { id, bleep, reason: 'kept-filing' }
  if (bleep.received >= (await factsUntil(tx))) return { id, bleep, reason: 'kept-early' }
  return { id, bleep, reason: 'erase-goes' }
}
