import type { FilingSend } from '../../core/record/send.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { FilingTable } from '../../ports/filings.ts'
import { ownerIn, type Query } from './query.ts'

type Outbox = Pick<FilingTable, 'claim' | 'keep' | 'end' | 'hasten' | 'release' | 'owes'>

/** How often it was begun is counted where it lies: a claim and a person's decision may meet. */
export async function sendsIn(
  query: Query,
  rows: readonly { readonly doc: string; readonly tries: number }[],
): Promise<readonly FilingSend[]> {
  const sends = await query.readEach<FilingSend, (typeof rows)[number]>(FORMS.filingSend, rows)
  return sends.map(([send, { tries }]) => ({ ...send, tries }))
}

async function bleepOf({ tx }: Query, alert: string): Promise<string> {
  const row = await tx.selectFrom('filings').select('bleep').where('alert', '=', alert).executeTakeFirst()
  return row?.bleep ?? ''
}

/** Adds a send, or writes what was decided about it; whose it is just now stays. */
export async function putSend(query: Query, send: FilingSend, bleep: string): Promise<void> {
  const { tx } = query
  const { alert, way, seq, state, created, due } = send
  const row = { state, due, doc: await query.written(FORMS.filingSend, bleep, send) }
  await tx
    .insertInto('filing_sends')
    .values({ alert, way, seq, created, ...row, tries: 0, owner: null, until: null })
    .onConflict((c) => c.columns(['alert', 'way', 'seq']).doUpdateSet(row))
    .execute()
}

/** The outboxes that lead into the record, one for each way. */
export function filingOutbox(query: Query): Outbox {
  const { tx, seam } = query
  return {
    async claim(way, { owner, now, until, limit }) {
      await seam.present(owner)
      const rows = await seam
        .claim(
          tx
            .selectFrom('filing_sends')
            .select(['alert', 'seq', 'doc', 'tries'])
            .where('way', '=', way)
            .where('state', '=', 'waiting')
            .where('due', '<=', now)
            .where(seam.unclaimed('filing_sends', now))
            .where(({ not, exists, selectFrom }) =>
              not(
                exists(
                  selectFrom('filing_sends as earlier')
                    .select('earlier.seq')
                    .whereRef('earlier.alert', '=', 'filing_sends.alert')
                    .whereRef('earlier.way', '=', 'filing_sends.way')
                    .whereRef('earlier.seq', '<', 'filing_sends.seq')
                    .where((w) => w.or([w('earlier.state', '=', 'waiting'), w('earlier.until', '>', now)])),
                ),
              ),
            )
            .orderBy('due')
            .orderBy('created')
            .limit(limit),
        )
        .execute()
      for (const { alert, seq, tries } of rows)
        await tx
          .updateTable('filing_sends')
          .set({ owner, until, tries: tries + 1 })
          .where('alert', '=', alert)
          .where('way', '=', way)
          .where('seq', '=', seq)
          .execute()
      // From here on the record may have it, whatever becomes of us.
      return sendsIn(
        query,
        rows.map((row) => ({ ...row, tries: row.tries + 1 })),
      )
    },
    keep: async (send) => putSend(query, send, await bleepOf(query, send.alert)),
    async end(send) {
      const { alert, way, seq, state, due } = send
      const doc = await query.written(FORMS.filingSend, await bleepOf(query, alert), send)
      await tx
        .updateTable('filing_sends')
        .set({ state, due, owner: null, until: null, doc })
        .where('alert', '=', alert)
        .where('way', '=', way)
        .where('seq', '=', seq)
        .execute()
    },
    async hasten(way, now) {
      const late = await tx
        .selectFrom('filing_sends')
        .select(['doc', 'tries'])
        .where('way', '=', way)
        .where('state', '=', 'waiting')
        .where('due', '>', now)
        .where(seam.unclaimed('filing_sends', now))
        .limit(500)
        .execute()
      for (const send of await sendsIn(query, late))
        await putSend(query, { ...send, due: now }, await bleepOf(query, send.alert))
    },
    async release(ownersOf) {
      await tx
        .updateTable('filing_sends')
        .set({ owner: null, until: null })
        .where(ownerIn(ownersOf))
        .execute()
    },
    async owes(bleep) {
      const row = await tx
        .selectFrom('filing_sends')
        .innerJoin('filings', 'filings.alert', 'filing_sends.alert')
        .select('filing_sends.alert')
        .where('filings.bleep', '=', bleep)
        .where('filing_sends.state', '=', 'waiting')
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}
