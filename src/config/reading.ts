import type { RulesRead } from '../core/bleep/rules.ts'
import type { Site } from '../core/directory/site.ts'
import type { Policies } from '../core/route/policy.ts'
import type { ConfigFault } from './fault.ts'
import type { Config } from './load.ts'

/** What a reload goes on with, as plain data: read and checked in another thread, and only then handed over. */
export interface Reading {
  readonly config: Config
  readonly site: Site
  readonly rulesRead: RulesRead
  readonly policies: Policies
  readonly fingerprint: string
  readonly sitePrint: string
  readonly doubts: readonly ConfigFault[]
  /** Its files lie aside, to be kept as the last good ones once it is taken. */
  readonly laid: boolean
}

/** Tables that may have any number of rows. */
export const LONG_TABLES = ['people', 'roles', 'numbers', 'rota', 'duties', 'changes'] as const
type LongTable = (typeof LONG_TABLES)[number]

/** What a site is without its rows: whoever only wants its name or its zone must not keep a hundred thousand of them. */
export const withoutTables = (site: Site): Site => ({
  ...site,
  ...{ people: [], roles: [], numbers: [], rota: [], duties: [], changes: [] },
})

/** Rows that are handed over at once: what takes them must not keep a page waiting. */
export const ROWS_AT_ONCE = 200

/** What the thread that reads says, in this order; it waits for an answer to each. */
export type ReadingMessage =
  | { readonly kind: 'faults'; readonly faults: readonly ConfigFault[] }
  | { readonly kind: 'rows'; readonly table: LongTable; readonly rows: Site[LongTable] }
  | { readonly kind: 'rest'; readonly reading: Reading }
