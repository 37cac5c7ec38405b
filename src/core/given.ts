type Given<T extends object> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Leaves out properties that are `undefined`, as exact optional types ask: absent is not the same as empty. */
export function given<T extends object>(all: T): Given<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Given<T>
}
