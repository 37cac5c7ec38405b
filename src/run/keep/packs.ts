import { HOUR, type Instant, type Millis } from '../../core/instant.ts'
import { packCalls } from '../../core/measure/facts/call-columns.ts'
import { packFacts } from '../../core/measure/facts/fact-columns.ts'
import { zoneTable } from '../../core/measure/zone.ts'
import type { Pack } from '../../ports/measured.ts'
import type { Store, Tx } from '../../ports/store.ts'

/** Rows in one document: some tens of kilobytes, a few milliseconds to make and to read. */
const ROWS = 2000
/** A fact begins at its first byte, before the bleep was received. After this nothing earlier can still come. */
const SETTLED: Millis = HOUR

const cursor = (kind: Pack['kind']): string => `packed-${kind}`

/** Every row before this instant is in a pack. */
export async function packedUntil(tx: Tx, kind: Pack['kind']): Promise<Instant> {
  const noted = await tx.notes.get(cursor(kind))
  return typeof noted === 'number' ? noted : 0
}

/** Packs one document of rows that have settled, where there are enough. True when it did. */
export async function packSome(
  store: Store,
  kind: Pack['kind'],
  zone: string,
  digested: Instant,
  now: Instant,
): Promise<boolean> {
  return store.transact(async (tx) => {
    const from = await packedUntil(tx, kind)
    const mark = { at: from, id: '' }
    const to = (kind === 'facts' ? digested : now) - SETTLED
    const made =
      kind === 'facts'
        ? await whole(
            (limit) => tx.facts.page(mark, to, limit),
            packFacts,
            (fact) => fact.at,
          )
        : await whole(
            (limit) => tx.calls.page(mark, to, limit),
            (rows) => packCalls(rows, zoneTable(zone, rows[0]!.arrived, rows[rows.length - 1]!.arrived)),
            (row) => row.arrived,
          )
    if (made === undefined) return false
    await tx.packs.add({ kind, ...made.pack })
    await tx.notes.set(cursor(kind), made.until, now)
    if (kind === 'facts') await tx.facts.forget(made.until)
    return true
  })
}

/** Packs call records that are about to go, however few they are: what figures need of them stays. */
export async function packOld(store: Store, zone: string, before: Instant, now: Instant): Promise<void> {
  await store.transact(async (tx) => {
    const from = await packedUntil(tx, 'calls')
    const rows = from < before ? await tx.calls.page({ at: from, id: '' }, before, ROWS) : []
    const [first, last] = [rows[0], rows.at(-1)]
    // With enough for a whole document the usual packing takes them first.
    if (first === undefined || last === undefined || rows.length === ROWS) return
    const data = packCalls(rows, zoneTable(zone, first.arrived, last.arrived))
    const span = { first: first.arrived, last: last.arrived }
    await tx.packs.add({ kind: 'calls', ...span, rows: rows.length, data })
    await tx.notes.set(cursor('calls'), before, now)
  })
}

/** A full document, never cut between two rows of one instant; `undefined` while there are too few rows. */
async function whole<R>(
  read: (limit: number) => Promise<readonly R[]>,
  print: (rows: readonly R[]) => Uint8Array,
  at: (row: R) => Instant,
): Promise<{ readonly pack: Omit<Pack, 'kind'>; readonly until: Instant } | undefined> {
  for (let limit = ROWS; ; limit *= 2) {
    const page = await read(limit)
    if (page.length < limit) return undefined
    const until = at(page[page.length - 1]!)
    const rows = page.filter((row) => at(row) < until)
    if (rows.length === 0) continue
    const [first, last] = [at(rows[0]!), at(rows[rows.length - 1]!)]
    return { pack: { first, last, rows: rows.length, data: print(rows) }, until }
  }
}
