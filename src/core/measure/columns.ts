/** Numbers in the millions without an object each: chunks of a typed array, so that growing never copies. */
const SHIFT = 16
const CHUNK = 1 << SHIFT
const MASK = CHUNK - 1

type Kind = Float64ArrayConstructor | Int32ArrayConstructor | Uint16ArrayConstructor | Uint8ArrayConstructor
type Chunk = Float64Array | Int32Array | Uint16Array | Uint8Array

export class Column {
  length = 0
  readonly #kind: Kind
  readonly #chunks: Chunk[] = []

  constructor(kind: Kind) {
    this.#kind = kind
  }

  push(value: number): void {
    const at = this.length & MASK
    if (at === 0) this.#chunks.push(new this.#kind(CHUNK))
    this.#chunks[this.length >>> SHIFT]![at] = value
    this.length += 1
  }

  at(i: number): number {
    return this.#chunks[i >>> SHIFT]![i & MASK]!
  }

  /** Gives the memory back. */
  clear(): void {
    this.#chunks.length = 0
    this.length = 0
  }

  set(i: number, value: number): void {
    this.#chunks[i >>> SHIFT]![i & MASK] = value
  }
}

/** Small whole numbers for texts that repeat, such as extensions. */
export class Names {
  readonly #ids = new Map<string, number>()
  readonly #texts: string[] = []

  id(text: string): number {
    let id = this.#ids.get(text)
    if (id === undefined) {
      id = this.#texts.length
      this.#ids.set(text, id)
      this.#texts.push(text)
    }
    return id
  }

  find(text: string): number | undefined {
    return this.#ids.get(text)
  }

  get size(): number {
    return this.#texts.length
  }

  /** By number. */
  get all(): readonly string[] {
    return this.#texts
  }
}

/** Rows of `length` put in order of (`key`, `value`): where each key's rows begin, and the rows. */
export function groupSorted(
  length: number,
  keys: number,
  key: (row: number) => number,
  value: (row: number) => number,
): { readonly start: Uint32Array; readonly rows: Uint32Array } {
  const start = new Uint32Array(keys + 1)
  for (let row = 0; row < length; row++) start[key(row) + 1]! += 1
  for (let k = 0; k < keys; k++) start[k + 1]! += start[k]!
  const next = start.slice(0, keys)
  const rows = new Uint32Array(length)
  for (let row = 0; row < length; row++) rows[next[key(row)]!++] = row
  for (let k = 0; k < keys; k++) {
    const part = rows.subarray(start[k]!, start[k + 1]!)
    let sorted = true
    for (let i = 1; i < part.length && sorted; i++) sorted = value(part[i - 1]!) <= value(part[i]!)
    if (!sorted) part.sort((a, b) => value(a) - value(b))
  }
  return { start, rows }
}
