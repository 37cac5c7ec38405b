/** Bits of history kept behind the newest: enough to start again from the last good codeword of a dying transmission. */
const HISTORY_BITS = 4096
const CAPACITY_BITS = 32768

/** The most bits one `append` may bring. */
export const MAX_APPEND_BITS = CAPACITY_BITS - HISTORY_BITS - 64

/**
 * The newest bits of a stream, addressed by their position from the first bit of input. Mutable and of fixed size,
 * because the decoder reads it a word at a time at tens of megabits a second.
 */
export class BitWindow {
  readonly #bytes = new Uint8Array(CAPACITY_BITS / 8 + 8)
  readonly #weights: Uint8Array | undefined
  #first = 0
  #end = 0

  /** @param weighted keep a reliability for every bit */
  constructor(weighted: boolean) {
    this.#weights = weighted ? new Uint8Array(CAPACITY_BITS) : undefined
  }

  /** Position behind the newest bit. */
  get end(): number {
    return this.#end
  }

  /** Position of the oldest bit still held. */
  get first(): number {
    return this.#first
  }

  get weighted(): boolean {
    return this.#weights !== undefined
  }

  /** Adds `count` bits, packed most significant first; at most `MAX_APPEND_BITS`. */
  append(packed: Uint8Array, count: number): void {
    this.#makeRoom(count)
    const offset = this.#end - this.#first
    if ((offset & 7) === 0) {
      this.#bytes.set(packed.subarray(0, (count + 7) >>> 3), offset >>> 3)
    } else {
      for (let i = 0; i < count; i++) this.#set(offset + i, (packed[i >>> 3]! >>> (7 - (i & 7))) & 1)
    }
    this.#end += count
  }

  /** Adds one bit with its reliability, 0 to 255; 128 is that of an undisturbed bit. */
  appendWeighted(bit: number, weight: number): void {
    this.#makeRoom(1)
    const offset = this.#end - this.#first
    this.#set(offset, bit)
    if (this.#weights) this.#weights[offset] = weight
    this.#end++
  }

  /** The 32 bits from `at` on, the first on top. */
  word(at: number): number {
    const offset = at - this.#first
    const i = offset >>> 3
    const shift = offset & 7
    const b = this.#bytes
    const top = (b[i]! << 24) | (b[i + 1]! << 16) | (b[i + 2]! << 8) | b[i + 3]!
    return (shift === 0 ? top : (top << shift) | (b[i + 4]! >>> (8 - shift))) >>> 0
  }

  bit(at: number): number {
    const offset = at - this.#first
    return (this.#bytes[offset >>> 3]! >>> (7 - (offset & 7))) & 1
  }

  weight(at: number): number {
    return this.#weights?.[at - this.#first] ?? 0
  }

  /** A copy of the reliabilities of the 32 bits from `at` on, where there are any. */
  weightsOf(at: number): Uint8Array | undefined {
    return this.#weights?.slice(at - this.#first, at - this.#first + 32)
  }

  #set(offset: number, bit: number): void {
    const mask = 0x80 >>> (offset & 7)
    if (bit) this.#bytes[offset >>> 3]! |= mask
    else this.#bytes[offset >>> 3]! &= ~mask
  }

  #makeRoom(count: number): void {
    const held = this.#end - this.#first
    if (held + count <= CAPACITY_BITS) return
    const drop = (held - HISTORY_BITS) & ~7
    this.#bytes.copyWithin(0, drop >>> 3, (held + 7) >>> 3)
    this.#weights?.copyWithin(0, drop, held)
    this.#first += drop
  }
}
