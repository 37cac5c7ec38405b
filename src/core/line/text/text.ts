import type { Page } from '../../bleep/bleep.ts'
import type { Instant } from '../../instant.ts'
import type { Step } from '../../step.ts'
import { dress } from '../kit/byte-to-text.ts'
import { latin1, toLatin1 } from '../kit/bytes.ts'
import { enqueue, failAll, refuse } from '../kit/outgoing.ts'
import { type Compiled, compile } from '../kit/pattern.ts'
import type { LineEffect, LineInput, Protocol } from '../kit/protocol.ts'
import { type Framed, TextFramer, type TextRecord } from './framer.ts'
import { chosen, type Gathered, gather, gathered, isReading, isWhole, type Taken } from './gather.ts'
import { type TextOptions, textOptions } from './options.ts'
import { ended, joinPages, toPage } from './page.ts'
import { type Reading, TextReader } from './read.ts'
import { sendBytes } from './send.ts'

/** Pages whose answer is still owed, and pages waiting to be sent, are bounded by this. */
const MOST_OWED = 256

interface TextState {
  readonly options: TextOptions
  readonly framer: TextFramer
  readonly reader: TextReader
  readonly taken?: Compiled
  readonly refused?: Compiled
  /** Long messages come broken into rows. */
  readonly rows: boolean
  ref: number
  /** Replies to give once a page's fate is known. */
  owed: Map<number, { stored: string; refused: string }>
  /** A page that waits for its other readings and rows. */
  gathered?: Gathered
  /** The page given out last that had readings to choose from: one more may come late. */
  chosen?: {
    readonly ref: number
    readonly key: string
    readonly readings: readonly Taken[]
    readonly at: Instant
  }
  /** The page a continuation may belong to. */
  head?: { ref: number; page: Page; at: Instant }
  sending?: { ref: number; heard: string; until: Instant }
  readonly queue: { readonly ref: number; readonly page: Page }[]
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
    framer: new TextFramer(options.framing),
    reader: new TextReader(options),
    ...(options.send?.answer && { taken: compile(options.send.answer.taken) }),
    ...(options.send?.answer?.refused !== undefined && { refused: compile(options.send.answer.refused) }),
    rows: options.patterns.some((p) => p.continues && !p.lossy),
    ref: 0,
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
      delete state.chosen
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
    default:
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
  const line = reader.text(record)
  const reading = reader.read(line)
  if (reading === undefined) {
    out.push({ kind: 'discard', bytes: record.body, fault: 'record-unmatched' })
    reply(state, options.malformed, out)
  } else if (reading === 'noise') out.push({ kind: 'note', reason: 'noise-line' })
  else if (reading.rule.role === 'log') {
    out.push({ kind: 'note', reason: 'log-line' })
    reply(state, answer(reading, record, options).stored, out)
  } else if (options.gather === 0) page(state, { reading, record }, [], out)
  else collect(state, { reading, record }, out)
}

/** A decoder prints all it has of one page at once; what comes behind is another page, or a late reading of this one. */
function collect(state: TextState, taken: Taken, out: LineEffect[]): void {
  const { chosen: last, options } = state
  const more = state.gathered && gathered(state.gathered, taken)
  if (!more) release(state, out)
  const after = last && taken.record.first - last.at
  if (!more && last && isReading(last, taken) && (after ?? 0) <= options.joinWithin)
    late(state, last, taken, out)
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
  state.chosen = { ref: state.ref, key, readings, at: best.record.last }
  page(state, best, rows, out)
}

function late(
  state: TextState,
  last: NonNullable<TextState['chosen']>,
  taken: Taken,
  out: LineEffect[],
): void {
  const readings = [...last.readings, taken]
  const better = chosen(readings) === taken
  state.chosen = { ...last, readings }
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

function page(state: TextState, { reading, record }: Taken, rows: readonly Taken[], out: LineEffect[]): void {
  const { options, head } = state
  const found = rows.reduce(
    (whole, row) => joinPages(whole, toPage(row.reading, row.record, options), row.reading.rule),
    toPage(reading, record, options),
  )
  const ref = state.ref++
  if (reading.rule.reply) owe(state, ref, answer(reading, record, options))
  if (reading.rule.continues && head && continues(head.page, found, found.firstByte - head.at, options)) {
    const joined = joinPages(head.page, found, reading.rule)
    if (ended(reading, options)) delete state.head
    else state.head = { ref: head.ref, page: joined, at: found.lastByte }
    out.push({ kind: 'note', reason: 'page-joined' })
    out.push({ kind: 'page', ref, page: joined, improves: head.ref })
    return
  }
  if (reading.rule.continues || ended(reading, options)) delete state.head
  else if (options.joinWithin > 0) state.head = { ref, page: found, at: found.lastByte }
  out.push({ kind: 'page', ref, page: found })
}

/** A piece without address follows whatever came last; one with an address follows its own page only. */
function continues(head: Page, piece: Page, after: number, o: TextOptions): boolean {
  if (o.joinWithin === 0 || after > o.joinWithin) return false
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

function sendNext(state: TextState, now: Instant, out: LineEffect[]): void {
  while (!state.sending) {
    const next = state.queue.shift()
    if (!next) return
    if (state.options.passive) {
      refuse(next.ref, 'line-listen-only', out)
      continue
    }
    const bytes = sendBytes(next.page, state.options)
    if (!bytes.ok) {
      refuse(next.ref, bytes.fault.code, out)
      continue
    }
    out.push({ kind: 'reply', bytes: dress(bytes.value, state.options.framing.parity) })
    const within = state.options.send?.answer?.within
    if (within === undefined) out.push({ kind: 'sent', ref: next.ref, outcome: 'taken' })
    else state.sending = { ref: next.ref, heard: '', until: now + within }
  }
}

const OUTCOME_FAULT = {
  taken: {},
  refused: { fault: 'block-refused' },
  'no-answer': { fault: 'peer-silent' },
} as const

function finish(
  state: TextState,
  outcome: 'taken' | 'refused' | 'no-answer',
  at: Instant,
  out: LineEffect[],
): void {
  const ref = state.sending?.ref
  delete state.sending
  if (ref !== undefined) out.push({ kind: 'sent', ref, outcome, ...OUTCOME_FAULT[outcome] })
  sendNext(state, at, out)
}
