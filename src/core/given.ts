type Optional<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T]
/** Of each member of a union by itself. */
type Given<T extends object> = T extends unknown
  ? Omit<T, Optional<T>> & { [K in Optional<T>]?: Exclude<T[K], undefined> }
  : never

/** Leaves out properties that are `undefined`, as exact optional types ask: absent is not the same as empty. */
export function given<T extends object>(all: T): Given<T> {
  const out: Partial<T> = {}
  // Its own alone: what it inherits is no part of what was given.
  for (const key of Object.keys(all) as (keyof T)[]) if (all[key] !== undefined) out[key] = all[key]
  return out as Given<T>
}
