import type { Listed } from '../core/directory/listed.ts'
import type { PersonId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'

/** A user or a group as a directory has it. */
export interface ListedRow extends Listed {
  readonly source: 'scim' | 'ldap'
  readonly kind: 'user' | 'group'
  /** What they sign in with; what the group is called. */
  readonly login: string
  readonly external?: string
  readonly changed: Instant
  /** The whole of it, as it gave it. */
  readonly doc: string
}

export interface ListedTable {
  get(key: string): Promise<ListedRow | undefined>
  /** Adds, or replaces. */
  put(row: ListedRow): Promise<void>
  find(by: Partial<Pick<ListedRow, 'login' | 'external' | 'kind' | 'source'>>): Promise<readonly ListedRow[]>
  /** People in order of key, without their documents. */
  people(after: string, limit: number): Promise<readonly Listed[]>
  page(
    kind: ListedRow['kind'],
    offset: number,
    limit: number,
  ): Promise<{ readonly rows: readonly ListedRow[]; readonly total: number }>
  /** Whatever stands of one person. */
  of(person: PersonId): Promise<readonly ListedRow[]>
  /** They have left, from now on. */
  leave(keys: readonly string[], at: Instant): Promise<void>
  forget(key: string): Promise<void>
  /** A text that is another one whenever anything in it has changed. */
  mark(): Promise<string>
}

/** What SCIM asks and how it is answered (RFC 7644). */
interface ScimAsk {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Behind `/scim/v2`, such as `/Users/ID`. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}
export interface ScimAnswer {
  readonly status: number
  readonly body?: object
}
export type ScimDoor = (ask: ScimAsk) => Promise<ScimAnswer>
