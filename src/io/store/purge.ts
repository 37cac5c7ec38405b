import { sql } from 'kysely'
import type { Bleep } from '../../core/bleep/bleep.ts'
import type { Device } from '../../core/deliver/device.ts'
import { DAY, type Instant } from '../../core/instant.ts'
import { readable } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import { OPEN_PHASES } from '../../core/vocabulary.ts'
import type { PurgeTable } from '../../ports/govern.ts'
import { WORDY_NOTES } from './notes.ts'
import { daysBefore, ownEnd } from './own-keys.ts'
import type { Query } from './query.ts'
import { endWords } from './subject-keys.ts'

/** Every statement that takes rows out for good. A few rows at a time: pages are stored between them. */
export function purgeTable(query: Query): PurgeTable {
  const { tx } = query
  return {
    async over(what, mark, before, limit) {
      let over = tx
        .selectFrom('bleeps')
        .select('doc')
        .where('stage', '=', 'routed')
        .where((e) => e(e.refTuple('received', 'id'), '>', e.tuple(mark.at, mark.id)))
        .where('received', '<', before)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('alerts')
                .select('alerts.id')
                .whereRef('alerts.bleep', '=', 'bleeps.id')
                .where('alerts.phase', 'in', OPEN_PHASES),
            ),
          ),
        )
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('held')
                .innerJoin('holds', 'holds.id', 'held.hold')
                .select('held.bleep')
                .whereRef('held.bleep', '=', 'bleeps.id')
                .where('holds.released', 'is', null),
            ),
          ),
        )
        .where(inNoSpan('bleeps.received'))
        .orderBy('received')
        .orderBy('id')
        .limit(limit)
      if (what === 'words') over = over.where('erased', 'is', null)
      return query.readAll<Bleep>(FORMS.bleep, await over.execute())
    },
    async bleeps(ids) {
      if (ids.length === 0) return
      const gone = [...ids]
      await endWords(query, gone)
      const alerts = (await tx.selectFrom('alerts').select('id').where('bleep', 'in', gone).execute()).map(
        ({ id }) => id,
      )
      if (alerts.length > 0) {
        await tx.deleteFrom('attempts').where('alert', 'in', alerts).execute()
        await tx.deleteFrom('due').where('alert', 'in', alerts).execute()
        await tx.deleteFrom('alert_events').where('alert', 'in', alerts).execute()
        await tx.deleteFrom('filing_sends').where('alert', 'in', alerts).execute()
        await tx.deleteFrom('filings').where('alert', 'in', alerts).execute()
        await tx.deleteFrom('alerts').where('id', 'in', alerts).execute()
      }
      await tx.deleteFrom('sightings').where('bleep', 'in', gone).execute()
      await tx.deleteFrom('hops').where('bleep', 'in', gone).execute()
      await tx.deleteFrom('held').where('bleep', 'in', gone).execute()
      await tx.deleteFrom('asks').where('bleep', 'in', gone).execute()
      await tx.deleteFrom('search_again').where('bleep', 'in', gone).execute()
      await tx.deleteFrom('restricted').where('bleep', 'in', gone).execute()
      await tx.deleteFrom('bleeps').where('id', 'in', gone).execute()
    },
    async inbox(before, limit) {
      // Cursors rise with time: the oldest rows are the first, and no index by time is needed.
      const rows = await tx
        .selectFrom('inbox')
        .select(['cursor', 'at'])
        .orderBy('cursor')
        .limit(limit)
        .execute()
      const old = rows.filter(({ at }) => at < before).map(({ cursor }) => cursor)
      if (old.length > 0) await tx.deleteFrom('inbox').where('cursor', 'in', old).execute()
      return old.length
    },
    async calls(before, limit) {
      const rows = await tx
        .selectFrom('calls')
        .select('id')
        .where('arrived', '<', before)
        .where(inNoSpan('calls.arrived'))
        .orderBy('arrived')
        .limit(limit)
        .execute()
      const ids = rows.map(({ id }) => id)
      if (ids.length > 0) await tx.deleteFrom('calls').where('id', 'in', ids).execute()
      if (ids.length < limit) await endCallDays(query, before)
      return ids.length
    },
    async auditDays(before) {
      await ownEnd(query, 'audit', await daysBefore(query, 'audit', before))
    },
    async measures(before, limit) {
      const loose = await tx
        .selectFrom('facts')
        .select('bleep')
        .where('at', '<', before)
        .orderBy('at')
        .limit(limit)
        .execute()
      const ids = loose.map(({ bleep }) => bleep)
      if (ids.length > 0) await tx.deleteFrom('facts').where('bleep', 'in', ids).execute()
      const packed = await tx.deleteFrom('packs').where('last', '<', before).executeTakeFirst()
      return ids.length + Number(packed.numDeletedRows)
    },
    async edits(ids) {
      if (ids.length === 0) return 0
      const done = await tx
        .deleteFrom('directory_edits')
        .where('id', 'in', [...ids])
        .executeTakeFirst()
      return Number(done.numDeletedRows)
    },
    async devices(before) {
      // When it was last seen is in the document: the few devices out of use are read.
      const rows = await tx
        .selectFrom('devices')
        .select(['id', 'doc'])
        .where('state', '!=', 'active')
        .execute()
      const old = rows.filter(({ doc }) => lastSeen(doc) < before).map(({ id }) => id)
      if (old.length > 0) await tx.deleteFrom('devices').where('id', 'in', old).execute()
      return old.length
    },
    async codes(before) {
      const done = await tx.deleteFrom('enrol_codes').where('expires', '<', before).executeTakeFirst()
      return Number(done.numDeletedRows)
    },
    async notes(start, before) {
      const old = () => sql<boolean>`substr(key, 1, ${start.length}) = ${start} and at < ${before}`
      if (start === WORDY_NOTES) {
        const rows = await tx.selectFrom('notes').select('key').where(old()).execute()
        await ownEnd(
          query,
          'note',
          rows.map(({ key }) => key),
        )
      }
      const done = await tx.deleteFrom('notes').where(old()).executeTakeFirst()
      return Number(done.numDeletedRows)
    },
    async papers(before) {
      const erasures = await tx
        .deleteFrom('erasures')
        .where('state', '!=', 'started')
        .where('at', '<', before)
        .executeTakeFirst()
      const over = tx.selectFrom('holds').select('id').where('released', '<', before)
      await tx.deleteFrom('held').where('hold', 'in', over).execute()
      const holds = await tx.deleteFrom('holds').where('released', '<', before).executeTakeFirst()
      const requests = await tx
        .selectFrom('requests')
        .select('id')
        .where('state', 'in', ['done', 'withdrawn'])
        .where('at', '<', before)
        .execute()
      const ids = requests.map(({ id }) => id)
      await ownEnd(query, 'request', ids)
      if (ids.length > 0) await tx.deleteFrom('requests').where('id', 'in', ids).execute()
      return [erasures, holds].reduce((n, one) => n + Number(one.numDeletedRows), ids.length)
    },
    async rename({ alert, bleep }, person, pseudonym) {
      const of = { person: pseudonym }
      await tx
        .updateTable('attempts')
        .set(of)
        .where('alert', '=', alert)
        .where('person', '=', person)
        .execute()
      await tx.updateTable('hops').set(of).where('bleep', '=', bleep).where('person', '=', person).execute()
    },
    async renameInbox(device, person, pseudonym) {
      await tx
        .updateTable('inbox')
        .set({ person: pseudonym })
        .where('device', '=', device)
        .where('person', '=', person)
        .execute()
    },
    async renameHolds(person, pseudonym) {
      await tx.updateTable('holds').set({ person: pseudonym }).where('person', '=', person).execute()
    },
  }
}

/** What cannot be read is nobody's, and of no time. */
function lastSeen(doc: string): number {
  const known = readable<Pick<Device, 'seen' | 'enrolled'>>(FORMS.device, doc)
  return known?.seen ?? known?.enrolled ?? Number.POSITIVE_INFINITY
}

/** Days of which nothing is left: their keys go, and with them what copies still hold of these days. */
async function endCallDays(query: Query, before: Instant): Promise<void> {
  const over: string[] = []
  for (const day of await daysBefore(query, 'calls', before)) {
    const from = Number(day) * DAY
    const rest = query.tx
      .selectFrom('calls')
      .select('id')
      .where('arrived', '>=', from)
      .where('arrived', '<', from + DAY)
    if ((await rest.limit(1).executeTakeFirst()) === undefined) over.push(day)
  }
  await ownEnd(query, 'calls', over)
}

/** No hold that stands keeps everything of that moment. */
function inNoSpan(at: 'bleeps.received' | 'calls.arrived') {
  const moment = sql.ref(at)
  return sql<boolean>`not exists (select 1 from holds where holds.kind = 'span' and holds.released is null
    and holds.first <= ${moment} and holds.last > ${moment})`
}
