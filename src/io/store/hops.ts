import type { Selectable } from 'kysely'
import { asId } from '../../core/ids.ts'
import type { Class } from '../../core/vocabulary.ts'
import type { Hop, HopTable } from '../../ports/measured.ts'
import { kept, keptRows, type Query } from './query.ts'
import type { Tables } from './tables.ts'

const COLUMNS = [
  ...(['bleep', 'alert', 'hop', 'at', 'class', 'person', 'device', 'attempt'] as const),
  ...(['clock', 'uncertainty', 'clock_offset'] as const),
]
const stamping = keptRows<ReturnType<typeof columns>, unknown>(COLUMNS, (db, rows) =>
  db.insertInto('hops').values(rows),
)

const ofBleep = kept<{ bleep: string }, Selectable<Tables['hops']>>(['bleep'], (db, { bleep }) =>
  db.selectFrom('hops').selectAll().where('bleep', '=', bleep).orderBy('at').orderBy('seq'),
)

export function hopTable(query: Query): HopTable {
  return {
    async stamp(hops) {
      if (hops.length > 0) await stamping(query, hops.map(columns))
    },
    async of(bleep) {
      return (await ofBleep(query, { bleep })).rows.map(read)
    },
  }
}

function columns(h: Hop) {
  return {
    bleep: h.bleep,
    alert: h.alert ?? null,
    hop: h.hop,
    at: h.at,
    class: h.class ?? null,
    person: h.person ?? null,
    device: h.device ?? null,
    attempt: h.attempt ?? null,
    clock: h.clock,
    uncertainty: h.uncertainty ?? null,
    clock_offset: h.offset ?? null,
  }
}

function read(row: Selectable<Tables['hops']>): Hop {
  return {
    bleep: asId(row.bleep),
    hop: row.hop,
    at: row.at,
    clock: row.clock === 'device' ? 'device' : 'ours',
    ...(row.alert === null ? {} : { alert: asId(row.alert) }),
    ...(row.class === null ? {} : { class: row.class as Class }),
    ...(row.person === null ? {} : { person: asId(row.person) }),
    ...(row.device === null ? {} : { device: asId(row.device) }),
    ...(row.attempt === null ? {} : { attempt: asId(row.attempt) }),
    ...(row.uncertainty === null ? {} : { uncertainty: row.uncertainty }),
    ...(row.clock_offset === null ? {} : { offset: row.clock_offset }),
  }
}
