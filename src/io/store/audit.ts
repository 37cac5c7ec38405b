import { createHash, randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import {
  type AuditEntry,
  type AuditRow,
  type Digest,
  entryDigest,
  linkDigest,
} from '../../core/govern/audit.ts'
import type { AuditTable } from '../../ports/govern.ts'
import { type Query, readJson } from './query.ts'
import type { Tables } from './tables.ts'

export const sha256: Digest = (text) => createHash('sha256').update(text).digest('hex')

/** What an entry is digested with: gone with its content, so that a guess at what stood there can never be proven. */
export const newSalt = (): string => randomBytes(16).toString('hex')

export function auditTable({ tx, seam }: Query): AuditTable {
  return {
    async append(entry) {
      // Last of all locks in a transaction: whoever holds it waits for nobody.
      await seam.alone(tx, 'audit')
      const last = await tx
        .selectFrom('audit')
        .select(['seq', 'digest'])
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst()
      const seq = (last?.seq ?? 0) + 1
      const { at, actor, action, subject, outcome } = entry
      const salt = newSalt()
      const own = entryDigest(entry, salt, sha256)
      await tx
        .insertInto('audit')
        .values({
          ...{ seq, at, actor, action, subject, outcome, salt },
          detail: entry.detail ? JSON.stringify(entry.detail) : null,
          entry: own,
          digest: linkDigest(last?.digest ?? '', seq, own, sha256),
        })
        .execute()
    },
    async last() {
      const row = await tx.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(1).executeTakeFirst()
      return row && read(row)
    },
    async since(seq, limit) {
      const rows = await tx
        .selectFrom('audit')
        .selectAll()
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(limit)
        .execute()
      return rows.map(read)
    },
    async about(subjects, limit) {
      if (subjects.length === 0) return []
      const rows = await tx
        .selectFrom('audit')
        .selectAll()
        .where('subject', 'in', [...subjects])
        .orderBy('seq')
        .limit(limit)
        .execute()
      return rows.map(read)
    },
    async by(actors, limit) {
      if (actors.length === 0) return []
      const rows = await tx
        .selectFrom('audit')
        .selectAll()
        .where('actor', 'in', [...actors])
        .orderBy('seq')
        .limit(limit)
        .execute()
      return rows.map(read)
    },
    async during(action, { from, to }, limit) {
      const rows = await tx
        .selectFrom('audit')
        .selectAll()
        .where('action', '=', action)
        .where('at', '>=', from)
        .where('at', '<', to)
        .orderBy('at')
        .limit(limit)
        .execute()
      return rows.map(read)
    },
    async forget(seqs) {
      if (seqs.length === 0) return
      await tx
        .updateTable('audit')
        .set({ actor: '', action: '', subject: '', detail: null, salt: null })
        .where('seq', 'in', [...seqs])
        .execute()
    },
  }
}

/** What a row says of the act itself. */
export function readEntry(row: Omit<Selectable<Tables['audit']>, 'entry' | 'salt'>): AuditEntry {
  const { at, actor, action, subject, detail } = row
  return {
    ...{ at, actor, action, subject },
    outcome: row.outcome === 'refused' ? 'refused' : 'done',
    ...(detail === null ? {} : { detail: readJson(detail) as NonNullable<AuditEntry['detail']> }),
  }
}

function read(row: Selectable<Tables['audit']>): AuditRow {
  const { seq, entry, digest, salt } = row
  return { seq, ...readEntry(row), ...(salt === null ? {} : { salt }), entry, digest }
}
