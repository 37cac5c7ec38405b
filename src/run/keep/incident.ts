import type { Heard } from '../../core/desk/incident.ts'
import { incidentOf } from '../../core/desk/incident.ts'
import { failed, ok, type Result } from '../../core/faults.ts'
import type { Digest } from '../../core/govern/audit.ts'
import { packText } from '../../core/govern/incident-chain.ts'
import type { CapturedSpan } from '../../ports/capture.ts'
import type { Signer } from '../../ports/signer.ts'
import { createSubjects, type GovernParts } from './subjects.ts'
import { wholeOf } from './whole.ts'

export interface IncidentParts extends GovernParts {
  readonly digest: Digest
  /** Made when it is first needed. */
  readonly signer: () => Signer
  /** What captures still hold of a line within a time; absent: nothing is captured. */
  readonly heard?: ((spans: readonly CapturedSpan[]) => Promise<readonly Heard[]>) | undefined
}

/** Bytes come a little before and after a page's own times. */
const EDGE = 1000

/**
 * One call replayed from what is stored, signed and chained, as the text of its file. On the record with its reason, and
 * with the digest of the key that signed it.
 * @param id of a bleep or an alert
 * @param open with names and every word
 */
export async function incidentPack(
  parts: IncidentParts,
  actor: string,
  id: string,
  reason: string,
  open: boolean,
): Promise<Result<string>> {
  const { store, clock, directory, digest } = parts
  const whole = await store.transact((tx) => wholeOf(tx, id))
  const signer = parts.signer()
  await store.transact((tx) =>
    tx.audit.append({
      ...{ at: clock.now(), actor, action: 'incident.pack', subject: whole?.alert?.id ?? id },
      outcome: whole === undefined ? 'refused' : 'done',
      detail: { reason, names: open ? 1 : 0, key: digest(signer.key) },
    }),
  )
  if (whole === undefined) return failed('bleep-unknown')
  const traces = await createSubjects(parts).traces(whole)
  const spans = whole.sightings.map(({ feed, page }) => ({
    feed,
    from: page.firstByte - EDGE,
    to: page.lastByte + EDGE,
  }))
  const heard = open ? ((await parts.heard?.(spans)) ?? []) : []
  const head = { site: directory().site.name, made: clock.now(), by: actor, reason }
  return ok(packText(incidentOf(head, whole, traces, heard, directory(), open), digest, signer))
}
