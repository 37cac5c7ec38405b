import type { Instant, Millis } from '../instant.ts'
import { parseBlock } from './espa444-block.ts'
import { pageOf } from './espa444-intake.ts'
import type { EspaOptions } from './espa444-options.ts'
import {
  type Block,
  cutShort,
  type Heard,
  type Reader,
  read,
  readerDeadline,
  startReader,
} from './espa444-reader.ts'
import { HEADER } from './espa444-records.ts'
import { beganAt } from './held.ts'
import { hearLink, type Link, linkDeadline, openLink, startLink, watchLink } from './link-watch.ts'
import type { LineEffect, LineInput, Wire } from './protocol.ts'

/**
 * We listen to both directions while the real paging system answers: this role has no effect that writes.
 * A block counts once the other direction showed ACK.
 */
export interface Tap {
  readonly role: 'tap'
  readonly o: EspaOptions
  readonly sides: Readonly<Record<Wire, Side>>
  readonly link: Link
  nextRef: number
}

/** One direction: what its sender has said and what the other side has yet to answer. */
interface Side {
  readonly reader: Reader
  /** Addresses of the last two ENQ since EOT: the station polled and the one selected. */
  asked: string[]
  /** The ACK to the select has been heard, so the next one is for a block. */
  open: boolean
  /**
   * A good block the other side has not answered yet. `closing`: its sender has already moved on; the answer may be
   * on its way to us through the other port.
   */
  pending: { readonly block: Block; readonly bytes: string; closing: Instant | undefined } | undefined
  /** An ACK that overtook the end of its block: two ports deliver their bytes a little apart. */
  early: Instant | undefined
  /** The last block that counted in this session. */
  counted: string | undefined
}

/** Two ports may deliver what happened on one line this far apart. */
const SKEW: Millis = 100

export function startTap(o: EspaOptions): Tap {
  return {
    role: 'tap',
    o,
    sides: { a: startSide(o), b: startSide(o) },
    link: startLink(),
    nextRef: 1,
  }
}

function startSide(o: EspaOptions): Side {
  return {
    reader: startReader(o.parity, o.maxBlock),
    asked: [],
    open: false,
    pending: undefined,
    early: undefined,
    counted: undefined,
  }
}

export function stepTap(t: Tap, input: LineInput, out: LineEffect[]): void {
  if (input.kind === 'opened') openLink(t.link, input.at)
  else if (input.kind === 'closed') close(t, out)
  else if (input.kind === 'bytes') {
    expire(t, input.at, out)
    const side = input.wire ?? 'a'
    const on = (heard: Heard) => hear(t, side, heard, input.at, out)
    const { reader } = t.sides[side]
    reader.headless = t.o.headless
    for (let i = 0; i < input.bytes.length; i++)
      read(reader, input.bytes[i]!, input.at, beganAt(input, i), on)
  } else if (input.kind === 'silence') expire(t, input.at, out)
  else if (input.kind === 'send')
    out.push({ kind: 'sent', ref: input.ref, outcome: 'refused', fault: 'role-cannot-send' })
  if (input.kind !== 'closed') wake(t, input.at, out)
}

function hear(t: Tap, wire: Wire, heard: Heard, at: Instant, out: LineEffect[]): void {
  const mine = t.sides[wire]
  const other = t.o.wires === 'two' ? t.sides[wire === 'a' ? 'b' : 'a'] : mine
  switch (heard.kind) {
    case 'lost':
      out.push({ kind: 'discard', bytes: heard.bytes, fault: heard.fault })
      return
    case 'enq':
      hearLink(t.link, at, out)
      moveOn(mine, at)
      mine.asked.push(heard.prefix.trim())
      if (mine.asked.length > 2) mine.asked.shift()
      return
    case 'eot':
      moveOn(mine, at)
      mine.asked = []
      return
    case 'block':
      hearLink(t.link, at, out)
      hearBlock(t, mine, heard.block, at, out)
      return
    case 'ack':
      if (other.pending !== undefined) confirm(t, other, out)
      else if (!other.open && other.asked.length > 0) other.open = true
      else if (other.reader.state !== 'between') other.early = at
      return
    case 'nak':
      if (other.pending === undefined) return
      other.pending = undefined
      out.push({ kind: 'note', reason: 'block-refused-there' })
      return
  }
}

