import type { Account } from '../../core/identity/account.ts'
import type { Session } from '../../core/identity/session.ts'
import { writeDoc } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { AccountTable, SessionTable } from '../../ports/identity.ts'
import type { Query } from './query.ts'
import { forgetName, namedDoc } from './staff-names.ts'

export function accountTable(query: Query): AccountTable {
  const { tx } = query
  const read = (row: { doc: string }) => query.readOne<Account>(FORMS.account, row)
  const list = async () => {
    const rows = await tx.selectFrom('accounts').select('doc').orderBy('name').execute()
    return rows.flatMap((row) => read(row) ?? [])
  }
  return {
    async add(account) {
      const added = await tx
        .insertInto('accounts')
        .values({ name: account.name, doc: writeDoc(FORMS.account, account) })
        .onConflict((c) => c.column('name').doNothing())
        .executeTakeFirst()
      return Number(added.numInsertedOrUpdatedRows ?? 0) > 0
    },
    async get(name) {
      const row = await tx.selectFrom('accounts').select('doc').where('name', '=', name).executeTakeFirst()
      return row && read(row)
    },
    // A site has some dozens of accounts.
    byPasskey: async (id) => (await list()).find(({ passkeys }) => passkeys.some((one) => one.id === id)),
    async save(account) {
      const doc = writeDoc(FORMS.account, account)
      await tx.updateTable('accounts').set({ doc }).where('name', '=', account.name).execute()
    },
    list,
    async forget(name) {
      await forgetName(query, name)
      await tx.deleteFrom('accounts').where('name', '=', name).execute()
    },
  }
}

export function sessionTable(query: Query): SessionTable {
  const { tx } = query
  const read = (rows: readonly { doc: string }[]) => query.readAll<Session>(FORMS.session, rows)
  return {
    async add(session) {
      const { id, until, subject = null } = session
      await tx
        .insertInto('sessions')
        .values({ id, until, subject, doc: await namedDoc(query, FORMS.session, session) })
        .execute()
    },
    async get(id) {
      const row = await tx.selectFrom('sessions').select('doc').where('id', '=', id).executeTakeFirst()
      return row && (await read([row]))[0]
    },
    async end(id) {
      await tx.deleteFrom('sessions').where('id', '=', id).execute()
    },
    async endOf({ subject, sid }) {
      let found = tx.selectFrom('sessions').select('doc').where('subject', 'is not', null)
      if (subject !== undefined) found = found.where('subject', '=', subject)
      const gone = (await read(await found.execute())).filter((one) => sid === undefined || one.sid === sid)
      for (const { id } of gone) await tx.deleteFrom('sessions').where('id', '=', id).execute()
      return gone.length
    },
    async list(now) {
      const rows = await tx.selectFrom('sessions').select('doc').where('until', '>', now).execute()
      return (await read(rows)).toSorted((a, b) => b.began - a.began)
    },
    async forget(before) {
      await tx.deleteFrom('sessions').where('until', '<', before).execute()
    },
  }
}
