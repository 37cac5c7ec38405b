import type { FaultCode } from '../../faults.ts'
import type { Instant, Millis } from '../../instant.ts'
import { PARITY_BAD, undress } from '../kit/byte-to-text.ts'
import { latin1 } from '../kit/bytes.ts'
import { BEL, ESC } from '../kit/control-characters.ts'
import { type Compiled, compile } from '../kit/pattern.ts'
import type { Framing } from './framing.ts'

/** One record as it stood on the line, start and end bytes taken off. */
export interface TextRecord {
  readonly body: Uint8Array
  /** False when a pause or the length limit ended it instead of its end byte. */
  readonly terminated: boolean
  readonly first: Instant
  readonly last: Instant
  /** A pause ended it, which may have fallen into the middle of a line: what comes next may be the rest. */
  readonly paused?: true
}

export type Framed =
  | { readonly kind: 'record'; readonly record: TextRecord }
  | { readonly kind: 'discard'; readonly bytes: Uint8Array; readonly fault: FaultCode }

type Phase = 'between' | 'record' | 'overflow'

const LF = 0x0a
/** So many dropped bytes in a row are noise. */
const MOST_FILL = 64

/** Bytes that mean nothing between two framed records: CR LF after an end byte, fill. */
const BETWEEN = new Set([0x00, 0x09, 0x0a, 0x0d, 0x20])

/** Cuts a byte stream into records. Mutable, fed byte by byte, bounded by `maxLength` per line. */
export class TextFramer {
  readonly #o: Framing
  readonly #end: ReadonlySet<number>
  readonly #drop: ReadonlySet<number>
  readonly #firstLine: Compiled | undefined
  #phase: Phase
  #line: number[] = []
  #junk: number[] = []
  #lines: Uint8Array[] = []
  /** Tail of the raw stream, as long as the longer of `start` and `resync`. */
  #recent = ''
  /** Dropped bytes in a row. */
  #fill = 0
  #first: Instant = 0
  #last: Instant = 0
  /** The record before was ended by a pause. */
  #paused = false

  constructor(options: Framing) {
    this.#o = options
    this.#end = codes(options.end)
    this.#drop = codes(options.drop)
    this.#firstLine = options.firstLine === undefined ? undefined : compile(options.firstLine)
    this.#phase = options.start === '' ? 'record' : 'between'
  }

  /** @param began when the first byte started on the wire, @param at when the last one had arrived */
  push(bytes: Uint8Array, began: Instant, at: Instant, out: Framed[]): void {
    const step = bytes.length === 0 ? 0 : (at - began) / bytes.length
    for (let i = 0; i < bytes.length; i++)
      this.#byte(bytes[i]!, began + i * step, began + (i + 1) * step, out)
  }

