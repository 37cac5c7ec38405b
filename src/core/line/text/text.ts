import type { Page } from '../../bleep/bleep.ts'
import { given } from '../../given.ts'
import type { Instant, Millis } from '../../instant.ts'
import { never } from '../../never.ts'
import type { Step } from '../../step.ts'
import { dress } from '../kit/byte-to-text.ts'
import { latin1, toLatin1 } from '../kit/bytes.ts'
import { enqueue, failAll } from '../kit/outgoing.ts'
import { compile } from '../kit/pattern.ts'
import type { LineEffect, LineInput, Protocol } from '../kit/protocol.ts'
import { type Framed, TextFramer, type TextRecord } from './framer.ts'
import {
  type Chosen,
  chosen,
  type Gathered,
  gather,
  gathered,
  isReading,
  isWhole,
  MOST_CHOSEN,
  type Taken,
} from './gather.ts'
import { type TextOptions, textOptions } from './options.ts'
import { ended, joinPages, toPage } from './page.ts'
import { type Reading, TextReader } from './read.ts'
import { type Cut, rejoin } from './rejoin.ts'
import { finish, type Sending, sendNext } from './sending.ts'

/** Pages whose answer is still owed, and pages waiting to be sent, are bounded by this. */
const MOST_OWED = 256

/** Rows of one message come at once, but for what stands between us and the sender. Milliseconds. */
const LATE_ROWS = 3000

const hasRows = (o: TextOptions) => o.patterns.some((p) => p.continues && !p.lossy)

interface TextState extends Sending {
  readonly framer: TextFramer
  readonly reader: TextReader
  /** Long messages come broken into rows. */
  readonly rows: boolean
  /** So long a page may go on in pieces. */
  readonly joinWithin: Millis
  ref: number
  /** Replies to give once a page's fate is known. */
  owed: Map<number, { stored: string; refused: string }>
  /** A page that waits for its other readings and rows. */
  gathered?: Gathered
  /** The pages given out last that had readings to choose from, newest first: one more of each may come late. */
  chosen: readonly Chosen[]
  /** The page given out last. */
  last?: number
  /** The record before, where a pause ended it. */
  cut?: Cut
  /** The page a continuation may belong to. */
  head?: { ref: number; page: Page; at: Instant }
}

/**
 * Everything that prints or sends its pages as records of text: encoder links, printers, nurse-call panels, radio
 * decoders. Framing, fields, noise and answers are the profile's data.
 */
export const text: Protocol<TextState, TextOptions> = {
  id: 'text',
  traits: { side: 'other', needsProfile: true },
  options: textOptions,
  listensOnly: (o) =>
    o.passive ||
    (o.send === undefined && o.malformed === '' && !o.patterns.some((p) => p.reply !== undefined)),
  sends: (o) => (o.passive || o.send === undefined ? undefined : o.scheme),
  start: (options) => ({
    options,
    joinWithin: Math.max(options.joinWithin, options.gather > 0 && hasRows(options) ? LATE_ROWS : 0),
    framer: new TextFramer(options.framing),
    reader: new TextReader(options),
    ...(options.send?.answer && { taken: compile(options.send.answer.taken) }),
    ...(options.send?.answer?.refused !== undefined && { refused: compile(options.send.answer.refused) }),
    rows: hasRows(options),
    ref: 0,
    chosen: [],
    owed: new Map(),
    queue: [],
  }),
  step(state, input): Step<TextState, LineEffect> {
    const out: LineEffect[] = []
    take(state, input, out)
    const patience = wait(state, input.at)
    if (
      patience !== undefined &&
      (input.kind === 'bytes' || input.kind === 'silence' || input.kind === 'send')
    )
      out.push({ kind: 'wake', after: patience })
    return [state, out]
  },
}

