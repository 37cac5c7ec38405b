import type { FaultCode } from '../../faults.ts'
import type { Instant } from '../../instant.ts'
import { PARITY_BAD, type Parity, undress } from '../kit/byte-to-text.ts'
import { CR, EOT, ESC, LF, STX, SUB, XOFF, XON } from '../kit/control-characters.ts'
import { checksum, isTerminator } from './block.ts'

/** A block whose end was found, or given up. */
export interface TapBlock {
  /** What stands between STX and the terminator. */
  readonly information: readonly number[]
  readonly terminator: number
  readonly verdict: 'good' | 'checksum-bad' | 'frame-interrupted' | 'line-too-long'
  readonly firstByte: Instant
  readonly lastByte: Instant
}

export type TapHeard =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'block'; readonly block: TapBlock }
  | { readonly kind: 'lost'; readonly bytes: Uint8Array; readonly fault: FaultCode }

/** Splits what a client sends into lines ended by CR and blocks begun by STX. */
export interface TapReader {
  readonly parity: Parity
  readonly maxBlock: number
  line: number[]
  /** From STX on while a block is open; kept to `maxBlock`. */
  block: number[] | undefined
  /** Sum and count of every character since STX, kept even when the block has grown too long to keep. */
  sum: number
  length: number
  /** Last characters, enough for SUB, terminator, checksum and CR. */
  tail: number[]
  /** An end was seen whose checksum did not fit, right here or earlier: damage, or data that looked like an end. */
  doubt: 'none' | 'now' | 'earlier'
  firstByte: Instant
  lastByte: Instant
}

const MAX_LINE = 128

export function startTapReader(parity: Parity, maxBlock: number): TapReader {
  return {
    parity,
    maxBlock,
    line: [],
    block: undefined,
    sum: 0,
    length: 0,
    tail: [],
    doubt: 'none',
    firstByte: 0,
    lastByte: 0,
  }
}

/** Takes one byte, which started on the wire at `began`; gives each thing it completes. XON, XOFF and NUL never belong to TAP. */
export function readTap(r: TapReader, byte: number, at: Instant, began: Instant): readonly TapHeard[] {
  const heard: TapHeard[] = []
  const dressed = undress(byte, r.parity)
  const c = dressed & 0xff
  if (dressed >= PARITY_BAD) heard.push({ kind: 'lost', bytes: Uint8Array.of(c), fault: 'parity-bad' })
  if (c === XON || c === XOFF || c === 0) return heard
  r.lastByte = at
  if (c === STX) {
    if (r.doubt === 'none') dropOpen(r, heard)
    else endOpen(r, heard)
    flushLine(r, heard)
    beginBlock(r, began)
    return heard
  }
  if (r.doubt === 'now' && (c === EOT || c === ESC)) endOpen(r, heard)
  if (r.block === undefined) readLine(r, c, heard)
  else readBlock(r, c, heard)
  return heard
}

/** Ends an open block without its end: the line paused, or something that can be no data followed. */
export function giveUpBlock(r: TapReader): readonly TapHeard[] {
  const heard: TapHeard[] = []
  endOpen(r, heard)
  return heard
}

function endOpen(r: TapReader, heard: TapHeard[]): void {
  if (r.block === undefined) return
  endBlock(
    r,
    r.length > r.maxBlock ? 'line-too-long' : r.doubt === 'none' ? 'frame-interrupted' : 'checksum-bad',
    heard,
  )
}

/** Nothing more comes: what was begun is lost. */
export function closeTapReader(r: TapReader): readonly TapHeard[] {
  const heard: TapHeard[] = []
  dropOpen(r, heard)
  return heard
}

function dropOpen(r: TapReader, heard: TapHeard[]): void {
  flushLine(r, heard)
  if (r.block === undefined) return
  const bytes = Uint8Array.from(r.block)
  r.block = undefined
  heard.push({ kind: 'lost', bytes, fault: 'frame-interrupted' })
}

function readLine(r: TapReader, c: number, heard: TapHeard[]): void {
  if (c === LF) return
  if (c === ESC) flushLine(r, heard)
  if (c !== CR) {
    r.line.push(c)
    if (r.line.length > MAX_LINE) flushLine(r, heard)
    return
  }
  const text = String.fromCharCode(...r.line)
  r.line = []
  heard.push({ kind: 'line', text })
}

function readBlock(r: TapReader, c: number, heard: TapHeard[]): void {
  r.sum += c
  r.length += 1
  if (r.length <= r.maxBlock) r.block!.push(c)
  r.tail.push(c)
  if (r.tail.length > 6) r.tail.shift()
  if (r.doubt === 'now') r.doubt = 'earlier'
  if (c === CR) lookForEnd(r, heard)
}

/**
 * A block ends at a terminator that SUB does not escape, followed by three checksum characters and CR, when the sum
 * fits. When it does not, the terminator may be damage or raw data: only what follows, or a pause, can tell.
 */
function lookForEnd(r: TapReader, heard: TapHeard[]): void {
  const [before, terminator, ...rest] = r.tail
  const check = rest.slice(0, 3)
  if (terminator === undefined || check.length < 3) return
  if (before === SUB || !isTerminator(terminator) || check.some((c) => c < 0x30 || c > 0x3f)) return
  const through = r.sum - check.reduce((total, c) => total + c, 0) - CR
  if (checksum(through).some((c, i) => c !== check[i])) r.doubt = 'now'
  else endBlock(r, r.length > r.maxBlock ? 'line-too-long' : 'good', heard)
}

function beginBlock(r: TapReader, began: Instant): void {
  r.block = [STX]
  r.sum = STX
  r.length = 1
  r.tail = [STX]
  r.doubt = 'none'
  r.firstByte = began
}

function endBlock(r: TapReader, verdict: TapBlock['verdict'], heard: TapHeard[]): void {
  const block = r.block!
  r.block = undefined
  r.doubt = 'none'
  heard.push({
    kind: 'block',
    block: {
      information: block.slice(1, -5),
      terminator: block.at(-5) ?? 0,
      verdict,
      firstByte: r.firstByte,
      lastByte: r.lastByte,
    },
  })
}

function flushLine(r: TapReader, heard: TapHeard[]): void {
  if (r.line.length === 0) return
  const bytes = Uint8Array.from(r.line)
  r.line = []
  heard.push({ kind: 'lost', bytes, fault: 'line-noise' })
}
