/** Numbers in the millions without an object each: chunks of a typed array, so that growing never copies. */
const SHIFT = 16
const CHUNK = 1 << SHIFT
const MASK = CHUNK - 1

type Kind =
  | Float64ArrayConstructor
  | Int32ArrayConstructor
  | Uint32ArrayConstructor
  | Uint16ArrayConstructor
  | Uint8ArrayConstructor
type Chunk = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array

/** Gives the memory of arrays back at once; collecting it may take as long as the report. They are empty afterwards. */
export function free(...arrays: readonly Chunk[]): void {
  for (const { buffer } of arrays) if (buffer instanceof ArrayBuffer) buffer.transfer(0)
}

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

  /** Gives the memory back at once. */
  clear(): void {
    free(...this.#chunks)
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

  constructor(first: readonly string[] = []) {
    for (const text of first) this.id(text)
  }

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

/**
 * The numbers of one document's texts as another's, each looked up once; a number below nought stays as it is.
 * @param find gives -1 for a text it does not know
 */
export function renumbered(names: readonly string[], find: (text: string) => number): (i: number) => number {
  const NOT_YET = 0
  const known = new Int32Array(names.length).fill(NOT_YET)
  return (i) => {
    if (i < 0) return i
    if (known[i] === NOT_YET) known[i] = find(names[i] ?? '') + 2
    return known[i]! - 2
  }
}

/** Rows put in order of (key, value). */
export interface Grouped {
  /** Where each key's rows begin, and one past the last. */
  readonly start: Uint32Array
  readonly rows: Uint32Array
  /** The values, in the order of `rows`. */
  readonly values: Float64Array
}

/** How many rows are worked through at a time. Between two such runs the loop serves whoever else is waiting. */
export const STRIDE = 1 << 15
/** Rows come nearly in order. While a row has to move by fewer places than this on average, moving them one by one is quicker than sorting. */
const MOVES = 8

/**
 * @param count keys are whole numbers from 0 up to it
 * @param value is asked once of each row, in the order in which they came
 */
export function* grouped(
  keys: Column,
  count: number,
  value: (row: number) => number,
): Generator<void, Grouped> {
  const { length } = keys
  const start = new Uint32Array(count + 1)
  for (let row = 0; row < length; row++) start[keys.at(row) + 1]! += 1
  for (let k = 0; k < count; k++) start[k + 1]! += start[k]!
  yield
  const next = start.slice(0, count)
  const rows = new Uint32Array(length)
  const sorted = new Float64Array(length)
  for (let row = 0; row < length; row++) {
    const place = next[keys.at(row)]!++
    rows[place] = row
    sorted[place] = value(row)
    if (row % STRIDE === 0) yield
  }
  for (let k = 0; k < count; k++) {
    order(sorted, rows, start[k]!, start[k + 1]!)
    yield
  }
  return { start, rows, values: sorted }
}

/** Rows of equal value stay as they came. */
function order(values: Float64Array, rows: Uint32Array, from: number, to: number): void {
  let left = (to - from) * MOVES
  for (let i = from + 1; i < to; i++) {
    const value = values[i]!
    if (value >= values[i - 1]!) continue
    const row = rows[i]!
    let j = i - 1
    for (; j >= from && values[j]! > value; j--) {
      values[j + 1] = values[j]!
      rows[j + 1] = rows[j]!
      left -= 1
    }
    values[j + 1] = value
    rows[j + 1] = row
    if (left < 0) {
      shuffled(values.subarray(from, to), rows.subarray(from, to))
      return
    }
  }
}

/** The same for rows in no order at all. */
function shuffled(values: Float64Array, rows: Uint32Array): void {
  const [was, of] = [values.slice(), rows.slice()]
  const places = Uint32Array.from(values, (_, i) => i).sort((a, b) => was[a]! - was[b]! || a - b)
  for (const [i, place] of places.entries()) {
    values[i] = was[place]!
    rows[i] = of[place]!
  }
}
