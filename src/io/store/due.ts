import { sql } from 'kysely'
import { type AlertId, asId } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'
import type { DueTable } from '../../ports/store.ts'
import { kept, keptRows, ownerIn, type Query } from './query.ts'

type DueColumns = { alert: string; name: string; at: number }
const setting = keptRows<DueColumns, unknown>(['alert', 'name', 'at'], (db, rows) =>
  db
    .insertInto('due')
    .values(rows.map((row) => ({ ...row, owner: null, until: null })))
    .onConflict((c) =>
      c
        .columns(['alert', 'name'])
        .doUpdateSet((e) => ({ at: e.ref('excluded.at'), owner: null, until: null })),
    ),
)

// Asked ten times a second, however busy we are.
const claimable = kept<{ now: Instant; limit: number }, DueColumns>(
  ['now', 'limit'],
  (db, { now, limit }, seam) =>
    seam.claim(
      db
        .selectFrom('due')
        .select(['alert', 'name', 'at'])
        .where('at', '<=', now)
        .where(seam.unclaimed('due', now))
        .orderBy('at')
        .limit(limit),
    ),
)
// The same of emergencies. Each row is held against its alert: only asked where more is due than can be claimed.
const mostUrgent = kept<{ now: Instant; limit: number }, DueColumns>(
  ['now', 'limit'],
  (db, { now, limit }, seam) =>
    seam.claim(
      db
        .selectFrom('due')
        .select(['alert', 'name', 'at'])
        .where('at', '<=', now)
        .where(seam.unclaimed('due', now))
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('alerts')
              .select('alerts.id')
              .whereRef('alerts.id', '=', 'due.alert')
              .where('alerts.class', '=', sql.lit('emergency')),
          ),
        )
        .orderBy('at')
        .limit(limit),
    ),
)
const claiming = kept<Omit<DueColumns, 'at'> & { owner: string; until: Instant }, unknown>(
  ['alert', 'name', 'owner', 'until'],
  (db, { alert, name, owner, until }) =>
    db.updateTable('due').set({ owner, until }).where('alert', '=', alert).where('name', '=', name),
)
const earliest = kept<Record<never, never>, { at: Instant }>([], (db) =>
  db.selectFrom('due').select('at').orderBy('at').limit(1),
)

export function dueTable(query: Query): DueTable {
  const { tx, seam } = query
  return {
    async set(rows) {
      if (rows.length > 0) await setting(query, rows)
    },
    async forget(alert, names) {
      if (names !== 'all' && names.length === 0) return
      let forgetting = tx.deleteFrom('due').where('alert', '=', alert)
      if (names !== 'all') forgetting = forgetting.where('name', 'in', [...names])
      await forgetting.execute()
    },
    async claim({ owner, now, until, limit }) {
      await seam.present(owner)
      const { rows: all } = await claimable(query, { now, limit })
      const urgent = all.length < limit ? [] : (await mostUrgent(query, { now, limit })).rows
      const rows = urgent.length > 0 ? urgent : all
      for (const { alert, name } of rows) await claiming(query, { alert, name, owner, until })
      return rows.map((row) => ({ ...row, alert: asId<AlertId>(row.alert) }))
    },
    async release(ownersOf) {
      await tx.updateTable('due').set({ owner: null, until: null }).where(ownerIn(ownersOf)).execute()
    },
    async of(alert) {
      const rows = await tx
        .selectFrom('due')
        .select(['name', 'at'])
        .where('alert', '=', alert)
        .orderBy('at')
        .execute()
      return rows.map((row) => ({ alert, ...row }))
    },
    async next() {
      return (await earliest(query, {})).rows[0]?.at
    },
  }
}