function take(state: TextState, input: LineInput, out: LineEffect[]): void {
  switch (input.kind) {
    case 'bytes':
      hear(state, input.bytes, input.began ?? input.at, input.at, out)
      break
    case 'silence': {
      const framed: Framed[] = []
      state.framer.pause(input.at, framed)
      useAll(state, framed, out)
      if (state.gathered && input.at >= state.gathered.until) release(state, out)
      if (state.sending && input.at >= state.sending.until) finish(state, 'no-answer', input.at, out)
      break
    }
    case 'closed': {
      const framed: Framed[] = []
      state.framer.close(framed)
      useAll(state, framed, out)
      release(state, out)
      state.chosen = []
      delete state.cut
      state.owed.clear()
      if (state.sending) failAll([state.sending], 'no-answer', 'peer-silent', out)
      delete state.sending
      failAll(state.queue, 'no-answer', 'peer-silent', out)
      break
    }
    case 'stored':
    case 'refused': {
      const owed = state.owed.get(input.ref)
      state.owed.delete(input.ref)
      if (owed) reply(state, owed[input.kind], out)
      break
    }
    case 'send':
      enqueue(state.queue, input.ref, { ref: input.ref, page: input.page }, out, MOST_OWED)
      sendNext(state, input.at, out)
      break
    case 'opened':
    case 'status':
    case 'known':
      break
    default:
      never(input)
  }
}

/** While we wait for the peer's answer everything it says is that answer; otherwise its records. */
function hear(state: TextState, bytes: Uint8Array, began: Instant, at: Instant, out: LineEffect[]): void {
  let used = 0
  while (state.sending && used < bytes.length) {
    const { sending } = state
    sending.heard = (sending.heard + String.fromCharCode(bytes[used++]!)).slice(
      -state.options.framing.maxLength,
    )
    if (state.refused?.occurs(sending.heard)) finish(state, 'refused', at, out)
    else if (state.taken?.occurs(sending.heard)) finish(state, 'taken', at, out)
  }
  if (used === bytes.length) return
  const framed: Framed[] = []
  const rest = began + ((at - began) * used) / bytes.length
  state.framer.push(bytes.subarray(used), rest, at, framed)
  useAll(state, framed, out)
}

function wait(state: TextState, now: Instant): number | undefined {
  const answer = state.sending ? Math.max(0, state.sending.until - now) : undefined
  const whole = state.gathered ? Math.max(1, state.gathered.until - now) : undefined
  const waits = [answer, whole, state.framer.patience].filter((wait) => wait !== undefined)
  return waits.length === 0 ? undefined : Math.min(...waits)
}

function useAll(state: TextState, framed: readonly Framed[], out: LineEffect[]): void {
  for (const item of framed) {
    if (item.kind === 'discard') out.push(item)
    else use(state, item.record, out)
  }
}

function use(state: TextState, record: TextRecord, out: LineEffect[]): void {
  const { options, reader } = state
  const { cut } = state
  const whole = cut && rejoin(record, cut, reader, options)
  delete state.cut
  if (record.paused) state.cut = { record: whole?.record ?? record }
  if (whole) {
    give(state, whole, out)
    return
  }
  if (cut && record.body.length === 0) return
  const text = reader.text(record)
  // Nothing but colours and the like.
  const reading = text === '' && record.body.length > 0 ? 'noise' : reader.read(text)
  if (reading === undefined) {
    out.push({ kind: 'discard', bytes: record.body, fault: 'record-unmatched' })
    reply(state, options.malformed, out)
  } else if (reading === 'noise') out.push({ kind: 'note', reason: 'noise-line' })
  else if (reading.rule.role === 'log') {
    out.push({ kind: 'note', reason: 'log-line' })
    reply(state, answer(reading, record, options).stored, out)
  } else give(state, { reading, record }, out)
}

function give(state: TextState, taken: Taken, out: LineEffect[]): void {
  if (state.options.gather === 0) page(state, taken, [], out)
  else collect(state, taken, out)
  if (!taken.record.paused) return
  release(state, out)
  state.cut = { record: taken.record, ...given({ ref: state.last }) }
}