function hearBlock(t: Tap, mine: Side, block: Block, at: Instant, out: LineEffect[]): void {
  giveUp(mine, out)
  if (block.verdict !== 'good') {
    out.push({ kind: 'discard', bytes: block.bytes, fault: block.verdict })
    return
  }
  if (!concernsUs(t, mine)) return
  mine.pending = { block, bytes: String.fromCharCode(...block.bytes), closing: undefined }
  const answered = mine.early !== undefined && at - mine.early <= SKEW
  mine.early = undefined
  if (answered || t.o.wires === 'switchboard') confirm(t, mine, out)
}

/** A block for another paging system on the same line is not ours to report; what that system sends is. */
function concernsUs(t: Tap, side: Side): boolean {
  if (side === t.sides.b) return true
  const to = side.asked.at(-1)
  if (to === undefined) return t.o.unselected
  return to === t.o.address || to === t.o.station || (to === '' && t.o.bareEnq)
}

/** The sender began something new: what comes now is no resend, and an answer still owed must come very soon. */
function moveOn(side: Side, at: Instant): void {
  if (side.pending !== undefined) side.pending.closing ??= at
  side.open = false
  side.early = undefined
  side.counted = undefined
}

function giveUp(side: Side, out: LineEffect[]): void {
  if (side.pending === undefined) return
  out.push({ kind: 'discard', bytes: side.pending.block.bytes, fault: 'block-unconfirmed' })
  side.pending = undefined
}

/** The other side has taken the pending block. */
function confirm(t: Tap, side: Side, out: LineEffect[]): void {
  const { block, bytes, closing } = side.pending!
  side.pending = undefined
  if (side.counted === bytes) {
    out.push({ kind: 'note', reason: 'resend-dropped' })
    return
  }
  if (closing === undefined) side.counted = bytes
  const fields = parseBlock(block.bytes, t.o.charset)
  const page = fields && pageOf(fields, block)
  if (page !== undefined) out.push({ kind: 'page', ref: t.nextRef++, page })
  else if (fields !== undefined && fields.header !== HEADER.callToPager) out.push({ kind: 'heard', fields })
  else out.push({ kind: 'discard', bytes: block.bytes, fault: 'block-malformed' })
}

/** When an unanswered block is given up: after a session's length, or soon after its sender moved on. */
function pendingDeadline(t: Tap, side: Side): Instant | undefined {
  if (side.pending === undefined) return undefined
  const { closing, block } = side.pending
  return closing === undefined ? block.lastByte + t.o.session : closing + SKEW
}

function expire(t: Tap, at: Instant, out: LineEffect[]): void {
  for (const side of Object.values(t.sides)) {
    const half = readerDeadline(side.reader, t.o.interByte)
    if (half !== undefined && at >= half)
      cutShort(
        side.reader,
        (h) => h.kind === 'lost' && out.push({ kind: 'discard', bytes: h.bytes, fault: h.fault }),
      )
    const unanswered = pendingDeadline(t, side)
    if (unanswered !== undefined && at >= unanswered) giveUp(side, out)
  }
  watchLink(t.link, t.o.linkDown, at, out)
}

function close(t: Tap, out: LineEffect[]): void {
  for (const side of Object.values(t.sides)) {
    cutShort(
      side.reader,
      (h) => h.kind === 'lost' && out.push({ kind: 'discard', bytes: h.bytes, fault: h.fault }),
    )
    giveUp(side, out)
    Object.assign(side, startSide(t.o))
  }
}

function wake(t: Tap, at: Instant, out: LineEffect[]): void {
  const due = [
    ...Object.values(t.sides).flatMap((side) => [
      readerDeadline(side.reader, t.o.interByte),
      pendingDeadline(t, side),
    ]),
    linkDeadline(t.link, t.o.linkDown),
  ].filter((d) => d !== undefined)
  if (due.length > 0) out.push({ kind: 'wake', after: Math.max(1, Math.min(...due) - at) })
}
