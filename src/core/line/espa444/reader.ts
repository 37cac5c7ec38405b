import type { FaultCode } from '../../faults.ts'
import type { Instant, Millis } from '../../instant.ts'
import { PARITY_BAD, type Parity, undress } from '../kit/byte-to-text.ts'
import { ACK, CR, ENQ, EOT, ETX, LF, NAK, SOH, STX } from '../kit/control-characters.ts'
import type { LineEffect } from '../kit/protocol.ts'
import { bcc } from './block.ts'

/** A block whose end was seen. `verdict` says whether its check held; its content has not been looked at yet. */
export interface Block {
  /** Every character after SOH through ETX. */
  readonly bytes: Uint8Array
  readonly verdict: 'good' | 'checksum-bad' | 'parity-bad' | 'line-too-long'
  readonly firstByte: Instant
  /** When its first byte was delivered, which is later than it was on the wire: the port may have held it back. */
  readonly arrived: Instant
  readonly lastByte: Instant
}

/** What the stream of characters means by itself, whoever's turn it is. */
export type Heard =
  | { readonly kind: 'enq' | 'nak'; readonly prefix: string }
  | { readonly kind: 'eot' | 'ack' }
  | { readonly kind: 'block'; readonly block: Block }
  | { readonly kind: 'lost'; readonly bytes: Uint8Array; readonly fault: FaultCode }

/** Splits one direction of an ESPA line into control sequences and blocks. Knows nothing of sessions. */
export interface Reader {
  readonly parity: Parity
  readonly maxBlock: number
  /** Characters since the last control character: prefix of an ENQ or NAK, else noise. Bad ones count as U+FFFD. */
  between: number[]
  /** Inside a block: SOH seen; `check`: ETX seen, the next character is the BCC whatever its value. */
  state: 'between' | 'block' | 'check'
  block: number[]
  parityBad: boolean
  tooLong: boolean
  firstByte: Instant
  arrived: Instant
  lastByte: Instant
  /** A peer that repeats a block after NAK may leave out SOH: a header and STX then begin a block. */
  headless: boolean
  /**
   * This direction carries mostly answers. So an ACK or NAK inside what seemed to be a block is taken for an answer,
   * and the block for noise.
   */
  answers: boolean
}

/** No prefix is longer than this. More than this between two control characters is noise. */
const MAX_BETWEEN = 32
const BAD = 0xfffd

/** @param maxBlock characters from SOH to the BCC; a longer block is damage */
export function startReader(parity: Parity, maxBlock: number): Reader {
  return {
    parity,
    maxBlock,
    between: [],
    state: 'between',
    block: [],
    parityBad: false,
    tooLong: false,
    firstByte: 0,
    arrived: 0,
    lastByte: 0,
    headless: false,
    answers: false,
  }
}

/** Takes one byte, which started on the wire at `began`; gives each thing it completes. */
export function read(r: Reader, byte: number, at: Instant, began: Instant): readonly Heard[] {
  const heard: Heard[] = []
  const dressed = undress(byte, r.parity)
  const bad = dressed >= PARITY_BAD
  const c = dressed & 0xff
  r.lastByte = at
  if (r.state === 'between') readBetween(r, c, bad, began, heard)
  else {
    if (bad) r.parityBad = true
    if (!bad && r.answers && answered(r, c, heard)) return heard
    if (r.state === 'check') endBlock(r, c, heard)
    else readBlock(r, c, began, heard)
  }
  return heard
}

/** When a block that has stopped half-way is given up. Undefined outside a block. */
export function readerDeadline(r: Reader, interByte: Millis): Instant | undefined {
  return r.state === 'between' ? undefined : r.lastByte + interByte
}

/** Gives up a block that stopped half-way, and what else was left over. */
export function cutShort(r: Reader): readonly Heard[] {
  const heard: Heard[] = []
  flushNoise(r, heard)
  if (r.state !== 'between') abandon(r, r.tooLong ? 'line-too-long' : 'frame-interrupted', heard)
  return heard
}

