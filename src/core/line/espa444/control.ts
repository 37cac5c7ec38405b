import type { Page } from '../../bleep/bleep.ts'
import type { Instant } from '../../instant.ts'
import { never } from '../../never.ts'
import { ACK, ENQ, EOT } from '../kit/control-characters.ts'
import { type Arrival, dropHeld, lastHeldAt } from '../kit/held.ts'
import { hearLink, type Link, linkDeadline, openLink, startLink, watchLink } from '../kit/link-watch.ts'
import { enqueue, failAll } from '../kit/outgoing.ts'
import type { LineEffect, LineInput } from '../kit/protocol.ts'
import {
  heard as drawn,
  endSession,
  type Session,
  startSession,
  stopWaiting,
  storeAnswered,
} from '../kit/session.ts'
import { encodeBlock } from './block.ts'
import { answerStored, ERROR, nak, offer, reply } from './intake.ts'
import { type Dialogue, type Ending, hearReply, missReply, select } from './master.ts'
import type { EspaOptions } from './options.ts'
import { cutShort, type Heard, lose, type Reader, read, readerDeadline, startReader } from './reader.ts'
import { HEADER, identifierOf } from './records.ts'

/** We are the control station. We poll the stations in turn, take what they have, and send pages out between polls. */
export interface Control extends Session {
  readonly role: 'control'
  readonly o: EspaOptions
  readonly reader: Reader
  readonly link: Link
  /** `rest`: the line is ours and quiet. `polling`: a station owes an answer. `receiving`: a station has the line. */
  mode: 'rest' | 'polling' | 'receiving' | 'sending' | 'closed'
  /** When the present mode must be over; in `rest`, when the next poll is due. */
  by: Instant
  readonly stations: { readonly address: string; missed: number; restUntil: Instant }[]
  turn: number
  /**
   * After a repetition a second answer may be on its way. Until this time we begin nothing that such an answer could
   * seem to answer.
   */
  quietUntil: Instant
  dialogue: Dialogue | undefined
  queue: { readonly ref: number; readonly block: Uint8Array; tries: number; notBefore: Instant }[]
}

const TRIES = 3
/** Unanswered polls before a station is left alone for a while. */
const MISSES = 3

export function startControl(o: EspaOptions): Control {
  return {
    role: 'control',
    o,
    reader: startReader(o.parity, o.maxBlock),
    ...startSession(),
    link: startLink(),
    mode: 'closed',
    by: 0,
    stations: o.poll.map((address) => ({ address, missed: 0, restUntil: 0 })),
    turn: -1,
    quietUntil: 0,
    dialogue: undefined,
    queue: [],
  }
}

/** One move of the control station; changes `c`, and what is to be done is put behind `out`. */
export function stepControl(c: Control, input: LineInput, out: LineEffect[]): void {
  switch (input.kind) {
    case 'opened':
      openLink(c.link, input.at)
      toRest(c, input.at)
      break
    case 'closed':
      close(c, out)
      return
    case 'bytes':
      if (c.mode === 'closed') toRest(c, input.at + c.o.pollEvery)
      expire(c, input.at, out)
      hearBytes(c, out, input.at, input)
      break
    case 'silence':
      expire(c, input.at, out)
      break
    case 'stored':
    case 'refused':
      if (c.owed.waiting?.ref === input.ref) c.by = input.at + c.o.session
      if (storeAnswered(c.owed, input.kind, input.ref, lastHeldAt(c.held), c.o.patience))
        answerStored(c.o, input.kind, out)
      hearBytes(c, out, input.at)
      break
    case 'send':
      enqueue(c.queue, input.ref, outgoing(c.o, input.ref, input.page, input.at), out)
      break
    case 'status':
    case 'known':
      break
    default:
      never(input)
  }
  act(c, input.at, out)
  wake(c, input.at, out)
}

function outgoing(
  o: EspaOptions,
  ref: number,
  page: Page,
  at: Instant,
): Control['queue'][number] | undefined {
  const fields = callFields(page)
  const block = fields && encodeBlock(fields, o.charset)
  if (block === undefined || block.length > o.maxBlock) return undefined
  return { ref, block, tries: 0, notBefore: at }
}

/** A page as a call: its own ESPA records if it came from such a line, else address, text and a standard call. */
function callFields(page: Page): Record<string, string> | undefined {
  if (page.to.scheme !== 'number' || page.to.number === '') return undefined
  const own = Object.entries(page.fields).filter(([name]) => identifierOf(name) !== undefined)
  return {
    callType: '3',
    ...Object.fromEntries(own),
    header: HEADER.callToPager,
    callAddress: page.to.number,
    ...(page.text === '' ? {} : { displayMessage: page.text }),
  }
}

function hearBytes(c: Control, out: LineEffect[], now: Instant, fresh?: Arrival): void {
  for (const { byte, at, began } of drawn(c, c.o.patience, out, now, fresh)) {
    c.reader.headless = c.o.headless && c.mode === 'receiving'
    for (const heard of read(c.reader, byte, at, began)) hear(c, heard, at, out)
  }
}

