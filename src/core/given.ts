type Optional<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T]
type Given<T extends object> = Omit<T, Optional<T>> & { [K in Optional<T>]?: Exclude<T[K], undefined> }

/** Leaves out properties that are `undefined`, as exact optional types ask: absent is not the same as empty. */
export function given<T extends object>(all: T): Given<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Given<T>
}
