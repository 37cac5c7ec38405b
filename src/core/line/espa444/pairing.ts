import type { Instant, Millis } from '../../instant.ts'
import type { Link } from '../kit/link-watch.ts'
import type { LineEffect, Wire } from '../kit/protocol.ts'
import { parseBlock } from './block.ts'
import { pageOf } from './intake.ts'
import type { EspaOptions } from './options.ts'
import { type Block, type Reader, startReader } from './reader.ts'
import { HEADER } from './records.ts'
import { type Answer, align, type Fate, type Ledger, PROMPT, type Reading, type Turn } from './turns.ts'

/**
 * We listen to both directions while the real paging system answers: this role has no effect that writes.
 * A block counts once the other direction showed ACK. Two ports deliver what they hear a little apart, and noise brings
 * answers of its own; so which answer is to a block is weighed, at the latest when no other can come any more.
 */
export interface Tap {
  readonly role: 'tap'
  readonly o: EspaOptions
  readonly sides: Readonly<Record<Wire, Side>>
  readonly link: Link
  nextRef: number
}

/** One direction: what its sender has said and what the other side answered. */
export interface Side {
  readonly reader: Reader
  /** Addresses of the last two ENQ since EOT: the station polled and the one selected. */
  asked: string[]
  /** A select or a block was heard since the last EOT. */
  inSession: boolean
  /** Counts EOT and ENQ: a block that is repeated between two of them is the same call. */
  session: number
  turns: Turn[]
  answers: Answer[]
  /** The last block that counted in this session. */
  counted: { readonly session: number; readonly bytes: string } | undefined
}

/** Turns and answers kept. Beyond it the oldest block is judged by what there is. */
const KEPT = 32

/** A paging system answers within this. */
const THOUGHT: Millis = 250

export function startSide(o: EspaOptions, wire: Wire): Side {
  const reader = startReader(o.parity, o.maxBlock)
  reader.answers = wire === 'b'
  return { reader, asked: [], inSession: false, session: 0, turns: [], answers: [], counted: undefined }
}

/** A station is polled or selected by its address; empty where there was none. */
export function hearEnq(mine: Side, wire: Wire, address: string, at: Instant): void {
  mine.asked.push(address)
  if (mine.asked.length > 2) mine.asked.shift()
  // The first ENQ of the switchboard is a poll, which ACK does not answer; the paging system only ever selects.
  const selecting = wire === 'b' || mine.asked.length === 2 || mine.asked[0] === ''
  mine.inSession = selecting
  mine.session += 1
  say(mine, selecting ? 'select' : 'poll', at, at)
}

/** The session is over. */
export function hearEot(mine: Side, at: Instant): void {
  mine.asked = []
  mine.inSession = false
  mine.session += 1
  say(mine, 'end', at, at)
}

/** An ACK or NAK of the far side. */
export function hearAnswer(asker: Side, answer: Answer): void {
  asker.answers.push(answer)
  if (asker.answers.length > KEPT) asker.answers.shift()
}

/** A block of this side; one that can be no call is discarded with its fault. */
export function hearBlock(t: Tap, mine: Side, block: Block, at: Instant, out: LineEffect[]): void {
  const fault =
    block.verdict !== 'good'
      ? block.verdict
      : parseBlock(block.bytes, t.o.charset) === undefined
        ? 'block-malformed'
        : undefined
  if (fault !== undefined) out.push({ kind: 'discard', bytes: block.bytes, fault })
  const ours = fault === undefined && concernsUs(t, mine)
  const { arrived: began } = block
  if (t.o.wires === 'switchboard') {
    if (ours) count(t, mine, block, mine.session, out)
    return
  }
  if (!mine.inSession) say(mine, 'unheard', began, began)
  mine.inSession = true
  say(mine, fault === undefined ? 'block' : 'damaged', began, at, block, ours)
}

/** A block for another paging system on the same line is not ours to report; what that system sends is. */
function concernsUs(t: Tap, side: Side): boolean {
  if (side === t.sides.b) return true
  const to = side.asked.at(-1)
  if (to === undefined) return t.o.unselected
  return to === t.o.address || to === t.o.station || (to === '' && t.o.bareEnq)
}

function say(
  { turns, session }: Side,
  kind: Turn['kind'],
  began: Instant,
  ended: Instant,
  block?: Block,
  ours = false,
): void {
  turns.push({ kind, began, ended, block, ours, session })
}

/** Forgets turns that concern no block and whose time for an answer is over, each with its answer. */
function prune(t: Tap, side: Side, at: Instant): void {
  const lag = lagOf(t)
  while (side.turns.length > 1 && !side.turns.some(({ ours }) => ours)) {
    if (side.turns.length <= KEPT && at < side.turns[1]!.began + 2 * lag) break
    forget(side, 0, align(ledger(t, side, at)))
  }
  const since = (side.turns[0]?.ended ?? at) - lag
  side.answers = side.answers.filter((answer) => answer.at >= since)
}

