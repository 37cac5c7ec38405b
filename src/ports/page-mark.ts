import type { Instant } from '../core/instant.ts'

/** Where reading page by page has come to: the time and id of the last row seen. */
export interface PageMark {
  readonly at: Instant
  /** Empty: before every row of that time. */
  readonly id: string
}
