import { createHash } from 'node:crypto'
import type { AuditEntry, AuditTable } from '../../ports/store.ts'
import { type Query, readDoc } from './query.ts'

/** Chain of SHA-256 digests: an entry changed or taken out later breaks every digest behind it. */
export function auditTable({ tx, seam }: Query): AuditTable {
  return {
    async append(entry) {
      await seam.alone(tx, 'audit')
      const last = await tx
        .selectFrom('audit')
        .select(['seq', 'digest'])
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst()
      const seq = (last?.seq ?? 0) + 1
      const { at, actor, action, subject, outcome } = entry
      const detail = entry.detail ? JSON.stringify(entry.detail) : null
      await tx
        .insertInto('audit')
        .values({
          seq,
          at,
          actor,
          action,
          subject,
          outcome,
          detail,
          digest: digest(last?.digest ?? '', seq, entry),
        })
        .execute()
    },
    async since(seq, limit) {
      const rows = await tx
        .selectFrom('audit')
        .selectAll()
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(limit)
        .execute()
      return rows.map(({ detail, outcome, ...row }) => ({
        ...row,
        outcome: outcome === 'refused' ? 'refused' : 'done',
        ...(detail === null ? {} : { detail: readDoc<NonNullable<AuditEntry['detail']>>(detail) }),
      }))
    },
  }
}

/** The digest of an entry given the one before it: what `verify` recomputes. */
function digest(previous: string, seq: number, entry: AuditEntry): string {
  const { at, actor, action, subject, outcome, detail } = entry
  return createHash('sha256')
    .update(JSON.stringify([previous, seq, at, actor, action, subject, outcome, detail ?? null]))
    .digest('hex')
}
