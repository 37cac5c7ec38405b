/**
 * Columns of numbers as bytes, for rows that are read by the million: four bytes with the length of a heading, the
 * heading as JSON, then each column in as few bytes a number as it needs, begun on a multiple of eight. Little-endian,
 * as both processors we run on are.
 */
export type Numbers = Float64Array | Int32Array

interface Heading<H> {
  readonly head: H
  readonly columns: readonly {
    readonly name: string
    readonly kind: 'f64' | 'i32' | 'i16' | 'i8'
    readonly length: number
  }[]
}

const KINDS = { f64: Float64Array, i32: Int32Array, i16: Int16Array, i8: Int8Array }
const ALIGNED = 8
const PREFIX = 4

const aligned = (length: number): number => Math.ceil(length / ALIGNED) * ALIGNED

/** @param head anything JSON can say */
export function packColumns(head: unknown, columns: Readonly<Record<string, Numbers>>): Uint8Array {
  const parts = Object.entries(columns).map(([name, numbers]) => {
    const kind = kindOf(numbers)
    return { name, kind, narrow: new KINDS[kind](numbers) }
  })
  const heading: Heading<unknown> = {
    head,
    columns: parts.map(({ name, kind, narrow }) => ({ name, kind, length: narrow.length })),
  }
  const text = new TextEncoder().encode(JSON.stringify(heading))
  const start = aligned(PREFIX + text.length)
  const bytes = new Uint8Array(start + parts.reduce((sum, { narrow }) => sum + aligned(narrow.byteLength), 0))
  new DataView(bytes.buffer).setUint32(0, text.length, true)
  bytes.set(text, PREFIX)
  let at = start
  for (const { narrow } of parts) {
    bytes.set(new Uint8Array(narrow.buffer), at)
    at += aligned(narrow.byteLength)
  }
  return bytes
}

/** What `packColumns` made. Whole numbers come back as `Int32Array`, so that whoever reads them meets one kind. */
export function unpackColumns<H>(packed: Uint8Array): {
  readonly head: H
  readonly whole: (name: string) => Int32Array
  readonly exact: (name: string) => Float64Array
  readonly has: (name: string) => boolean
} {
  // A driver may hand out a view into a larger buffer, which need not begin on a multiple of eight; a copy does.
  const bytes = new Uint8Array(packed)
  const length = new DataView(bytes.buffer).getUint32(0, true)
  const text = new TextDecoder().decode(bytes.subarray(PREFIX, PREFIX + length))
  const { head, columns }: Heading<H> = JSON.parse(text)
  const whole = new Map<string, Int32Array>()
  const exact = new Map<string, Float64Array>()
  let at = aligned(PREFIX + length)
  for (const { name, kind, length } of columns) {
    const numbers = new KINDS[kind](bytes.buffer, at, length)
    if (numbers instanceof Float64Array) exact.set(name, numbers)
    else whole.set(name, numbers instanceof Int32Array ? numbers : new Int32Array(numbers))
    at += aligned(numbers.byteLength)
  }
  return {
    head,
    whole: (name) => whole.get(name) ?? new Int32Array(),
    exact: (name) => exact.get(name) ?? new Float64Array(),
    has: (name) => whole.has(name),
  }
}

function kindOf(numbers: Numbers): keyof typeof KINDS {
  if (numbers instanceof Float64Array) return 'f64'
  let [low, high] = [0, 0]
  for (const n of numbers) {
    if (n < low) low = n
    if (n > high) high = n
  }
  if (low >= -128 && high <= 127) return 'i8'
  return low >= -32_768 && high <= 32_767 ? 'i16' : 'i32'
}
