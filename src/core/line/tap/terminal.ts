import type { Instant } from '../../instant.ts'
import { never } from '../../never.ts'
import { dress } from '../kit/byte-to-text.ts'
import { ETX } from '../kit/control-characters.ts'
import { type Arrival, dropHeld, lastHeldAt } from '../kit/held.ts'
import { refuse } from '../kit/outgoing.ts'
import type { LineEffect, LineInput } from '../kit/protocol.ts'
import {
  heard as drawn,
  endSession,
  isResend,
  owe,
  paid,
  type Session,
  startSession,
  stopWaiting,
  storeAnswered,
} from '../kit/session.ts'
import { END, TAP_CODES, type TapCode } from './codes.ts'
import { resendWithin, type TapOptions } from './options.ts'
import { tapPage } from './page.ts'
import {
  closeTapReader,
  giveUpBlock,
  readTap,
  startTapReader,
  type TapBlock,
  type TapHeard,
  type TapReader,
} from './reader.ts'

/** We are the paging terminal: prompt, log-on, blocks, and an answer to each once its page is stored. */
export interface Terminal extends Session {
  readonly role: 'terminal'
  readonly o: TapOptions
  readonly reader: TapReader
  phase: 'idle' | 'logon' | 'ready'
  /** Prompts since the client last did something sensible. */
  prompts: number
  /** When the present phase is over. */
  by: Instant
  checksumErrors: number
  /** Information of the blocks so far of a page sent in several. */
  parts: { information: number[]; firstByte: Instant } | undefined
}

/** n3: prompts before a client is given up. */
const PROMPTS = 3
/** Checksum errors of a block after which the session ends. */
const CHECKSUM_ERRORS = 4

export function startTerminal(o: TapOptions): Terminal {
  return {
    role: 'terminal',
    o,
    reader: startTapReader(o.parity, o.maxBlock),
    ...startSession(),
    phase: 'idle',
    prompts: 0,
    by: 0,
    checksumErrors: 0,
    parts: undefined,
  }
}

/** One move of the terminal that takes pages from a client; changes `t`, and what is to be done is put behind `out`. */
export function stepTerminal(t: Terminal, input: LineInput, out: LineEffect[]): void {
  switch (input.kind) {
    case 'closed':
      for (const heard of closeTapReader(t.reader)) lose(heard, out)
      dropHeld(t.held)
      stopWaiting(t.owed)
      toIdle(t, out)
      return
    case 'bytes':
      expire(t, input.at, out)
      hearBytes(t, out, input.at, input)
      break
    case 'silence':
      expire(t, input.at, out)
      break
    case 'stored':
    case 'refused':
      t.by = input.at + t.o.session
      if (storeAnswered(t.owed, input.kind, input.ref, lastHeldAt(t.held), t.o.patience))
        if (input.kind === 'stored') answer(t, 211, 'ack', out)
        else answer(t, 512, 'abandon', out)
      hearBytes(t, out, input.at)
      break
    case 'send':
      refuse(input.ref, 'role-cannot-send', out)
      break
    case 'opened':
    case 'status':
    case 'known':
      break
    default:
      never(input)
  }
  wake(t, input.at, out)
}

function hearBytes(t: Terminal, out: LineEffect[], now: Instant, fresh?: Arrival): void {
  for (const { byte, at, began } of drawn(t, t.o.patience, out, now, fresh)) {
    for (const heard of readTap(t.reader, byte, at, began)) hear(t, heard, at, out)
  }
}

function hear(t: Terminal, heard: TapHeard, at: Instant, out: LineEffect[]): void {
  if (heard.kind === 'lost') lose(heard, out)
  else if (heard.kind === 'block') hearBlock(t, heard.block, at, out)
  else if (heard.text.startsWith('\x1b')) hearLogon(t, heard.text.slice(1), at, out)
  else if (heard.text === '\x04') hearGoodbye(t, out)
  else if (/^ATI$/i.test(heard.text)) {
    out.push({ kind: 'note', reason: 'heartbeat' })
    send(t, 'Bleep Bridge TAP 1.8\r', out)
  } else hearLine(t, heard.text, at, out)
}

/** An empty line asks for the prompt. Any other line is a person typing, or noise: asked again, then sent away. */
function hearLine(t: Terminal, text: string, at: Instant, out: LineEffect[]): void {
  if (text !== '') {
    out.push({ kind: 'discard', bytes: Uint8Array.from(text, (c) => c.charCodeAt(0)), fault: 'line-noise' })
    if (t.phase === 'ready') {
      answer(t, 502, 'nak', out)
      return
    }
    if (t.prompts >= PROMPTS) {
      answer(t, 507, 'disconnect', out)
      toIdle(t, out)
      return
    }
  } else t.prompts = 0
  prompt(t, at, out)
}

/** `ESC`, two characters of service, one of device type, perhaps a password. PG1 and PG3 mean the same to us. */
function hearLogon(t: Terminal, text: string, at: Instant, out: LineEffect[]): void {
  if (text.length < 3) {
    if (t.prompts < PROMPTS) prompt(t, at, out)
    else {
      answer(t, 507, 'disconnect', out)
      toIdle(t, out)
    }
    return
  }
  const service = text.slice(0, 2).toUpperCase()
  const wrong =
    t.o.strict && service !== 'PG'
      ? 508
      : t.o.password !== undefined && text.slice(3) !== t.o.password
        ? 509
        : undefined
  if (wrong !== undefined) {
    answer(t, wrong, 'disconnect', out)
    toIdle(t, out)
    return
  }
  toIdle(t, out)
  t.phase = 'ready'
  t.by = at + t.o.session
  send(t, `110 ${TAP_CODES[110]}\r\x06\r\x1b[p\r`, out)
}

