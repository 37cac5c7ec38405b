import type { Instant } from '../../instant.ts'
import { never } from '../../never.ts'
import { ACK, EOT } from '../kit/control-characters.ts'
import { type Arrival, dropHeld, lastHeldAt } from '../kit/held.ts'
import { hearLink, type Link, linkDeadline, openLink, startLink, watchLink } from '../kit/link-watch.ts'
import { refuse } from '../kit/outgoing.ts'
import type { LineEffect, LineInput } from '../kit/protocol.ts'
import {
  heard as drawn,
  endSession,
  type Session,
  startSession,
  stopWaiting,
  storeAnswered,
} from '../kit/session.ts'
import { answerStored, ERROR, nak, offer, reply } from './intake.ts'
import { type Dialogue, hearReply, missReply, select } from './master.ts'
import type { EspaOptions } from './options.ts'
import { cutShort, type Heard, lose, type Reader, read, readerDeadline, startReader } from './reader.ts'
import { HEADER } from './records.ts'
import {
  type EspaStatus,
  nextStatus,
  noteCall,
  noteStatus,
  requestStatus,
  startStatus,
  statusSent,
} from './status.ts'

/**
 * We stand in for the paging system. A poll always follows an EOT and a select never does, so the same bytes
 * `2 ENQ` are a poll when idle and a select once another station was polled (ESPA 4.4.4, link control procedure).
 */
export interface Slave extends Session {
  readonly role: 'slave'
  readonly o: EspaOptions
  readonly reader: Reader
  readonly link: Link
  readonly status: EspaStatus
  /**
   * `other`: another station was polled, usually the switchboard itself. `passive`: other stations are talking, until
   * the next EOT.
   */
  mode: 'idle' | 'other' | 'passive' | 'slave' | 'master'
  /** Last valid traffic, for the ten seconds of the publication. */
  since: Instant
  /** Blocks in this session, whole or broken: none at EOT makes it a heartbeat. */
  blocks: number
  dialogue: Dialogue | undefined
}

export function startSlave(o: EspaOptions): Slave {
  return {
    role: 'slave',
    o,
    reader: startReader(o.parity, o.maxBlock),
    ...startSession(),
    link: startLink(),
    status: startStatus(),
    mode: 'idle',
    since: 0,
    blocks: 0,
    dialogue: undefined,
  }
}

/** One move of the station that is polled and selected; changes `s`, and what is to be done is put behind `out`. */
export function stepSlave(s: Slave, input: LineInput, out: LineEffect[]): void {
  switch (input.kind) {
    case 'opened':
      openLink(s.link, input.at)
      break
    case 'closed':
      for (const heard of cutShort(s.reader)) lose(heard, out)
      dropHeld(s.held)
      stopWaiting(s.owed)
      toIdle(s)
      return
    case 'bytes':
      expire(s, input.at, out)
      hearBytes(s, out, input.at, input)
      break
    case 'silence':
      expire(s, input.at, out)
      break
    case 'stored':
    case 'refused':
      if (s.owed.waiting?.ref === input.ref) s.since = input.at
      if (storeAnswered(s.owed, input.kind, input.ref, lastHeldAt(s.held), s.o.patience))
        answerStored(s.o, input.kind, out)
      hearBytes(s, out, input.at)
      break
    case 'status':
      noteStatus(s.status, s.o, input.ref, input.status)
      break
    case 'send':
      refuse(input.ref, 'role-cannot-send', out)
      break
    case 'known':
      break
    default:
      never(input)
  }
  wake(s, input.at, out)
}

function hearBytes(s: Slave, out: LineEffect[], now: Instant, fresh?: Arrival): void {
  for (const { byte, at, began } of drawn(s, s.o.patience, out, now, fresh)) {
    s.reader.headless = s.o.headless && s.mode === 'slave'
    for (const heard of read(s.reader, byte, at, began)) hear(s, heard, at, out)
  }
}

