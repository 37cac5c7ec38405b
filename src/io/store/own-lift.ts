import type { Instant } from '../../core/instant.ts'
import { writeDoc } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import { contentOf, readEntry, SEALED_CONTENT } from './audit.ts'
import { rowOf, sealedColumns } from './listed.ts'
import { dayOf, isDigest, ownWritten } from './own-keys.ts'
import type { Query } from './query.ts'

/** Where sealing of each has come to. */
const CURSOR = { audit: 'sealed-audit', calls: 'sealed-calls' } as const

/**
 * Seals what is no bleep's and stands in the clear: from before there were keys, from a moment without any, or written by
 * a command beside the daemon, which makes none.
 * @returns whether there is more
 */
export async function sealOwn(query: Query, now: Instant, to: Instant, limit: number): Promise<boolean> {
  if (query.seam.words?.keys.store === undefined) return false
  const more = [
    await sealAudit(query, now, limit),
    await sealCalls(query, now, to, limit),
    await sealListed(query, limit),
    await sealRequests(query, limit),
  ]
  return more.includes(true)
}

async function sealAudit(query: Query, now: Instant, limit: number): Promise<boolean> {
  const { tx } = query
  const rows = await tx
    .selectFrom('audit')
    .selectAll()
    .where('seq', '>', await cursor(query, 'audit'))
    .orderBy('seq')
    .limit(limit)
    .execute()
  let last: number | undefined
  for (const row of rows) {
    if (row.salt !== null && row.salt !== SEALED_CONTENT) {
      const content = await contentOf(query, readEntry(row), row.salt)
      // No key can be had now: it is tried again from here.
      if (content.salt !== SEALED_CONTENT) break
      await tx.updateTable('audit').set(content).where('seq', '=', row.seq).execute()
    }
    last = row.seq
  }
  if (last !== undefined) await goneTo(query, 'audit', last, now)
  return rows.length === limit && last === rows.at(-1)?.seq
}

async function sealCalls(query: Query, now: Instant, to: Instant, limit: number): Promise<boolean> {
  const { tx } = query
  const rows = await tx
    .selectFrom('calls')
    .select(['id', 'arrived', 'doc'])
    .where('arrived', '>=', await cursor(query, 'calls'))
    .where('arrived', '<', to)
    .orderBy('arrived')
    .limit(limit)
    .execute()
  for (const [record, { id, arrived, doc }] of await query.readEach<object, (typeof rows)[number]>(
    FORMS.call,
    rows,
  )) {
    if (doc.includes('"sealed":')) continue
    const sealed = await ownWritten(query, FORMS.call, ['calls', dayOf(arrived)], record)
    if (sealed !== writeDoc(FORMS.call, record))
      await tx.updateTable('calls').set({ doc: sealed }).where('id', '=', id).execute()
  }
  const [first, last] = [rows[0]?.arrived, rows.at(-1)?.arrived]
  // All rows of one instant are taken together, or the next turn would begin with them again.
  if (last !== undefined) await goneTo(query, 'calls', first === last ? last + 1 : last, now)
  return rows.length === limit
}

async function sealListed(query: Query, limit: number): Promise<boolean> {
  const rows = (await query.tx.selectFrom('listed').selectAll().execute()).filter(
    ({ login }) => !isDigest(login),
  )
  for (const row of rows.slice(0, limit)) {
    const { key, ...values } = await sealedColumns(query, rowOf(row))
    if (!isDigest(values.login)) return false
    await query.tx.updateTable('listed').set(values).where('key', '=', key).execute()
  }
  return rows.length > limit
}

async function sealRequests(query: Query, limit: number): Promise<boolean> {
  const rows = (await query.tx.selectFrom('requests').select(['id', 'doc']).execute()).filter(
    ({ doc }) => !doc.includes('"sealed":') && doc.includes('"about":'),
  )
  for (const row of rows.slice(0, limit)) {
    const [request] = await query.readAll<object>(FORMS.request, [row])
    const doc = request && (await ownWritten(query, FORMS.request, ['request', row.id], request))
    if (!doc?.includes('"sealed":')) return false
    await query.tx.updateTable('requests').set({ doc }).where('id', '=', row.id).execute()
  }
  return rows.length > limit
}

async function cursor({ tx }: Query, what: keyof typeof CURSOR): Promise<number> {
  const row = await tx.selectFrom('notes').select('value').where('key', '=', CURSOR[what]).executeTakeFirst()
  return row === undefined ? 0 : Number(row.value)
}

async function goneTo({ tx }: Query, what: keyof typeof CURSOR, at: number, now: Instant): Promise<void> {
  await tx
    .insertInto('notes')
    .values({ key: CURSOR[what], value: String(at), at: now })
    .onConflict((c) => c.column('key').doUpdateSet({ value: String(at), at: now }))
    .execute()
}
