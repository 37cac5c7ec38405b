import type { Instant } from '../instant.ts'
import { parseBlock } from './espa444-block.ts'
import { type Answer, certainAnswer, type Doubt, doubtOver, likelyAnswer, SKEW } from './espa444-doubt.ts'
import { pageOf } from './espa444-intake.ts'
import type { EspaOptions } from './espa444-options.ts'
import { type Block, type Heard, type Reader, startReader } from './espa444-reader.ts'
import { HEADER } from './espa444-records.ts'
import type { Link } from './link-watch.ts'
import type { LineEffect, Wire } from './protocol.ts'

/**
 * We listen to both directions while the real paging system answers: this role has no effect that writes.
 * A block counts once the other direction showed ACK.
 */
export interface Tap {
  readonly role: 'tap'
  readonly o: EspaOptions
  readonly sides: Readonly<Record<Wire, Side>>
  readonly link: Link
  /** Last noise or damage on either wire. */
  noiseAt: Instant | undefined
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
  early: Answer[]
  /** Every answer since shortly before this session, oldest first. */
  heard: Answer[]
  /** When this session began: its first ENQ, or its block when no ENQ came before. */
  began: Instant | undefined
  /** Blocks in this session that concern us. */
  blocks: number
  /** Order cannot tell the answers of this session apart: see `Doubt`. */
  doubtful: boolean
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
  /** Set when order cannot tell which answer is to this block. */
  readonly doubt: Doubt | undefined
}

/** Blocks and early answers kept: more than a line can carry within `SKEW`. */
const KEPT = 8

export function startSide(o: EspaOptions, wire: Wire): Side {
  const reader = startReader(o.parity, o.maxBlock)
  reader.answers = wire === 'b'
  return {
    reader,
    asked: [],
    selecting: false,
    unanswered: [],
    early: [],
    heard: [],
    began: undefined,
    blocks: 0,
    doubtful: false,
    counted: undefined,
  }
}

/** A session begins. Blocks that are none of ours, which noise is full of, no longer wait for what answers it. */
export function begin(t: Tap, side: Side, at: Instant): void {
  if (side.began !== undefined && at < side.began + t.o.session) return
  side.began = at
  side.blocks = 0
  const waiting = side.unanswered.length
  side.unanswered = side.unanswered.filter(({ ours }) => ours)
  const noisy = t.noiseAt !== undefined && t.noiseAt >= at - 2 * SKEW
  side.doubtful = noisy || side.unanswered.length < waiting
  side.heard = side.heard.filter((answer) => answer.at >= at - SKEW)
}

/** An answer belongs to the oldest block that awaits one, else to the select, else to what is still on its way to us. */
export function hearAnswer(t: Tap, asker: Side, answer: Answer, out: LineEffect[]): void {
  const question = asker.unanswered[0]
  if (question?.doubt !== undefined) {
    if (question.closing !== undefined && asker.selecting && question.doubt.heard.length > 0) {
      giveUp(t, asker, (q) => q === question, out)
      hearAnswer(t, asker, answer, out)
      return
    }
    keep(question.doubt.heard, answer)
    if (certainAnswer(question.doubt) === undefined) return
  }
  if (question !== undefined) {
    asker.unanswered.shift()
    // What noise seemed to ask may have taken the answer to the select that is still on its way.
    if (!question.ours) keep(asker.heard, answer)
    settle(t, asker, question, answer.taken, out)
    return
  }
  keep(asker.heard, answer)
  if (asker.selecting) asker.selecting = false
  else keep(asker.early, answer)
}

function keep(answers: Answer[], answer: Answer): void {
  answers.push(answer)
  if (answers.length > KEPT) answers.shift()
}

/** The oldest answer that came so shortly before `at` that it can be to what was completed just now. */
export function takeEarly(t: Tap, side: Side, at: Instant): boolean | undefined {
  // On one wire nothing is ever answered before it was heard.
  side.early = t.o.wires === 'two' ? side.early.filter((e) => at - e.at <= SKEW) : []
  return side.early.shift()?.taken
}