function hear(c: Control, heard: Heard, at: Instant, out: LineEffect[]): void {
  if (heard.kind === 'lost') {
    lose(heard, out)
    return
  }
  hearLink(c.link, at, out)
  if (c.mode === 'sending') finish(c, hearReply(c.dialogue!, c.o, heard, at, out), at, out)
  else if (heard.kind === 'enq' && (c.mode === 'polling' || c.mode === 'receiving')) {
    answered(c)
    c.by = at + c.o.session
    const prefix = heard.prefix.trim()
    if (prefix !== c.o.station && !(prefix === '' && c.o.bareEnq)) return
    c.mode = 'receiving'
    reply(out, c.o, [ACK])
  } else if (heard.kind === 'eot' && (c.mode === 'polling' || c.mode === 'receiving')) {
    if (c.mode === 'polling') out.push({ kind: 'note', reason: 'heartbeat' })
    answered(c)
    toRest(c, at + c.o.pollEvery)
  } else if (heard.kind === 'block' && (c.mode === 'receiving' || c.o.unselected)) {
    answered(c)
    c.mode = 'receiving'
    c.by = at + c.o.session
    offer(c.owed, c.o, heard.block, out)
  }
}

function answered(c: Control): void {
  const station = c.stations[c.turn]
  if (station !== undefined) station.missed = 0
}

function expire(c: Control, at: Instant, out: LineEffect[]): void {
  const half = readerDeadline(c.reader, c.o.interByte)
  if (half !== undefined && at >= half) {
    const tooLong = c.reader.tooLong
    for (const heard of cutShort(c.reader)) lose(heard, out)
    if (c.mode === 'receiving') nak(out, c.o, tooLong ? ERROR.notUnderstood : ERROR.transmission)
  }
  watchLink(c.link, c.o.linkDown, at, out)
  if (c.owed.waiting !== undefined && at >= c.owed.waiting.since + c.o.session) {
    stopWaiting(c.owed)
    hearBytes(c, out, at)
  }
  // A block may take longer than a session's silence on a slow line.
  if (at < c.by || c.owed.waiting !== undefined || c.reader.state !== 'between') return
  if (c.mode === 'sending') finish(c, missReply(c.dialogue!, c.o, at, out), at, out)
  else if (c.mode === 'polling') {
    const station = c.stations[c.turn]!
    station.missed += 1
    if (station.missed >= MISSES) station.restUntil = at + c.o.pollRest
    toRest(c, at)
  } else if (c.mode === 'receiving') {
    reply(out, c.o, [EOT])
    toRest(c, at + c.o.pollEvery)
  }
}

/** With the line at rest: a page first, else the next station's poll. */
function act(c: Control, at: Instant, out: LineEffect[]): void {
  if (c.mode !== 'rest' || at < c.quietUntil) return
  const first = c.queue.find((q) => q.notBefore <= at)
  const eot = String.fromCharCode(EOT)
  const enq = String.fromCharCode(ENQ)
  if (first !== undefined) {
    c.mode = 'sending'
    c.queue = [first, ...c.queue.filter((q) => q !== first)]
    c.dialogue = select(c.o, c.o.address, first.block, at, out, `${eot}${c.o.station}${enq}`)
    c.by = c.dialogue.by
    return
  }
  if (at < c.by) return
  const turn = nextStation(c, at)
  if (turn === undefined) {
    c.by = Math.max(at + c.o.pollEvery, Math.min(...c.stations.map((s) => s.restUntil)))
    return
  }
  c.turn = turn
  c.mode = 'polling'
  c.by = at + c.o.answer
  reply(out, c.o, `${eot}${c.stations[turn]!.address}${enq}`)
}

function nextStation(c: Control, at: Instant): number | undefined {
  for (let i = 1; i <= c.stations.length; i++) {
    const turn = (c.turn + i) % c.stations.length
    if (c.stations[turn]!.restUntil <= at) return turn
  }
  return undefined
}

function finish(c: Control, ending: Ending | undefined, at: Instant, out: LineEffect[]): void {
  if (ending === undefined) {
    c.by = c.dialogue!.by
    return
  }
  reply(out, c.o, [EOT])
  if (c.dialogue!.sends > 1 || ending === 'no-answer') c.quietUntil = at + c.o.answer
  const page = c.queue.shift()!
  page.tries += 1
  if (ending === 'taken') out.push({ kind: 'sent', ref: page.ref, outcome: 'taken' })
  else if (ending === 'refused' || page.tries >= TRIES)
    out.push({
      kind: 'sent',
      ref: page.ref,
      outcome: ending === 'no-answer' ? 'no-answer' : 'refused',
      fault: ending === 'no-answer' ? 'peer-silent' : 'block-refused',
    })
  else c.queue.push({ ...page, notBefore: at + c.o.retryAfter })
  toRest(c, at + c.o.pollEvery)
}

function toRest(c: Control, nextPoll: Instant): void {
  c.mode = 'rest'
  c.by = nextPoll
  c.dialogue = undefined
  endSession(c.owed)
}

function close(c: Control, out: LineEffect[]): void {
  for (const heard of cutShort(c.reader)) lose(heard, out)
  dropHeld(c.held)
  stopWaiting(c.owed)
  failAll(c.queue, 'no-answer', 'peer-silent', out)
  toRest(c, 0)
  c.mode = 'closed'
}

function wake(c: Control, at: Instant, out: LineEffect[]): void {
  const due = [
    readerDeadline(c.reader, c.o.interByte),
    c.owed.waiting && c.owed.waiting.since + c.o.session,
    c.owed.waiting === undefined && c.reader.state === 'between' && c.mode !== 'closed' && c.mode !== 'rest'
      ? c.by
      : undefined,
    c.mode === 'rest'
      ? Math.max(c.quietUntil, Math.min(c.by, ...c.queue.map((q) => q.notBefore)))
      : undefined,
    linkDeadline(c.link, c.o.linkDown),
  ].filter((d) => d !== undefined)
  if (due.length > 0) out.push({ kind: 'wake', after: Math.max(1, Math.min(...due) - at) })
}