function hear(s: Slave, heard: Heard, at: Instant, out: LineEffect[]): void {
  switch (heard.kind) {
    case 'lost':
      if (heard.fault === 'frame-interrupted') s.blocks += 1
      lose(heard, out)
      return
    case 'eot':
      if (s.mode === 'master') return
      if (s.mode === 'slave' && s.blocks === 0) out.push({ kind: 'note', reason: 'heartbeat' })
      toIdle(s)
      return
    case 'enq':
      if (s.mode !== 'master') hearEnq(s, heard.prefix.trim(), at, out)
      return
    case 'block':
      hearLink(s.link, at, out)
      if (s.mode === 'slave' || (s.mode === 'idle' && s.o.unselected)) hearBlock(s, heard, at, out)
      return
    case 'ack':
    case 'nak':
      if (s.dialogue === undefined) return
      s.since = at
      finish(s, hearReply(s.dialogue, s.o, heard, at, out), out)
      return
  }
}

function hearEnq(s: Slave, prefix: string, at: Instant, out: LineEffect[]): void {
  hearLink(s.link, at, out)
  s.since = at
  const forUs = prefix === s.o.address || (prefix === '' && s.o.bareEnq)
  if (!forUs) {
    endSession(s.owed)
    s.mode = s.mode === 'other' || s.mode === 'passive' ? 'passive' : 'other'
    return
  }
  if (s.mode === 'other' || s.mode === 'slave' || (s.mode === 'idle' && prefix === '')) {
    if (s.mode !== 'slave') s.blocks = 0
    s.mode = 'slave'
    reply(out, s.o, [ACK])
  } else if (s.mode === 'idle') {
    const block = nextStatus(s.status, s.o)
    if (block === undefined) {
      out.push({ kind: 'note', reason: 'heartbeat' })
      reply(out, s.o, [EOT])
    } else {
      s.mode = 'master'
      s.dialogue = select(s.o, s.o.station, block, at, out)
    }
  }
}

function hearBlock(s: Slave, heard: Heard & { kind: 'block' }, at: Instant, out: LineEffect[]): void {
  s.since = at
  s.mode = 'slave'
  s.blocks += 1
  const fields = offer(s.owed, s.o, heard.block, out)
  const page = out.at(-1)
  if (page?.kind === 'page') noteCall(s.status, s.o, page.ref, page.page.fields)
  if (fields?.header === HEADER.statusRequest) requestStatus(s.status, s.o, fields)
}

/** What the clock brings: a block that stopped, a reply that never came, a session gone quiet, a link gone down. */
function expire(s: Slave, at: Instant, out: LineEffect[]): void {
  const half = readerDeadline(s.reader, s.o.interByte)
  if (half !== undefined && at >= half) {
    const ours = s.mode === 'slave' || (s.mode === 'idle' && s.o.unselected)
    const tooLong = s.reader.tooLong
    for (const heard of cutShort(s.reader)) lose(heard, out)
    if (ours) {
      s.since = at
      nak(out, s.o, tooLong ? ERROR.notUnderstood : ERROR.transmission)
    }
  }
  if (s.dialogue !== undefined && at >= s.dialogue.by) finish(s, missReply(s.dialogue, s.o, at, out), out)
  const over = sessionEnd(s)
  if (over !== undefined && at >= over) toIdle(s)
  if (s.owed.waiting !== undefined && at >= s.owed.waiting.since + s.o.session) {
    stopWaiting(s.owed)
    toIdle(s)
    hearBytes(s, out, at)
  }
  watchLink(s.link, s.o.linkDown, at, out)
}

/**
 * On a slow line a block may take longer than the silence that ends a session, so a session does not end while a
 * block is coming in.
 */
function sessionEnd(s: Slave): Instant | undefined {
  if (s.mode === 'idle' || s.mode === 'master' || s.reader.state !== 'between') return undefined
  return s.since + s.o.session
}

function finish(s: Slave, ending: ReturnType<typeof hearReply>, out: LineEffect[]): void {
  if (ending === undefined) return
  statusSent(s.status, ending)
  reply(out, s.o, [EOT])
  toIdle(s)
}

function toIdle(s: Slave): void {
  s.mode = 'idle'
  s.dialogue = undefined
  s.blocks = 0
  endSession(s.owed)
}

function wake(s: Slave, at: Instant, out: LineEffect[]): void {
  const due = [
    readerDeadline(s.reader, s.o.interByte),
    s.dialogue?.by,
    sessionEnd(s),
    s.owed.waiting && s.owed.waiting.since + s.o.session,
    linkDeadline(s.link, s.o.linkDown),
  ].filter((d) => d !== undefined)
  if (due.length > 0) out.push({ kind: 'wake', after: Math.max(1, Math.min(...due) - at) })
}