/** Drops the turns up to `last` with the answers they got, and those before. */
function forget(side: Side, last: number, { answerOf }: Reading): void {
  const used = answerOf.slice(0, last + 1).findLast((k) => k !== undefined)
  side.turns = side.turns.slice(last + 1)
  if (used !== undefined) side.answers = side.answers.slice(used + 1)
}

/** One input hears everything in its order. */
function lagOf(t: Tap): Millis {
  return t.o.wires === 'two' ? t.o.portLag : 0
}

function ledger(t: Tap, { turns, answers }: Side, now: Instant): Ledger {
  return { turns, answers, lag: lagOf(t), now }
}

/** Decides on every block whose time has come; as the port was `closed`, at once. */
export function judge(t: Tap, side: Side, at: Instant, out: LineEffect[], closed = false): void {
  for (;;) {
    const weighed = weigh(t, side, closed || side.turns.length > KEPT ? Number.POSITIVE_INFINITY : at)
    if (weighed === undefined || 'until' in weighed) break
    conclude(t, side, weighed, out)
  }
  prune(t, side, at)
}

/** When `judge` must be called again although nothing was heard. */
export function judgeAt(t: Tap, side: Side, at: Instant): Instant | undefined {
  const weighed = weigh(t, side, at)
  return weighed !== undefined && 'until' in weighed ? weighed.until : undefined
}

interface Verdict {
  /** Index of the block's turn. */
  readonly of: number
  readonly fate: Fate
  readonly reading: Reading
  /** A refusal is as likely. */
  readonly doubtful: boolean
}

/** What became of the oldest block, or until when more may be heard that tells; undefined when none waits. */
function weigh(t: Tap, side: Side, at: Instant): Verdict | { readonly until: Instant } | undefined {
  const of = side.turns.findIndex(({ ours }) => ours)
  const turn = side.turns[of]
  if (turn === undefined) return undefined
  const next = side.turns[of + 1]
  const lag = lagOf(t)
  const verdict = likeliest(ledger(t, side, at), of)
  const clean = isClean(verdict.reading, side.answers.length)
  if (next !== undefined) {
    // All answers to it are here; where they fit badly, what was said since may still be on its way and explain them.
    const until = next.began + (clean ? lag : 2 * lag)
    return at >= until ? verdict : { until }
  }
  const answer = side.answers[verdict.reading.answerOf[of] ?? -1]
  if (answer === undefined) {
    const until = turn.ended + t.o.session
    return at >= until ? verdict : { until }
  }
  // Too late for what was said before it, and nothing was said since: this answer is to the block for certain.
  const certain = clean && side.reader.state === 'between' && answer.at >= turn.began + lag
  const until = Math.max(turn.ended, answer.at) + (answer.at > turn.ended ? THOUGHT : PROMPT)
  return certain || at >= until ? verdict : { until }
}

/** A lost bleep is worse than one too many: where nothing else tells, the block was taken. */
function likeliest(book: Ledger, of: number): Verdict {
  const [taken, refused, none] = [
    align(book, of, 'taken'),
    align(book, of, 'refused'),
    align(book, of, 'none'),
  ]
  if (taken.cost <= Math.min(refused.cost, none.cost))
    return { of, fate: 'taken', reading: taken, doubtful: taken.cost === refused.cost }
  if (refused.cost <= none.cost) return { of, fate: 'refused', reading: refused, doubtful: false }
  return { of, fate: 'none', reading: none, doubtful: false }
}

/** Nothing went wrong on the line, and every answer was asked for. */
function isClean({ cost, answerOf }: Reading, answers: number): boolean {
  return cost === 0 && answerOf.filter((k) => k !== undefined).length === answers
}

function conclude(t: Tap, side: Side, { of, fate, reading, doubtful }: Verdict, out: LineEffect[]): void {
  const { block, session } = side.turns[of]!
  forget(side, of, reading)
  if (block === undefined) return
  if (fate === 'taken') {
    if (doubtful) out.push({ kind: 'note', reason: 'answer-doubtful' })
    count(t, side, block, session, out)
  } else if (fate === 'refused') out.push({ kind: 'note', reason: 'block-refused-there' })
  else out.push({ kind: 'discard', bytes: block.bytes, fault: 'block-unconfirmed' })
}

/** A block that was taken: a call, once however often it was repeated in its session. */
function count(t: Tap, side: Side, block: Block, session: number, out: LineEffect[]): void {
  const bytes = String.fromCharCode(...block.bytes)
  if (side.counted?.session === session && side.counted.bytes === bytes) {
    out.push({ kind: 'note', reason: 'resend-dropped' })
    return
  }
  side.counted = { session, bytes }
  const fields = parseBlock(block.bytes, t.o.charset)
  const page = fields && pageOf(fields, block)
  if (page !== undefined) out.push({ kind: 'page', ref: t.nextRef++, page })
  else if (fields !== undefined && fields.header !== HEADER.callToPager) out.push({ kind: 'heard', fields })
  else out.push({ kind: 'discard', bytes: block.bytes, fault: 'block-malformed' })
}