  /** The line has been quiet until `at`. */
  pause(at: Instant, out: Framed[]): void {
    const quiet = at - this.#last
    if (this.#junk.length > 0) this.#dropJunk(out)
    if (this.#phase !== 'between' && this.#line.length > 0 && this.#o.idleFlush > 0) {
      if (quiet >= this.#o.idleFlush) this.#endLine(false, out, true)
    }
    if (this.#open && quiet >= this.#o.giveUp) this.#giveUp(out)
  }

  /** How long to wait for more before `pause` has something to do; `undefined` when nothing is half-read. */
  get patience(): Millis | undefined {
    if (this.#line.length > 0 && this.#o.idleFlush > 0) return this.#o.idleFlush
    if (this.#open) return this.#o.giveUp
    return this.#junk.length > 0 ? this.#o.giveUp : undefined
  }

  /** The line closed: what an unframed sender had printed so far is its record, a half-read frame is not. */
  close(out: Framed[]): void {
    if (this.#phase !== 'between' && this.#line.length > 0 && this.#o.idleFlush > 0) this.#endLine(false, out)
    this.#giveUp(out)
    this.#dropJunk(out)
    this.#recent = ''
  }

  get #open(): boolean {
    return (
      this.#line.length > 0 || this.#lines.length > 0 || (this.#o.start !== '' && this.#phase === 'record')
    )
  }

  #byte(raw: number, began: Instant, ended: Instant, out: Framed[]): void {
    const byte = this.#undress(raw, out)
    const { start, resync } = this.#o
    this.#last = ended
    const keep = Math.max(start.length, resync.length)
    if (keep > 0) this.#recent = (this.#recent + String.fromCharCode(byte)).slice(-keep)
    if (resync !== '' && this.#recent.endsWith(resync)) this.#giveUp(out)
    else if (start !== '' && this.#recent.endsWith(start) && (this.#phase === 'between' || this.#o.restart))
      this.#begin(began, out)
    else if (this.#phase === 'between') {
      if (BETWEEN.has(byte) && this.#junk.length === 0) this.#dropped(byte, out)
      else if (!this.#end.has(byte)) this.#addJunk(byte, out)
    } else if (this.#end.has(byte)) this.#endLine(true, out)
    else if (this.#drop.has(byte) && !this.#endsTitle(byte)) this.#dropped(byte, out)
    else {
      this.#fill = 0
      if (this.#line.length === 0 && this.#lines.length === 0 && start === '') this.#first = began
      this.#line.push(byte)
      if (this.#line.length === this.#o.maxLength) this.#cut(out)
    }
  }

  /** BEL ends a command to a terminal, which is taken off with it. */
  #endsTitle(byte: number): boolean {
    return byte === BEL && this.#line.includes(ESC)
  }

  /** A few bytes of fill are normal; an endless run of them is a line held low or an open input. */
  #dropped(byte: number, out: Framed[]): void {
    this.#fill += 1
    if (this.#fill < MOST_FILL) return
    this.#fill = 0
    out.push({ kind: 'discard', bytes: new Uint8Array(MOST_FILL).fill(byte), fault: 'line-noise' })
  }

  /** Bit 7 stays set on a character with wrong parity, so that nothing takes it for what it looks like. */
  #undress(raw: number, out: Framed[]): number {
    const character = undress(raw, this.#o.parity)
    if (character < PARITY_BAD) return character
    out.push({ kind: 'discard', bytes: Uint8Array.of(raw), fault: 'parity-bad' })
    return (character & 0x7f) | 0x80
  }

  #begin(began: Instant, out: Framed[]): void {
    const before = this.#o.start.length - 1
    this.#line.length = Math.max(0, this.#line.length - before)
    this.#junk.length = Math.max(0, this.#junk.length - before)
    this.#giveUp(out)
    this.#dropJunk(out)
    this.#first = began
    this.#phase = 'record'
  }

  /** @param paused a pause ended it; behind one an end byte alone is a record, which tells that the one before was whole */
  #endLine(terminated: boolean, out: Framed[], paused = false): void {
    const line = Uint8Array.from(this.#line)
    this.#line = []
    if (this.#phase === 'overflow') {
      if (line.length > 0) out.push({ kind: 'discard', bytes: line, fault: 'line-too-long' })
      this.#phase = this.#o.start === '' ? 'record' : 'between'
      return
    }
    const framed = this.#o.start !== ''
    if (this.#lines.length === 0) {
      if (line.length === 0 && !framed && !this.#paused) return
      if (this.#o.lines > 1 && this.#firstLine && !this.#firstLine.match(latin1(line))) {
        out.push({ kind: 'discard', bytes: line, fault: 'record-unmatched' })
        return
      }
    }
    this.#lines.push(line)
    if (this.#lines.length < this.#o.lines && terminated) return
    const body = joinLines(this.#lines)
    this.#lines = []
    if (framed) this.#phase = 'between'
    this.#paused = paused && !framed && this.#o.lines === 1
    const record = { body, terminated, first: this.#first, last: this.#last }
    out.push({ kind: 'record', record: this.#paused ? { ...record, paused: true } : record })
  }

  /** At the length limit the record goes out as it is; the rest is thrown away until its end. */
  #cut(out: Framed[]): void {
    if (this.#phase === 'overflow') {
      out.push({ kind: 'discard', bytes: Uint8Array.from(this.#line), fault: 'line-too-long' })
      this.#line = []
      return
    }
    this.#lines.push(Uint8Array.from(this.#line))
    this.#line = []
    const body = joinLines(this.#lines)
    this.#lines = []
    out.push({ kind: 'record', record: { body, terminated: false, first: this.#first, last: this.#last } })
    this.#phase = 'overflow'
    this.#paused = false
  }

  #giveUp(out: Framed[]): void {
    const begun = this.#line.length > 0 ? [Uint8Array.from(this.#line)] : []
    const half = joinLines([...this.#lines, ...begun])
    const fault = this.#phase === 'overflow' ? 'line-too-long' : 'frame-interrupted'
    this.#lines = []
    this.#line = []
    this.#paused = false
    this.#phase = this.#o.start === '' ? 'record' : 'between'
    if (half.length > 0) out.push({ kind: 'discard', bytes: half, fault })
  }

  #addJunk(byte: number, out: Framed[]): void {
    this.#junk.push(byte)
    if (this.#junk.length >= this.#o.maxLength) this.#dropJunk(out)
  }

  #dropJunk(out: Framed[]): void {
    if (this.#junk.length > 0)
      out.push({ kind: 'discard', bytes: Uint8Array.from(this.#junk), fault: 'line-noise' })
    this.#junk = []
  }
}

function codes(text: string): ReadonlySet<number> {
  return new Set(Array.from(text, (c) => c.charCodeAt(0)))
}

function joinLines(lines: readonly Uint8Array[]): Uint8Array {
  const all: number[] = []
  lines.forEach((line, i) => {
    if (i > 0) all.push(LF)
    all.push(...line)
  })
  return Uint8Array.from(all)
}
