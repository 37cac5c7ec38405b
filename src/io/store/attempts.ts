import type { Selectable, Updateable } from 'kysely'
import { type Attempt, type AttemptState, mayMove, UNSETTLED } from '../../core/deliver/attempt.ts'
import { classRank } from '../../core/vocabulary.ts'
import type { AttemptTable } from '../../ports/store.ts'
import { ownerIn, type Query } from './query.ts'
import type { Tables } from './tables.ts'

type Row = Selectable<Tables['attempts']>

export function attemptTable({ tx, seam }: Query): AttemptTable {
  const get = async (id: string): Promise<Attempt | undefined> => {
    const row = await tx.selectFrom('attempts').selectAll().where('id', '=', id).executeTakeFirst()
    return row && read(row)
  }
  /** A phone's receipt and its provider's answer may be stored at one moment: what was read must still stand. */
  const step = async (
    id: string,
    to: AttemptState,
    more: Updateable<Tables['attempts']>,
  ): Promise<boolean> => {
    for (;;) {
      const now = await get(id)
      if (!now || !mayMove(now.state, to)) return false
      const done = await tx
        .updateTable('attempts')
        .set({ ...more, state: to })
        .where('id', '=', id)
        .where('state', '=', now.state)
        .executeTakeFirst()
      if (Number(done.numUpdatedRows) > 0) return true
    }
  }
  return {
    async add(attempts) {
      if (attempts.length === 0) return
      await tx
        .insertInto('attempts')
        .values(
          attempts.map((a) => ({
            ...a,
            fault: a.fault ?? null,
            rank: classRank(a.class),
            moved: a.created,
            owner: null,
            until: null,
          })),
        )
        .onConflict((c) => c.column('key').doNothing())
        .execute()
    },
    get,
    async claim({ owner, now, until, limit }, atLeast = 'test') {
      const rows = await seam
        .claim(
          tx
            .selectFrom('attempts')
            .selectAll()
            .where('state', 'in', UNSETTLED)
            .where('due', '<=', now)
            .where('rank', '>=', classRank(atLeast))
            .where((w) => w.or([w('until', 'is', null), w('until', '<=', now)]))
            .orderBy('rank', 'desc')
            .orderBy('due')
            .limit(limit),
        )
        .execute()
      if (rows.length > 0) {
        await tx
          .updateTable('attempts')
          .set({ state: 'leased', owner, until, moved: now })
          .where(
            'id',
            'in',
            rows.map((row) => row.id),
          )
          .execute()
      }
      return rows.map((row) => ({ ...read(row), state: 'leased' as const }))
    },
    async release(ownersOf) {
      await tx
        .updateTable('attempts')
        .set({ owner: null, until: null })
        .where('state', 'in', UNSETTLED)
        .where(ownerIn(ownersOf))
        .execute()
    },
    async move(id, state, at, more = {}) {
      await step(id, state, {
        moved: at,
        ...(state === 'queued' ? { owner: null, until: null } : {}),
        ...(more.due === undefined ? {} : { due: more.due }),
        ...(more.fault === undefined ? {} : { fault: more.fault }),
        ...(more.try === undefined ? {} : { try: more.try }),
      })
    },
    receipt: (id, stage, at) => step(id, stage, { moved: at }),
    async waiting(now) {
      const { count, oldest } = await tx
        .selectFrom('attempts')
        .select(({ fn }) => [fn.countAll().as('count'), fn.min('due').as('oldest')])
        .where('state', 'in', UNSETTLED)
        .where('due', '<=', now)
        .where((w) => w.or([w('until', 'is', null), w('until', '<=', now)]))
        .executeTakeFirstOrThrow()
      return { count: Number(count), ...(oldest === null ? {} : { oldest: Number(oldest) }) }
    },
    async ofAlert(alert) {
      const rows = await tx
        .selectFrom('attempts')
        .selectAll()
        .where('alert', '=', alert)
        .orderBy('created')
        .execute()
      return rows.map(read)
    },
  }
}

function read(row: Row): Attempt {
  const { rank: _, moved: __, owner: ___, until: ____, fault, ...attempt } = row
  return (fault === null ? attempt : { ...attempt, fault }) as Attempt
}
