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
  /** A select whose answer has not been heard. */
  selecting: boolean
  /** Blocks whose answer has not been heard, oldest first. */
  unanswered: Question[]
  /** Answers that came before what they answer: two ports deliver their bytes a little apart. */
  early: { readonly taken: boolean; readonly at: Instant }[]
  /** The last block that counted in this session. */
  counted: string | undefined
}

/**
 * A block that awaits its answer. `ours`: a whole block that concerns us; the answer to any other is only told apart.
 * `closing`: its sender has already moved on, so that an answer can only be on its way to us through the other port.
 */
interface Question {
  readonly block: Block
  readonly ours: boolean
  closing: Instant | undefined
}

/** Two ports may deliver what happened on one line this far apart: the latency of a USB adapter, and ours. */
const SKEW: Millis = 50
/** Blocks and early answers kept: more than a line can carry within `SKEW`. */
const KEPT = 8

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
    selecting: false,
    unanswered: [],
    early: [],
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
      // The first ENQ of the switchboard is a poll, which ACK does not answer; the paging system only ever selects.
      mine.selecting =
        (wire === 'b' || mine.asked.length === 2 || mine.asked[0] === '') && takeEarly(mine, at) === undefined
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
    case 'nak':
      hearAnswer(t, other, heard.kind === 'ack', at, out)
      return
  }
}

/** An answer belongs to the oldest block that awaits one, else to the select, else to what is still on its way to us. */
function hearAnswer(t: Tap, asker: Side, taken: boolean, at: Instant, out: LineEffect[]): void {
  const question = asker.unanswered.shift()
  if (question !== undefined) settle(t, asker, question, taken, out)
  else if (asker.selecting) asker.selecting = false
  else {
    asker.early.push({ taken, at })
    if (asker.early.length > KEPT) asker.early.shift()
  }
}

/** The oldest answer that came so shortly before `at` that it can be to what was completed just now. */
function takeEarly(side: Side, at: Instant): boolean | undefined {
  side.early = side.early.filter((e) => at - e.at <= SKEW)
  return side.early.shift()?.taken
}

function hearBlock(t: Tap, mine: Side, block: Block, at: Instant, out: LineEffect[]): void {
  giveUp(mine, (q) => at > q.block.lastByte + SKEW, out)
  if (block.verdict !== 'good') out.push({ kind: 'discard', bytes: block.bytes, fault: block.verdict })
  const question = { block, ours: block.verdict === 'good' && concernsUs(t, mine), closing: undefined }
  mine.selecting = false
  const answer = t.o.wires === 'switchboard' ? true : takeEarly(mine, at)
  if (answer !== undefined) settle(t, mine, question, answer, out)
  else mine.unanswered.push(question)
  if (mine.unanswered.length > KEPT) giveUp(mine, (q) => q === mine.unanswered[0], out)
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
  for (const question of side.unanswered) question.closing ??= at
  side.selecting = false
  side.counted = undefined
}

/** Reports the blocks whose answer can no longer come. */
function giveUp(side: Side, gone: (question: Question) => boolean, out: LineEffect[]): void {
  const lost = side.unanswered.filter(gone)
  if (lost.length === 0) return
  side.unanswered = side.unanswered.filter((question) => !lost.includes(question))
  for (const { ours, block } of lost)
    if (ours) out.push({ kind: 'discard', bytes: block.bytes, fault: 'block-unconfirmed' })
}

/** The other side has taken or refused a block. */
function settle(t: Tap, side: Side, question: Question, taken: boolean, out: LineEffect[]): void {
  const { block, ours, closing } = question
  if (!ours) return
  if (!taken) {
    out.push({ kind: 'note', reason: 'block-refused-there' })
    return
  }
  const bytes = String.fromCharCode(...block.bytes)
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
function deadline(t: Tap, { closing, block }: Question): Instant {
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
    giveUp(side, (question) => at >= deadline(t, question), out)
  }
  watchLink(t.link, t.o.linkDown, at, out)
}

function close(t: Tap, out: LineEffect[]): void {
  for (const side of Object.values(t.sides)) {
    cutShort(
      side.reader,
      (h) => h.kind === 'lost' && out.push({ kind: 'discard', bytes: h.bytes, fault: h.fault }),
    )
    giveUp(side, () => true, out)
    Object.assign(side, startSide(t.o))
  }
}

function wake(t: Tap, at: Instant, out: LineEffect[]): void {
  const due = [
    ...Object.values(t.sides).flatMap((side) => [
      readerDeadline(side.reader, t.o.interByte),
      ...side.unanswered.map((question) => deadline(t, question)),
    ]),
    linkDeadline(t.link, t.o.linkDown),
  ].filter((d) => d !== undefined)
  if (due.length > 0) out.push({ kind: 'wake', after: Math.max(1, Math.min(...due) - at) })
}
