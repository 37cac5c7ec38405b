/** Which part of a list is asked for. */
export interface PartAsk {
  /** Where the part before it ended; absent: from the beginning. */
  readonly cursor?: string | undefined
  /** Rows at most. */
  readonly limit: number
}

export interface Part<T> {
  readonly rows: readonly T[]
  /** Where the next part begins; absent: this is the last. */
  readonly next?: string
}

/**
 * A part of a list that may change between two parts. A cursor names the last row that was given: the next part begins
 * behind it, or, where that row has gone, at the place where it stood: then a row may be given twice, never left out.
 * @param keyOf what tells one row from all others
 */
export function partOf<T>(all: readonly T[], keyOf: (row: T) => string, { cursor, limit }: PartAsk): Part<T> {
  const from = cursor === undefined ? 0 : behind(all, keyOf, cursor)
  const rows = all.slice(from, from + limit)
  const last = rows.at(-1)
  if (last === undefined || from + limit >= all.length) return { rows }
  return { rows, next: `${from + limit}.${keyOf(last)}` }
}

/** A cursor that is none of ours is the beginning. */
function behind<T>(all: readonly T[], keyOf: (row: T) => string, cursor: string): number {
  const dot = cursor.indexOf('.')
  const [place, key] = [Number(cursor.slice(0, dot)), cursor.slice(dot + 1)]
  if (dot < 1 || !Number.isSafeInteger(place) || place < 0) return 0
  const last = all[place - 1]
  if (last !== undefined && keyOf(last) === key) return place
  const at = all.findIndex((row) => keyOf(row) === key)
  // Those before it may have gone with it.
  return at < 0 ? Math.min(Math.max(0, place - 1), all.length) : at + 1
}