/** A decoder prints all it has of one page at once; what comes behind is another page, or a late reading of this one. */
function collect(state: TextState, taken: Taken, out: LineEffect[]): void {
  const { options } = state
  const more = state.gathered && gathered(state.gathered, taken)
  if (!more) release(state, out)
  const from = taken.record.first - options.joinWithin
  const last = more ? undefined : state.chosen.find((one) => one.at >= from && isReading(one, taken))
  if (last) late(state, last, taken, out)
  else state.gathered = more ?? gather(taken, options.gather)
  if (state.gathered && isWhole(state.gathered, state.rows)) release(state, out)
}

function release(state: TextState, out: LineEffect[]): void {
  const whole = state.gathered
  if (!whole) return
  delete state.gathered
  const { key, readings, rows } = whole
  if (readings.length > 1) out.push({ kind: 'note', reason: 'reading-dropped', count: readings.length - 1 })
  const best = chosen(readings)
  const ref = best.improves ?? state.ref
  state.chosen = [{ ref, key, readings, at: best.record.last }, ...state.chosen].slice(0, MOST_CHOSEN)
  page(state, best, rows, out)
}

function late(state: TextState, last: Chosen, taken: Taken, out: LineEffect[]): void {
  const readings = [...last.readings, taken]
  const better = chosen(readings) === taken
  state.chosen = state.chosen.map((one) => (one === last ? { ...last, readings } : one))
  state.last = last.ref
  if (better) {
    const ref = state.ref++
    out.push({
      kind: 'page',
      ref,
      page: toPage(taken.reading, taken.record, state.options),
      improves: last.ref,
    })
  } else out.push({ kind: 'note', reason: 'reading-dropped' })
}

function page(state: TextState, taken: Taken, rows: readonly Taken[], out: LineEffect[]): void {
  const { reading, record, improves } = taken
  const { options, head } = state
  const found = rows.reduce(
    (whole, row) => joinPages(whole, toPage(row.reading, row.record, options), row.reading.rule),
    toPage(reading, record, options),
  )
  const ref = state.ref++
  state.last = improves ?? ref
  if (reading.rule.reply && improves === undefined) owe(state, ref, answer(reading, record, options))
  if (
    reading.rule.continues &&
    head &&
    continues(head.page, found, found.firstByte - head.at, state.joinWithin)
  ) {
    const joined = joinPages(head.page, found, reading.rule)
    if (ended(reading, options)) delete state.head
    else state.head = { ref: head.ref, page: joined, at: found.lastByte }
    state.last = head.ref
    out.push({ kind: 'note', reason: 'page-joined' })
    out.push({ kind: 'page', ref, page: joined, improves: head.ref })
    return
  }
  if (reading.rule.continues || ended(reading, options)) delete state.head
  else if (state.joinWithin > 0) state.head = { ref: state.last, page: found, at: found.lastByte }
  out.push({ kind: 'page', ref, page: found, ...given({ improves }) })
}

/** A piece without address follows whatever came last; one with an address follows its own page only. */
function continues(head: Page, piece: Page, after: number, within: Millis): boolean {
  if (after > within) return false
  const address = piece.fields.address
  return address === undefined || !/^\d+$/.test(address) || address === head.fields.address
}

function answer(reading: Reading, record: TextRecord, o: TextOptions): { stored: string; refused: string } {
  const echo = o.framing.start + latin1(record.body) + o.framing.end.slice(0, 1)
  const fill = (text: string) => text.replaceAll('{record}', () => echo)
  return { stored: fill(reading.rule.reply?.stored ?? ''), refused: fill(reading.rule.reply?.refused ?? '') }
}

function owe(state: TextState, ref: number, replies: { stored: string; refused: string }): void {
  state.owed.set(ref, replies)
  const oldest = state.owed.keys().next()
  if (state.owed.size > MOST_OWED && !oldest.done) state.owed.delete(oldest.value)
}

function reply(state: TextState, bytes: string, out: LineEffect[]): void {
  if (bytes !== '' && !state.options.passive)
    out.push({ kind: 'reply', bytes: dress(toLatin1(bytes), state.options.framing.parity) })
}