function readBetween(r: Reader, c: number, bad: boolean, began: Instant, heard: Heard[]): void {
  if (bad) {
    heard.push({ kind: 'lost', bytes: Uint8Array.of(c), fault: 'parity-bad' })
    r.between.push(BAD)
    return
  }
  switch (c) {
    case ENQ:
    case NAK:
      heard.push({ kind: c === ENQ ? 'enq' : 'nak', prefix: takePrefix(r) })
      return
    case EOT:
    case ACK:
      flushNoise(r, heard)
      heard.push({ kind: c === EOT ? 'eot' : 'ack' })
      return
    case SOH:
      flushNoise(r, heard)
      beginBlock(r, began)
      return
    case STX:
      if (r.headless && r.between.length === 1 && r.between[0] !== BAD) {
        const header = r.between[0]!
        r.between = []
        beginBlock(r, began)
        r.block.push(header, STX)
        return
      }
      break
    case CR:
    case LF:
      return
  }
  r.between.push(c)
  if (r.between.length > MAX_BETWEEN) {
    flushNoise(r, heard)
    r.between.push(BAD)
  }
}

function readBlock(r: Reader, c: number, began: Instant, heard: Heard[]): void {
  if (c === SOH) {
    abandon(r, 'frame-interrupted', heard)
    beginBlock(r, began)
    return
  }
  if (c === EOT && r.tooLong) {
    endBlock(r, c, heard)
    heard.push({ kind: 'eot' })
    return
  }
  if (c === ENQ && interrupted(r, heard)) return
  if (r.block.length + 3 > r.maxBlock) r.tooLong = true
  if (!r.tooLong) r.block.push(c)
  if (c === ETX) r.state = 'check'
}

/**
 * The peer hung inside a block and its line was taken back: `EOT address ENQ` never occurs in data. What came before is
 * lost, and the new session must not be.
 */
function interrupted(r: Reader, heard: Heard[]): boolean {
  const eot = r.block.lastIndexOf(EOT)
  const prefix = r.block.slice(eot + 1)
  if (eot < 0 || prefix.length > MAX_BETWEEN || prefix.some((c) => c < 0x20)) return false
  r.block.length = eot
  abandon(r, 'frame-interrupted', heard)
  heard.push({ kind: 'eot' })
  heard.push({ kind: 'enq', prefix: String.fromCharCode(...prefix) })
  return true
}

/** Neither ACK nor NAK occurs in data, but either may be the check of a block. */
function answered(r: Reader, c: number, heard: Heard[]): boolean {
  if (c !== ACK && c !== NAK) return false
  if (r.state === 'check' && !r.parityBad && !r.tooLong && bcc(Uint8Array.from(r.block)) === c) return false
  abandon(r, r.tooLong ? 'line-too-long' : 'frame-interrupted', heard)
  heard.push(c === ACK ? { kind: 'ack' } : { kind: 'nak', prefix: '' })
  return true
}

function beginBlock(r: Reader, began: Instant): void {
  r.state = 'block'
  r.block = []
  r.parityBad = false
  r.tooLong = false
  r.firstByte = began
  r.arrived = r.lastByte
}

function endBlock(r: Reader, check: number, heard: Heard[]): void {
  const bytes = Uint8Array.from(r.block)
  const verdict = r.tooLong
    ? 'line-too-long'
    : r.parityBad
      ? 'parity-bad'
      : bcc(bytes) === check
        ? 'good'
        : 'checksum-bad'
  r.state = 'between'
  r.block = []
  heard.push({
    kind: 'block',
    block: { bytes, verdict, firstByte: r.firstByte, arrived: r.arrived, lastByte: r.lastByte },
  })
}

function abandon(r: Reader, fault: FaultCode, heard: Heard[]): void {
  const bytes = Uint8Array.from([SOH, ...r.block])
  r.state = 'between'
  r.block = []
  heard.push({ kind: 'lost', bytes, fault })
}

function takePrefix(r: Reader): string {
  const prefix = String.fromCharCode(...r.between)
  r.between = []
  return prefix
}

function flushNoise(r: Reader, heard: Heard[]): void {
  const noise = r.between.filter((c) => c !== BAD && c !== 0x20)
  r.between = []
  if (noise.length > 0) heard.push({ kind: 'lost', bytes: Uint8Array.from(noise), fault: 'line-noise' })
}

/** Bytes that could not be used are told; anything else is not for here. */
export function lose(heard: Heard, out: LineEffect[]): void {
  if (heard.kind === 'lost') out.push({ kind: 'discard', bytes: heard.bytes, fault: heard.fault })
}
