import type { Transaction } from 'kysely'
import { type Form, readable, readStored, writeDoc } from '../../core/stored/form.ts'
import type { Tx } from '../../ports/store.ts'
import { accountTable, sessionTable } from './accounts.ts'
import { alertTable } from './alerts.ts'
import { askTable } from './asks.ts'
import { attemptTable } from './attempts.ts'
import { auditTable } from './audit.ts'
import { bleepTable } from './bleeps.ts'
import { callTable } from './calls.ts'
import { deviceTable, enrolCodeTable } from './devices.ts'
import { directoryTable } from './directory.ts'
import { dueTable } from './due.ts'
import { factTable } from './facts.ts'
import { filingTable } from './filings.ts'
import { erasureTable, holdTable } from './holds.ts'
import { hopTable } from './hops.ts'
import { inboxTable } from './inbox.ts'
import { listedTable } from './listed.ts'
import { noteTable } from './notes.ts'
import { packTable } from './packs.ts'
import { purgeTable } from './purge.ts'
import type { Query } from './query.ts'
import { requestTable, restrictedTable } from './requests.ts'
import type { Seam } from './seam.ts'
import { searchTable } from './search.ts'
import { hidden, shown } from './staff-names.ts'
import type { Tables } from './tables.ts'
import { wordTable } from './word-lift.ts'

/** Each table is made when it is first asked for: most transactions use two or three of them. */
export function tables(query: Query): Tx {
  const made = new Map<(query: Query) => unknown, unknown>()
  const of = <T>(make: (query: Query) => T): T => {
    if (!made.has(make)) made.set(make, make(query))
    return made.get(make) as T
  }
  return {
    alone: (key) => query.seam.alone(query.tx, key),
    fence: (lease) => query.seam.fence(query.tx, lease),
    get bleeps() {
      return of(bleepTable)
    },
    get alerts() {
      return of(alertTable)
    },
    get due() {
      return of(dueTable)
    },
    get attempts() {
      return of(attemptTable)
    },
    get inbox() {
      return of(inboxTable)
    },
    get devices() {
      return of(deviceTable)
    },
    get codes() {
      return of(enrolCodeTable)
    },
    get directory() {
      return of(directoryTable)
    },
    get hops() {
      return of(hopTable)
    },
    get calls() {
      return of(callTable)
    },
    get facts() {
      return of(factTable)
    },
    get packs() {
      return of(packTable)
    },
    get audit() {
      return of(auditTable)
    },
    get holds() {
      return of(holdTable)
    },
    get erasures() {
      return of(erasureTable)
    },
    get purge() {
      return of(purgeTable)
    },
    get asks() {
      return of(askTable)
    },
    get requests() {
      return of(requestTable)
    },
    get restricted() {
      return of(restrictedTable)
    },
    get search() {
      return of(searchTable)
    },
    get accounts() {
      return of(accountTable)
    },
    get sessions() {
      return of(sessionTable)
    },
    get listed() {
      return of(listedTable)
    },
    get filings() {
      return of(filingTable)
    },
    get words() {
      return of(wordTable)
    },
    get notes() {
      return of(noteTable)
    },
  }
}

/**
 * What a table works with in one transaction: words are sealed and opened here, on the way to it.
 * @param spoilt is told of each sort of document of which one was met that is none
 * @param read how a document in the clear is read
 */
export function queryOf(
  tx: Transaction<Tables>,
  seam: Seam,
  spoilt: Set<Form>,
  read: typeof readable = readable,
): Query {
  const { words } = seam
  const told = <T>(form: Form, doc: T | undefined, text: string): T | undefined => {
    if (doc !== undefined) return doc
    if (seam.mends) readStored(text)
    spoilt.add(form)
    return undefined
  }
  const each = async <T, R extends { readonly doc: string }>(form: Form, rows: readonly R[]) => {
    const texts = rows.map(({ doc }) => doc)
    const docs = (await words?.read<T>(form, texts)) ?? texts.map((doc) => read<T>(form, doc))
    const found = rows.flatMap((row, i): (readonly [T, R])[] => {
      const doc = told(form, docs[i], row.doc)
      return doc === undefined ? [] : [[doc, row]]
    })
    if (words === undefined) return found
    const named = await shown(
      query,
      form,
      found.map(([doc]) => doc),
    )
    return found.map(([doc, row], i) => [named[i] ?? doc, row] as const)
  }
  const query: Query = {
    tx,
    seam,
    written: async (form, bleep, value) =>
      words?.write(tx, form, bleep, await hidden(query, form, value)) ?? writeDoc(form, value),
    readAll: async <T>(form: Form, rows: readonly { readonly doc: string }[]) =>
      (await each<T, { readonly doc: string }>(form, rows)).map(([doc]) => doc),
    readEach: each,
    readOne: <T>(form: Form, { doc }: { readonly doc: string }) => told(form, readable<T>(form, doc), doc),
  }
  return query
}
