/** Where each entry of a site stands in its files, for the faults that are told of it. */
export interface RowPlaces {
  /** Gives the entry itself. */
  set<T extends object>(entry: T, file: string, line?: number): T
  /** `file:line`, or the file alone; undefined where the entry was never placed. */
  of(entry: object): string | undefined
}

/** Most sites have no fault, and a large one has many rows: they are looked up only once somebody asks. */
export function rowPlaces(): RowPlaces {
  const entries: object[] = []
  const files: string[] = []
  const lines: (number | undefined)[] = []
  const known = new Map<object, number>()
  let looked = 0
  return {
    set(entry, file, line) {
      entries.push(entry)
      files.push(file)
      lines.push(line)
      return entry
    },
    of(entry) {
      for (; looked < entries.length; looked++) known.set(entries[looked]!, looked)
      const i = known.get(entry)
      return i === undefined ? undefined : [files[i], ...(lines[i] === undefined ? [] : [lines[i]])].join(':')
    },
  }
}
