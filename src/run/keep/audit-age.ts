import { AGED, type Aged, agedSchema } from '../../core/govern/audit.ts'
import { DAY, type Instant } from '../../core/instant.ts'
import type { Tx } from '../../ports/store.ts'

/** How far the audit's content is gone, and how far a later entry says so. */
const NOTE = 'audit-aged'

async function noted(tx: Tx): Promise<Aged> {
  return agedSchema.safeParse(await tx.notes.get(NOTE)).data ?? { until: 0, told: 0 }
}

/** Erases the content of the next entries that are older than an instant; their digests stay. Gives how many. */
export async function ageAudit(tx: Tx, before: Instant, limit: number, now: Instant): Promise<number> {
  const { until, told } = await noted(tx)
  const found = await tx.audit.since(until, limit)
  const fresh = found.findIndex(({ at }) => at >= before)
  const old = fresh === -1 ? found : found.slice(0, fresh)
  const last = old.at(-1)
  if (last === undefined) return 0
  await tx.audit.forget(old.map(({ seq }) => seq))
  await tx.notes.set(NOTE, { until: last.seq, told }, now)
  return old.length
}

/** Days of which the audit holds no content any more: one more stays, for a clock that was set. */
export async function endAuditDays(tx: Tx): Promise<void> {
  const { until } = await noted(tx)
  const [next] = until === 0 ? [] : await tx.audit.since(until, 1)
  if (next !== undefined) await tx.purge.auditDays(next.at - DAY)
}

/** Puts on the record up to where content went with its keep time: without it, it would look as if somebody had hidden it. */
export async function tellAged(tx: Tx, now: Instant): Promise<void> {
  const { until, told } = await noted(tx)
  if (until <= told) return
  await tx.notes.set(NOTE, { until, told: until }, now)
  await tx.audit.append({
    ...{ at: now, actor: 'bleepd', action: AGED, subject: '', outcome: 'done' },
    detail: { until },
  })
}
