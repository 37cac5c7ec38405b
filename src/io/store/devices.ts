import { sql } from 'kysely'
import { type Device, ownerId } from '../../core/deliver/device.ts'
import { asId } from '../../core/ids.ts'
import { writeDoc } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { DeviceTable, EnrolCode, EnrolCodeTable } from '../../ports/devices.ts'
import { KEPT_ROWS, kept, keptRows, type Query } from './query.ts'

const getting = kept<{ id: string }, { doc: string }>(['id'], (db, { id }) =>
  db.selectFrom('devices').select('doc').where('id', '=', id),
)
const ofToken = kept<{ token: string }, { doc: string }>(['token'], (db, { token }) =>
  db.selectFrom('devices').select('doc').where('token', '=', token),
)
/** In parts: the holders of a large site's roles are more than one statement takes (SQLite: a thousand terms). */
const owned = keptRows<{ kind: string; owner: string }, { doc: string }>(['kind', 'owner'], (db, owners) =>
  db
    .selectFrom('devices')
    .select('doc')
    .where(({ or, and, eb }) =>
      or(owners.map(({ kind, owner }) => and([eb('owner_kind', '=', kind), eb('owner', '=', owner)]))),
    ),
)

export function deviceTable(query: Query): DeviceTable {
  const { tx, seam } = query
  const read = (row: { doc: string }) => query.readOne<Device>(FORMS.device, row)
  const all = (rows: readonly { doc: string }[]) => rows.flatMap((row) => read(row) ?? [])
  return {
    async add(device, tokenDigest) {
      await tx
        .insertInto('devices')
        .values({ ...columns(device), token: tokenDigest })
        .execute()
    },
    async save(device) {
      await tx.updateTable('devices').set(columns(device)).where('id', '=', device.id).execute()
    },
    async get(id) {
      const [row] = (await getting(query, { id })).rows
      return row && read(row)
    },
    async byToken(tokenDigest) {
      const [row] = (await ofToken(query, { token: tokenDigest })).rows
      return row && read(row)
    },
    async tokenOf(id) {
      const row = await tx.selectFrom('devices').select('token').where('id', '=', id).executeTakeFirst()
      return row?.token ?? undefined
    },
    async rotate(id, tokenDigest) {
      await tx.updateTable('devices').set({ token: tokenDigest }).where('id', '=', id).execute()
    },
    async owned({ people, roles = [], wards = [] }) {
      const owners = [
        ...[...new Set(people)].map((owner) => ({ kind: 'person', owner })),
        ...[...new Set(roles)].map((owner) => ({ kind: 'role', owner })),
        ...[...new Set(wards)].map((owner) => ({ kind: 'ward', owner })),
      ]
      const rows: { doc: string }[] = []
      for (let from = 0; from < owners.length; from += KEPT_ROWS)
        rows.push(...(await owned(query, owners.slice(from, from + KEPT_ROWS))).rows)
      return all(rows).sort((a, b) => (a.id < b.id ? -1 : 1))
    },
    async newest(limit) {
      const rows = await tx.selectFrom('devices').select('doc').orderBy('id', 'desc').limit(limit).execute()
      return all(rows)
    },
    async list() {
      return all(await tx.selectFrom('devices').select('doc').orderBy('id').execute())
    },
    async part(after, limit) {
      const rows = await tx
        .selectFrom('devices')
        .select(['id', 'doc'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute()
      return { devices: all(rows), next: rows.length < limit ? undefined : rows.at(-1)?.id }
    },
    async tally(since) {
      const doc = seam.json('doc')
      const heard = sql<number>`cast(coalesce(${doc} ->> 'seen', ${doc} ->> 'enrolled') as double precision)`
      const alike = [sql.ref('owner_kind'), sql.ref('owner'), sql.ref('state'), sql.ref('channel')]
      const rows = await tx
        .selectFrom('devices')
        .select(['owner_kind', 'owner', sql<Device['state']>`state`.as('state')])
        .select(sql<Device['channel']>`${doc} ->> 'channel'`.as('channel'))
        .select((eb) => [
          eb.fn.countAll<number>().as('count'),
          sql<number>`sum(case when ${heard} >= ${since} then 1 else 0 end)`.as('seen'),
        ])
        .groupBy(alike)
        .orderBy('owner')
        .orderBy('owner_kind')
        .orderBy('state')
        .orderBy('channel')
        .execute()
      return rows.map(({ owner_kind: kind, owner, state, channel, count, seen }) => ({
        owner: ownerOf(kind, owner),
        ...{ state, channel, count, seen },
      }))
    },
  }
}

function ownerOf(kind: string, id: string): Device['owner'] {
  if (kind === 'person') return { kind, person: asId(id) }
  return kind === 'ward' ? { kind, ward: id } : { kind: 'role', role: asId(id) }
}

function columns(device: Device) {
  const { owner } = device
  return {
    id: device.id,
    owner_kind: owner.kind,
    owner: ownerId(owner),
    state: device.state,
    doc: writeDoc(FORMS.device, device),
  }
}

export function enrolCodeTable({ tx, readOne }: Query): EnrolCodeTable {
  return {
    async add(code) {
      await tx
        .insertInto('enrol_codes')
        .values({ digest: code.digest, expires: code.expires, doc: writeDoc(FORMS.code, code) })
        .execute()
    },
    async take(digest, now) {
      const row = await tx
        .deleteFrom('enrol_codes')
        .where('digest', '=', digest)
        .returning('doc')
        .executeTakeFirst()
      if (!row) return undefined
      const code = readOne<EnrolCode>(FORMS.code, row)
      return code !== undefined && code.expires > now ? code : undefined
    },
    async list(now) {
      const rows = await tx.selectFrom('enrol_codes').select('doc').where('expires', '>', now).execute()
      return rows.flatMap((row) => readOne<EnrolCode>(FORMS.code, row) ?? []).sort((a, b) => b.made - a.made)
    },
    async endOf(owner) {
      // They live for minutes: there are never many.
      const rows = await tx.selectFrom('enrol_codes').select(['digest', 'doc']).execute()
      for (const { digest, doc } of rows) {
        const other = readOne<EnrolCode>(FORMS.code, { doc })?.owner
        if (other !== undefined && other.kind === owner.kind && ownerId(other) === ownerId(owner))
          await tx.deleteFrom('enrol_codes').where('digest', '=', digest).execute()
      }
    },
  }
}
