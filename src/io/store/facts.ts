import type { Selectable } from 'kysely'
import type { Fact } from '../../core/measure/facts/fact.ts'
import type { Class } from '../../core/vocabulary.ts'
import type { FactTable } from '../../ports/measured.ts'
import type { Query } from './query.ts'
import type { Tables } from './tables.ts'

type Row = Selectable<Tables['facts']>

export function factTable({ tx }: Query): FactTable {
  return {
    async put(facts) {
      for (const fact of facts) {
        const row = columns(fact)
        await tx
          .insertInto('facts')
          .values(row)
          .onConflict((c) => c.column('bleep').doUpdateSet(row))
          .execute()
      }
    },
    async page(mark, to, limit) {
      const rows = await tx
        .selectFrom('facts')
        .selectAll()
        .where((e) => e(e.refTuple('at', 'bleep'), '>', e.tuple(mark.at, mark.id)))
        .where('at', '<', to)
        .orderBy('at')
        .orderBy('bleep')
        .limit(limit)
        .execute()
      return rows.map(read)
    },
    async forget(before) {
      await tx.deleteFrom('facts').where('at', '<', before).execute()
    },
  }
}

function columns(fact: Fact): Row {
  return {
    bleep: fact.bleep,
    at: fact.at,
    class: fact.class,
    kind: fact.kind,
    number: fact.number,
    role: fact.role ?? null,
    staff_group: fact.staffGroup ?? null,
    person: fact.person ?? null,
    call_back: fact.callBack ?? null,
    handed: fact.handed ?? null,
    taken: fact.taken ?? null,
    on_device: fact.onDevice ?? null,
    presented: fact.presented ?? null,
    opened: fact.opened ?? null,
    accepted: fact.accepted ?? null,
    covered: fact.covered ?? null,
    arrived: fact.arrived ?? null,
    by: fact.by ?? null,
    asked: fact.asked ?? null,
    not_me: fact.notMe ?? null,
    told: fact.told ?? null,
    ward: fact.ward ?? null,
  }
}

/** Read by the million: absent fields are left out one by one, without a pass over every key. */
function read(row: Row): Fact {
  const fact: { -readonly [K in keyof Fact]: Fact[K] } = {
    bleep: row.bleep,
    at: row.at,
    class: row.class as Class,
    kind: row.kind,
    number: row.number,
  }
  if (row.role !== null) fact.role = row.role
  if (row.staff_group !== null) fact.staffGroup = row.staff_group
  if (row.person !== null) fact.person = row.person
  if (row.call_back !== null) fact.callBack = row.call_back
  if (row.handed !== null) fact.handed = row.handed
  if (row.taken !== null) fact.taken = row.taken
  if (row.on_device !== null) fact.onDevice = row.on_device
  if (row.presented !== null) fact.presented = row.presented
  if (row.opened !== null) fact.opened = row.opened
  if (row.accepted !== null) fact.accepted = row.accepted
  if (row.covered !== null) fact.covered = row.covered
  if (row.arrived !== null) fact.arrived = row.arrived
  if (row.by !== null) fact.by = row.by as NonNullable<Fact['by']>
  if (row.asked !== null) fact.asked = row.asked
  if (row.not_me !== null) fact.notMe = row.not_me
  if (row.told !== null) fact.told = row.told
  if (row.ward !== null) fact.ward = row.ward
  return fact
}
