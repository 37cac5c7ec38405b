import type { Tables } from './tables.ts'

/** What is done with the rows of a table where a file is left for another. */
interface Carried {
  /**
   * Out of a damaged file. `first`: without it nobody could be rung or sign in, so it is there before anything else.
   * `behind`: while paging goes on.
   */
  readonly salvaged: 'first' | 'behind'
  /**
   * From the file that stood in for the database back into that. `came`: only rows of the time apart lie in it, and it is
   * emptied. `also`: rows that are new are added. `anew`: made again from the others. Absent: it has a way of its own or none.
   */
  readonly brought?: 'came' | 'also' | 'anew'
  /** Its key, where paging needs the whole table in the file that stands in for the database. */
  readonly mirrored?: string
}

/** Every table whose rows outlive their file, each behind what it refers to. */
const TABLES = {
  devices: { salvaged: 'first', mirrored: 'id' },
  accounts: { salvaged: 'first', mirrored: 'name' },
  listed: { salvaged: 'first', mirrored: 'key' },
  sessions: { salvaged: 'first', brought: 'also', mirrored: 'id' },
  enrol_codes: { salvaged: 'first', brought: 'also', mirrored: 'digest' },
  directory_edits: { salvaged: 'first', brought: 'also', mirrored: 'id' },
  notes: { salvaged: 'first' },
  audit: { salvaged: 'first', brought: 'came' },
  holds: { salvaged: 'first', brought: 'also' },
  held: { salvaged: 'first', brought: 'also' },
  erasures: { salvaged: 'first' },
  requests: { salvaged: 'first', brought: 'also' },
  restricted: { salvaged: 'first', brought: 'also' },
  own_keys: { salvaged: 'first', brought: 'also' },
  bleeps: { salvaged: 'behind', brought: 'came' },
  asks: { salvaged: 'behind', brought: 'came' },
  sightings: { salvaged: 'behind', brought: 'came' },
  alerts: { salvaged: 'behind', brought: 'came' },
  alert_events: { salvaged: 'behind', brought: 'came' },
  filings: { salvaged: 'behind', brought: 'came' },
  filing_sends: { salvaged: 'behind', brought: 'came' },
  due: { salvaged: 'behind', brought: 'came' },
  attempts: { salvaged: 'behind', brought: 'came' },
  inbox: { salvaged: 'behind', brought: 'came' },
  hops: { salvaged: 'behind', brought: 'came' },
  calls: { salvaged: 'behind', brought: 'came' },
  facts: { salvaged: 'behind', brought: 'came' },
  packs: { salvaged: 'behind' },
  search_words: { salvaged: 'behind', brought: 'anew' },
  search_index: { salvaged: 'behind', brought: 'anew' },
  search_again: { salvaged: 'behind', brought: 'anew' },
  subject_bleeps: { salvaged: 'behind', brought: 'also' },
  keys_gone: { salvaged: 'behind', brought: 'also' },
} as const satisfies Partial<Record<keyof Tables, Carried>>

type Name = keyof typeof TABLES
const NAMES = Object.keys(TABLES) as readonly Name[]
const all: Readonly<Record<Name, Carried>> = TABLES

/** The tables that are salvaged then, in the order in which they may be written. */
export const salvaged = (when: Carried['salvaged']): readonly Name[] =>
  NAMES.filter((name) => all[name].salvaged === when)

/** The tables that are brought back so. */
export const brought = (how: NonNullable<Carried['brought']>): readonly Name[] =>
  NAMES.filter((name) => all[name].brought === how)

/** The tables that paging needs whole, each with its key. */
export const mirrored: readonly (readonly [table: Name, key: string])[] = NAMES.flatMap((name) => {
  const { mirrored: key } = all[name]
  return key === undefined ? [] : [[name, key] as const]
})
