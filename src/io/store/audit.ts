import { createHash, randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import {
  type AuditEntry,
  type AuditRow,
  type Digest,
  entryDigest,
  linkDigest,
} from '../../core/govern/audit.ts'
import { writeDoc } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { AuditTable } from '../../ports/govern.ts'
import { asStored, dayOf, digestOf, ownKey } from './own-keys.ts'
import { type Query, readJson } from './query.ts'
import type { Tables } from './tables.ts'

export const sha256: Digest = (text) => createHash('sha256').update(text).digest('hex')

/** What an entry is digested with: gone with its content, so that a guess at what stood there can never be proven. */
export const newSalt = (): string => randomBytes(16).toString('hex')

/** Stands in the column of the salt while that is sealed with the rest of the content, in the column of the detail. */
export const SEALED_CONTENT = 'sealed'

export function auditTable(query: Query): AuditTable {
  const { tx, seam } = query
  const rows = () => tx.selectFrom('audit').selectAll()
  const read = (found: readonly Selectable<Tables['audit']>[]) => readAudit(query, found)
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
      const { at, action, outcome } = entry
      const salt = newSalt()
      const own = entryDigest(entry, salt, sha256)
      await tx
        .insertInto('audit')
        .values({
          ...{ seq, at, action, outcome },
          ...(await contentOf(query, entry, salt)),
          entry: own,
          digest: linkDigest(last?.digest ?? '', seq, own, sha256),
        })
        .execute()
    },
    async last() {
      return (await read(await rows().orderBy('seq', 'desc').limit(1).execute()))[0]
    },
    async since(seq, limit) {
      return read(await rows().where('seq', '>', seq).orderBy('seq').limit(limit).execute())
    },
    async about(subjects, limit) {
      if (subjects.length === 0) return []
      const those = subjects.flatMap(await asStored(query))
      return read(await rows().where('subject', 'in', those).orderBy('seq').limit(limit).execute())
    },
    async by(actors, limit) {
      if (actors.length === 0) return []
      const those = actors.flatMap(await asStored(query))
      return read(await rows().where('actor', 'in', those).orderBy('seq').limit(limit).execute())
    },
    async during(action, { from, to }, limit) {
      const found = await rows()
        .where('action', '=', action)
        .where('at', '>=', from)
        .where('at', '<', to)
        .orderBy('at')
        .limit(limit)
        .execute()
      return read(found)
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

type Content = Pick<Selectable<Tables['audit']>, 'actor' | 'subject' | 'detail' | 'salt'>

/** Who and whom as digests, and what was said sealed under the key of the day; in the clear where there is none. */
export async function contentOf(query: Query, entry: AuditEntry, salt: string): Promise<Content> {
  const { actor, subject, detail } = entry
  const key = await ownKey(query, 'audit', dayOf(entry.at))
  const [by, whom] = [digestOf(query, actor), digestOf(query, subject)]
  if (key === undefined || by === undefined || whom === undefined)
    return { actor, subject, salt, detail: detail ? JSON.stringify(detail) : null }
  const content = { actor, subject, salt, ...(detail ? { detail } : {}) }
  const sealed = query.seam.words?.under(key, FORMS.audit, content) ?? writeDoc(FORMS.audit, content)
  return { actor: by, subject: whom, detail: sealed, salt: SEALED_CONTENT }
}

/** Rows as they were written, sealed or not. */
async function readAudit(
  query: Query,
  rows: readonly Selectable<Tables['audit']>[],
): Promise<readonly AuditRow[]> {
  const sealed = rows.flatMap(({ seq, salt, detail }) =>
    salt === SEALED_CONTENT && detail ? [{ seq, doc: detail }] : [],
  )
  type Opened = AuditEntry & { readonly salt?: string; readonly sealed?: string }
  const found = await query.readEach<Opened, (typeof sealed)[number]>(FORMS.audit, sealed)
  const opened = new Map(found.map(([content, { seq }]) => [seq, content]))
  const stored = sealed.length === 0 ? (text: string) => [text] : await asStored(query)
  return rows.map((row) => {
    const { seq, entry, digest, salt, at, action } = row
    const outcome = outcomeOf(row)
    if (salt !== SEALED_CONTENT)
      return { seq, ...readEntry(row), ...(salt === null ? {} : { salt }), entry, digest }
    const { sealed: away, salt: own, ...content } = opened.get(seq) ?? { actor: '', subject: '' }
    // It is found by its digests, and a changed one is told like any other change.
    const { actor, subject } = content
    const found = stored(actor).includes(row.actor) && stored(subject).includes(row.subject)
    const whole = {
      ...content,
      ...(found ? {} : { actor: row.actor }),
      seq,
      at,
      action,
      outcome,
      entry,
      digest,
    }
    return own === undefined || away !== undefined ? { ...whole, unread: true } : { ...whole, salt: own }
  })
}

/** A detail that is no JSON any more is found by the chain: its entry does not say what it said. */
const TOLD = { mends: false }

/** What a row that is not sealed says of the act itself. */
export function readEntry(row: Omit<Selectable<Tables['audit']>, 'entry' | 'salt'>): AuditEntry {
  const { at, actor, action, subject, detail } = row
  return {
    ...{ at, actor, action, subject },
    outcome: outcomeOf(row),
    ...(detail === null ? {} : { detail: readJson(detail, TOLD) as NonNullable<AuditEntry['detail']> }),
  }
}

const outcomeOf = ({ outcome }: { readonly outcome: string }): AuditEntry['outcome'] =>
  outcome === 'refused' ? 'refused' : 'done'
