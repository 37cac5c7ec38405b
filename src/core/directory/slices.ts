/** Rows that are worked on at once: some tenths of a millisecond. */
export const SLICE = 256

/** A map over rows, by a key that may be missing; the later row of one key wins. Yields after every few hundred rows. */
export function* indexed<T, K>(
  rows: readonly T[],
  key: (row: T) => K | undefined,
): Generator<void, ReadonlyMap<K, T>> {
  const map = new Map<K, T>()
  for (const [i, row] of rows.entries()) {
    if (i % SLICE === SLICE - 1) yield
    const name = key(row)
    if (name !== undefined) map.set(name, row)
  }
  return map
}

/** Rows by what they have in common, in their order. Yields after every few hundred rows. */
export function* grouped<T, K>(
  rows: readonly T[],
  key: (row: T) => K,
): Generator<void, ReadonlyMap<K, readonly T[]>> {
  const map = new Map<K, T[]>()
  for (const [i, row] of rows.entries()) {
    if (i % SLICE === SLICE - 1) yield
    const name = key(row)
    const group = map.get(name)
    if (group === undefined) map.set(name, [row])
    else group.push(row)
  }
  return map
}
