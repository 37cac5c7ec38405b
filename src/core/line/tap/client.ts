import type { Page } from '../../bleep/bleep.ts'
import type { FaultCode } from '../../faults.ts'
import type { Instant } from '../../instant.ts'
import { never } from '../../never.ts'
import { dress, undress } from '../kit/byte-to-text.ts'
import { ACK, CR, EOT, NAK, RS } from '../kit/control-characters.ts'
import { answers, enqueue, failAll, mayRepeat, type Said, said } from '../kit/outgoing.ts'
import type { LineEffect, LineInput } from '../kit/protocol.ts'
import { encodeTapBlocks } from './block.ts'
import type { TapOptions } from './options.ts'

/** We send pages to somebody else's paging terminal: one log-on, the pages that wait, one log-out. */
export interface Client extends Said {
  readonly role: 'client'
  readonly o: TapOptions
  /**
   * What is awaited: the prompt, the log-on's ACK, the go-ahead, the answer to a block, or, after a repetition, that
   * a second answer to it has passed.
   */
  phase: 'idle' | 'prompt' | 'logon' | 'go-ahead' | 'block' | 'pause'
  /** What the terminal said since our last step; bounded. */
  heard: string
  readonly queue: { readonly ref: number; readonly blocks: readonly Uint8Array[]; next: number }[]
}

const KEPT = 256

export function startClient(o: TapOptions): Client {
  return { role: 'client', o, phase: 'idle', sends: 0, by: 0, spoke: 0, heard: '', queue: [] }
}

/** One move of the client that dials in and hands over pages; changes `c`, and what is to be done is put behind `out`. */
export function stepClient(c: Client, input: LineInput, out: LineEffect[]): void {
  switch (input.kind) {
    case 'send':
      enqueue(c.queue, input.ref, outgoing(input.ref, input.page), out)
      if (c.phase === 'idle') begin(c, input.at, out)
      break
    case 'bytes':
      if (c.phase !== 'idle' && input.at >= c.by) missed(c, input.at, out)
      for (const byte of input.bytes) hear(c, undress(byte, c.o.parity) & 0x7f, input.at, out)
      break
    case 'silence':
      if (c.phase !== 'idle' && input.at >= c.by) missed(c, input.at, out)
      break
    case 'closed':
      giveUp(c, 'no-answer', 'peer-silent', out)
      return
    case 'opened':
    case 'stored':
    case 'refused':
    case 'status':
    case 'known':
      break
    default:
      never(input)
  }
  if (c.phase !== 'idle') out.push({ kind: 'wake', after: Math.max(1, c.by - input.at) })
}

/** TAP knows pagers by their number alone. */
function outgoing(ref: number, page: Page): Client['queue'][number] | undefined {
  const number = page.to.scheme === 'number' ? page.to.number : ''
  if (number === '') return undefined
  return { ref, blocks: encodeTapBlocks([number, page.text.replaceAll('\n', ' ')]), next: 0 }
}

function begin(c: Client, at: Instant, out: LineEffect[]): void {
  if (c.queue.length === 0) return
  if (c.o.logon === 'required') take(c, 'prompt', at, out)
  else take(c, 'block', at, out)
}

/** Goes to a step and sends what it begins with; the same step again is a repetition. */
function take(c: Client, phase: Exclude<Client['phase'], 'idle'>, at: Instant, out: LineEffect[]): void {
  if (c.phase !== phase) c.sends = 0
  c.phase = phase
  c.heard = ''
  said(c, at, phase === 'prompt' || phase === 'pause' ? c.o.wakeEvery : c.o.answer)
  if (phase === 'prompt') send(c, [CR], out)
  else if (phase === 'logon') send(c, `\x1bPG1${c.o.password ?? ''}\r`, out)
  else if (phase === 'block') {
    const page = c.queue[0]!
    send(c, page.blocks[page.next]!, out)
  }
}

function hear(c: Client, character: number, at: Instant, out: LineEffect[]): void {
  if (c.phase === 'idle') return
  const disconnected = character === EOT && c.heard.endsWith('\x1b')
  c.heard = (c.heard + String.fromCharCode(character)).slice(-KEPT)
  if (disconnected) giveUp(c, 'refused', 'block-refused', out)
  else if (c.phase === 'prompt') {
    if (c.heard.endsWith('ID=')) take(c, 'logon', at, out)
  } else if (c.phase === 'go-ahead') {
    if (c.heard.endsWith('\x1b[p')) take(c, 'block', at, out)
  } else if (c.phase === 'pause' || (c.phase === 'block' && !answers(c, at))) return
  else if (character === ACK) acknowledged(c, at, out)
  else if (character === NAK) missed(c, at, out)
  else if (character === RS && c.phase === 'block') done(c, 'refused', at, out)
}

function acknowledged(c: Client, at: Instant, out: LineEffect[]): void {
  if (c.phase === 'logon') {
    take(c, 'go-ahead', at, out)
    return
  }
  const page = c.queue[0]!
  page.next += 1
  if (page.next === page.blocks.length) done(c, 'taken', at, out)
  else {
    c.sends = 0
    take(c, 'block', at, out)
  }
}

/** A NAK, or no answer in time: the step is sent again while it may be. */
function missed(c: Client, at: Instant, out: LineEffect[]): void {
  if (c.phase === 'pause') take(c, 'block', at, out)
  else if (c.phase !== 'idle' && c.phase !== 'go-ahead' && mayRepeat(c)) take(c, c.phase, at, out)
  else if (c.heard.includes('\x15')) giveUp(c, 'refused', 'block-refused', out)
  else giveUp(c, 'no-answer', 'peer-silent', out)
}

/** One page has its answer: the next, or goodbye. */
function done(c: Client, outcome: 'taken' | 'refused', at: Instant, out: LineEffect[]): void {
  const { ref } = c.queue.shift()!
  out.push({ kind: 'sent', ref, outcome, ...(outcome === 'refused' && { fault: 'block-refused' as const }) })
  const repeated = c.sends > 1
  c.sends = 0
  if (c.queue.length > 0) take(c, repeated ? 'pause' : 'block', at, out)
  else {
    c.phase = 'idle'
    if (c.o.logon === 'required') send(c, [EOT, CR], out)
  }
}

/** The terminal is gone or sent us away: every waiting page fails, so that each can take another path. */
function giveUp(c: Client, outcome: 'refused' | 'no-answer', fault: FaultCode, out: LineEffect[]): void {
  failAll(c.queue, outcome, fault, out)
  c.phase = 'idle'
}

function send(c: Client, characters: string | Iterable<number>, out: LineEffect[]): void {
  const bytes =
    typeof characters === 'string'
      ? Uint8Array.from(characters, (ch) => ch.charCodeAt(0))
      : Uint8Array.from(characters)
  out.push({ kind: 'reply', bytes: dress(bytes, c.o.parity) })
}
