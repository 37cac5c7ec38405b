import type { Instant } from '../core/instant.ts'

/** Where reading page by page has come to: the time and id of the last row seen. */
export interface PageMark {
  readonly at: Instant
  /** Empty: before every row of that time. */
  readonly id: string
}

/** A mark as it lies among the notes: the time alone where no row of that time has been seen. */
export const notedMark = ({ at, id }: PageMark): number | PageMark => (id === '' ? at : { at, id })

/** The mark that lies among the notes; undefined where there is none, or what lies there is no mark. */
export function markIn(noted: unknown): PageMark | undefined {
  if (typeof noted === 'number') return { at: noted, id: '' }
  if (typeof noted !== 'object' || noted === null || !('at' in noted) || !('id' in noted)) return undefined
  const { at, id } = noted
  return typeof at === 'number' && typeof id === 'string' ? { at, id } : undefined
}

/** The mark as whoever asks for the next page sends it back. */
export const writtenMark = ({ at, id }: PageMark): string => `${at}.${id}`

/** Undefined where it is none of ours. */
export function readMark(cursor = ''): PageMark | undefined {
  const [, at, id] = /^(\d+(?:\.\d+)?)\.([\w-]{1,64})$/.exec(cursor) ?? []
  return at === undefined || id === undefined ? undefined : { at: Number(at), id }
}