export function hearBlock(t: Tap, mine: Side, block: Block, at: Instant, out: LineEffect[]): void {
  const before = takeRepeated(mine, block)
  giveUp(t, mine, (q) => at > q.block.lastByte + SKEW, out)
  const fault =
    block.verdict !== 'good'
      ? block.verdict
      : parseBlock(block.bytes, t.o.charset) === undefined
        ? 'block-malformed'
        : undefined
  if (fault !== undefined) lose(t, { kind: 'lost', bytes: block.bytes, fault }, at, out)
  const ours = fault === undefined && concernsUs(t, mine)
  if (ours) begin(t, mine, block.firstByte)
  const doubt = ours ? doubtAbout(t, mine, block, before) : undefined
  mine.selecting = false
  const question = { block, ours, closing: undefined, doubt }
  const answer =
    t.o.wires === 'switchboard'
      ? true
      : doubt === undefined
        ? takeEarly(t, mine, at)
        : certainAnswer(doubt)?.taken
  if (answer !== undefined) settle(t, mine, question, answer, out)
  else mine.unanswered.push(question)
  if (mine.unanswered.length > KEPT) giveUp(t, mine, (q) => q === mine.unanswered[0], out)
}

/** A block is repeated while it is in doubt which answer it had: its repetition inherits the answers. */
function takeRepeated(side: Side, block: Block): readonly Answer[] {
  const i = side.unanswered.findIndex(
    (q) => q.doubt !== undefined && q.closing === undefined && same(q.block, block),
  )
  return i < 0 ? [] : (side.unanswered.splice(i, 1)[0]?.doubt?.heard ?? [])
}

function same(a: Block, b: Block): boolean {
  return a.bytes.length === b.bytes.length && a.bytes.every((byte, i) => byte === b.bytes[i])
}

/** What may answer a block when it is not plain which answer is to it: undefined when it is. */
function doubtAbout(t: Tap, side: Side, block: Block, before: readonly Answer[]): Doubt | undefined {
  if (t.o.wires !== 'two') return undefined
  // What answered the block before this one cannot answer this one too.
  const heard = [...before, ...side.heard.splice(0)]
  const noisy = t.noiseAt !== undefined && t.noiseAt >= (side.began ?? block.firstByte) - 2 * SKEW
  if (noisy || side.selecting || !inTurn(side, heard, block)) side.doubtful = true
  side.blocks += 1
  if (!side.doubtful) return undefined
  side.early = []
  return { heard, began: block.firstByte, ended: block.lastByte }
}

/** One answer to what came before the block, and at most an ACK that the other port delivered before its end. */
function inTurn(side: Side, [before, early, ...more]: readonly Answer[], block: Block): boolean {
  if (more.length > 0 || side.early.length !== (early === undefined ? 0 : 1)) return false
  if (early !== undefined && (!early.taken || early.at < block.firstByte)) return false
  if (before === undefined) return side.blocks > 0 || side.asked.length === 0
  // Nobody sends a block where the select was refused.
  return side.blocks > 0 || before.taken
}

/** A block for another paging system on the same line is not ours to report; what that system sends is. */
function concernsUs(t: Tap, side: Side): boolean {
  if (side === t.sides.b) return true
  const to = side.asked.at(-1)
  if (to === undefined) return t.o.unselected
  return to === t.o.address || to === t.o.station || (to === '' && t.o.bareEnq)
}

/** The sender began something new: what comes now is no resend, and an answer still owed must come very soon. */
export function moveOn(side: Side, at: Instant): void {
  for (const question of side.unanswered) question.closing ??= at
  side.selecting = false
  side.counted = undefined
}

/** Ends the blocks whose answer can no longer come: by the likely one where there was doubt, else without. */
export function giveUp(t: Tap, side: Side, gone: (question: Question) => boolean, out: LineEffect[]): void {
  const lost = side.unanswered.filter(gone)
  if (lost.length === 0) return
  side.unanswered = side.unanswered.filter((question) => !lost.includes(question))
  for (const question of lost) {
    const { ours, block, closing, doubt } = question
    const answer = doubt && likelyAnswer(doubt, closing)
    if (answer !== undefined) settle(t, side, question, answer.taken, out)
    else if (ours) out.push({ kind: 'discard', bytes: block.bytes, fault: 'block-unconfirmed' })
  }
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
export function deadline(t: Tap, { closing, block, doubt }: Question): Instant {
  const open = (doubt && doubtOver(doubt)) ?? block.lastByte + t.o.session
  return closing === undefined ? open : Math.min(open, closing + SKEW)
}

export function lose(t: Tap, heard: Heard, at: Instant, out: LineEffect[]): void {
  if (heard.kind !== 'lost') return
  out.push({ kind: 'discard', bytes: heard.bytes, fault: heard.fault })
  t.noiseAt = at
}