function hearGoodbye(t: Terminal, out: LineEffect[]): void {
  if (t.phase !== 'idle') answer(t, 115, 'disconnect', out)
  toIdle(t, out)
}

function hearBlock(t: Terminal, block: TapBlock, at: Instant, out: LineEffect[]): void {
  if (t.phase !== 'ready') {
    if (t.o.logon === 'required') {
      discard(block, 'line-noise', out)
      answer(t, 502, 'nak', out)
      return
    }
    t.phase = 'ready'
  }
  t.by = at + t.o.session
  if (block.verdict === 'good') hearGoodBlock(t, block, out)
  else hearBadBlock(t, block, block.verdict, out)
}

function hearBadBlock(
  t: Terminal,
  block: TapBlock,
  verdict: Exclude<TapBlock['verdict'], 'good'>,
  out: LineEffect[],
): void {
  discard(block, verdict, out)
  if (verdict === 'line-too-long') {
    t.parts = undefined
    answer(t, 513, 'abandon', out)
    return
  }
  t.checksumErrors += 1
  if (t.checksumErrors < CHECKSUM_ERRORS) answer(t, 514, 'nak', out)
  else {
    answer(t, 503, 'disconnect', out)
    toIdle(t, out)
  }
}

function hearGoodBlock(t: Terminal, block: TapBlock, out: LineEffect[]): void {
  t.checksumErrors = 0
  const key = String.fromCharCode(...block.information, block.terminator)
  if (isResend(t.owed, key, block.lastByte, resendWithin(t.o))) {
    paid(t.owed, key, block.lastByte)
    out.push({ kind: 'note', reason: 'resend-dropped' })
    answer(t, 211, 'ack', out)
    return
  }
  const parts = t.parts ?? { information: [], firstByte: block.firstByte }
  t.parts = undefined
  parts.information.push(...block.information)
  if (parts.information.length > t.o.maxMessage) {
    discard(block, 'line-too-long', out)
    answer(t, 513, 'abandon', out)
  } else if (block.terminator !== ETX) {
    t.parts = parts
    paid(t.owed, key, block.lastByte)
    answer(t, 211, 'ack', out)
  } else {
    const page = tapPage(parts.information, parts.firstByte, block.lastByte)
    if (typeof page === 'number') {
      discard(block, 'block-malformed', out)
      answer(t, page, 'abandon', out)
    } else out.push({ kind: 'page', ref: owe(t.owed, key, block.lastByte), page })
  }
}

function expire(t: Terminal, at: Instant, out: LineEffect[]): void {
  const gone = blockDeadline(t)
  if (gone !== undefined && at >= gone) for (const heard of giveUpBlock(t.reader)) hear(t, heard, at, out)
  const { waiting } = t.owed
  if (waiting !== undefined && at >= waiting.since + t.o.session) {
    stopWaiting(t.owed)
    hearBytes(t, out, at)
  }
  if (t.phase === 'idle' || at < t.by || t.owed.waiting !== undefined || t.reader.block !== undefined) return
  if (t.phase === 'logon' && t.prompts < PROMPTS) prompt(t, at, out)
  else toIdle(t, out)
}

function blockDeadline(t: Terminal): Instant | undefined {
  if (t.reader.block === undefined) return undefined
  return t.reader.lastByte + (t.reader.doubt === 'none' ? t.o.interByte : t.o.pause)
}

function prompt(t: Terminal, at: Instant, out: LineEffect[]): void {
  if (t.phase === 'ready') toIdle(t, out)
  t.phase = 'logon'
  t.prompts += 1
  t.by = at + t.o.logonWait
  send(t, t.o.prompt, out)
}

function toIdle(t: Terminal, out: LineEffect[]): void {
  if (t.parts !== undefined)
    out.push({ kind: 'discard', bytes: Uint8Array.from(t.parts.information), fault: 'frame-interrupted' })
  t.parts = undefined
  t.phase = 'idle'
  t.prompts = 0
  t.checksumErrors = 0
  endSession(t.owed)
}

/** A message sequence: one line of code and text, then how it ends. Never LF, which one client's parser trips over. */
function answer(t: Terminal, code: TapCode, end: keyof typeof END, out: LineEffect[]): void {
  send(t, `${code} ${TAP_CODES[code]}\r${String.fromCharCode(...END[end])}\r`, out)
}

function send(t: Terminal, text: string, out: LineEffect[]): void {
  if (t.o.passive) return
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0))
  out.push({ kind: 'reply', bytes: dress(bytes, t.o.parity) })
}

function discard(
  block: TapBlock,
  fault: TapBlock['verdict'] | 'line-noise' | 'block-malformed',
  out: LineEffect[],
): void {
  if (fault !== 'good') out.push({ kind: 'discard', bytes: Uint8Array.from(block.information), fault })
}

function lose(heard: TapHeard, out: LineEffect[]): void {
  if (heard.kind === 'lost') out.push({ kind: 'discard', bytes: heard.bytes, fault: heard.fault })
}

function wake(t: Terminal, at: Instant, out: LineEffect[]): void {
  const due = [
    blockDeadline(t),
    t.owed.waiting && t.owed.waiting.since + t.o.session,
    t.phase === 'idle' || t.owed.waiting !== undefined || t.reader.block !== undefined ? undefined : t.by,
  ].filter((d) => d !== undefined)
  if (due.length > 0) out.push({ kind: 'wake', after: Math.max(1, Math.min(...due) - at) })
}
