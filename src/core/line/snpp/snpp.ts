import { z } from 'zod'
import type { Instant } from '../../instant.ts'
import { never } from '../../never.ts'
import { utf8OrLatin1 } from '../kit/bytes.ts'
import { CR, LF } from '../kit/control-characters.ts'
import { type Arrival, draw, dropHeld, emptyHeld, type Held } from '../kit/held.ts'
import { refuse } from '../kit/outgoing.ts'
import type { LineEffect, LineInput, Protocol } from '../kit/protocol.ts'
import { type Draft, draftPages, editDraft, emptyDraft, setMessage } from './draft.ts'
import { verbOf } from './verbs.ts'

const SnppOptions = z.strictObject({
  /** Longest message, in characters. */
  maxMessage: z.number().int().min(80).max(16_384).default(4096),
  /** Most pagers one SEND may name. */
  maxPagers: z.number().int().min(1).max(100).default(20),
})
type SnppOptions = z.infer<typeof SnppOptions>

interface Snpp {
  readonly o: SnppOptions
  readonly held: Held
  nextRef: number
  line: number[]
  /** The line has outgrown its bound; the rest of it is dropped. */
  tooLong: boolean
  draft: Draft
  /** Text of a DATA section so far; kept one character beyond the longest message, to know that it is too long. */
  data: string | undefined
  /** Pages of the last SEND whose storing is not answered; the answer follows when none is left. */
  waiting: number[]
  refused: boolean
  ended: boolean
  /** Arrival of the first byte since the last SEND. */
  firstByte: Instant | undefined
}

/** Bytes of one line that are kept. RFC 1861 names no limit; its clients send far less. */
const MAX_LINE = 20_000

/**
 * Simple Network Paging Protocol, levels 1 and 2 (RFC 1861): a cheap way to inject pages. It knows no real
 * authentication and no encryption, so its listener belongs on the loopback address.
 */
export const snpp: Protocol<Snpp, SnppOptions> = {
  id: 'snpp',
  traits: { side: 'link', callers: true, networked: true },
  options: SnppOptions,
  listensOnly: () => false,
  start: (o) => ({
    o,
    held: emptyHeld(),
    nextRef: 1,
    line: [],
    tooLong: false,
    draft: emptyDraft(),
    data: undefined,
    waiting: [],
    refused: false,
    ended: false,
    firstByte: undefined,
  }),
  step(s, input) {
    const out: LineEffect[] = []
    use(s, input, out)
    return [s, out]
  },
}

function use(s: Snpp, input: LineInput, out: LineEffect[]): void {
  switch (input.kind) {
    case 'opened':
      reset(s)
      say(out, '220 Bleep Bridge SNPP ready')
      break
    case 'closed':
      if (s.line.length > 0)
        out.push({ kind: 'discard', bytes: Uint8Array.from(s.line), fault: 'frame-interrupted' })
      reset(s)
      break
    case 'bytes':
      listen(s, out, input)
      break
    case 'stored':
    case 'refused':
      storeAnswered(s, input.kind, input.ref, out)
      listen(s, out)
      break
    case 'send':
      refuse(input.ref, 'role-cannot-send', out)
      break
    case 'silence':
    case 'status':
    case 'known':
      break
    default:
      never(input)
  }
}

function reset(s: Snpp): void {
  dropHeld(s.held)
  s.line = []
  s.tooLong = false
  s.draft = emptyDraft()
  s.data = undefined
  s.waiting = []
  s.refused = false
  s.ended = false
  s.firstByte = undefined
}

function listen(s: Snpp, out: LineEffect[], fresh?: Arrival): void {
  for (const { byte, at, began } of draw(s.held, () => s.waiting.length === 0, out, fresh))
    take(s, byte, at, began, out)
}

function take(s: Snpp, byte: number, at: Instant, began: Instant, out: LineEffect[]): void {
  if (s.ended) return
  s.firstByte ??= began
  if (byte !== LF) {
    if (s.line.length < MAX_LINE) s.line.push(byte)
    else s.tooLong = true
    return
  }
  if (s.line.at(-1) === CR) s.line.pop()
  const bytes = Uint8Array.from(s.line)
  const text = utf8OrLatin1(bytes)
  s.line = []
  if (s.tooLong) out.push({ kind: 'discard', bytes, fault: 'line-too-long' })
  if (s.data !== undefined) dataLine(s, s.data, text, out)
  else if (s.tooLong) say(out, '500 Line is too long')
  else command(s, text, at, out)
  s.tooLong = false
}

function command(s: Snpp, line: string, at: Instant, out: LineEffect[]): void {
  const [word = '', rest = ''] = line.trim().split(/[ \t]+(.*)/s)
  const verb = verbOf(word)
  const argument = rest.trim()
  const edited = verb && editDraft(s.draft, verb, argument, s.o)
  if (edited !== undefined) say(out, edited)
  else if (verb === 'SEND') send(s, at, out)
  else if (verb === 'DATA') {
    if (s.draft.message === undefined) s.data = ''
    say(
      out,
      s.data === undefined
        ? '503 Message is already given'
        : '354 Begin the message, end it with a dot alone on a line',
    )
  } else if (verb === 'RESE') {
    s.draft = emptyDraft()
    s.firstByte = undefined
    say(out, '250 Reset')
  } else if (verb === 'QUIT') {
    s.ended = true
    say(out, '221 Goodbye')
    out.push({ kind: 'hang-up' })
  } else say(out, (verb && REPLIES[verb]) ?? '500 Command is not known here')
}

/** Commands whose reply never changes. */
const REPLIES: Readonly<Record<string, string>> = {
  LOGI: '250 No log-in is needed',
  HELP: '214 PAGE MESS DATA SEND RESE QUIT HELP LOGI LEVE ALER COVE HOLD CALL SUBJ\r\n250 End of help',
}

/** Lines until a dot stands alone; a leading dot was doubled by the sender. */
function dataLine(s: Snpp, data: string, line: string, out: LineEffect[]): void {
  if (line !== '.') {
    const text = line.startsWith('..') ? line.slice(1) : line
    s.data = `${data}${text}\n`.slice(0, s.o.maxMessage + 2)
    return
  }
  s.data = undefined
  say(out, setMessage(s.draft, data.slice(0, -1), s.o))
}

/** 250 only once every page of this SEND is stored. */
function send(s: Snpp, at: Instant, out: LineEffect[]): void {
  const pages = draftPages(s.draft, s.firstByte ?? at, at)
  if (typeof pages === 'string') {
    say(out, pages)
    return
  }
  for (const page of pages) {
    const ref = s.nextRef++
    s.waiting.push(ref)
    out.push({ kind: 'page', ref, page })
  }
  s.draft = emptyDraft()
  s.firstByte = undefined
}

function storeAnswered(s: Snpp, outcome: 'stored' | 'refused', ref: number, out: LineEffect[]): void {
  if (!s.waiting.includes(ref)) return
  s.waiting = s.waiting.filter((w) => w !== ref)
  if (outcome === 'refused') s.refused = true
  if (s.waiting.length > 0) return
  say(out, s.refused ? '554 Not stored, send again later' : '250 Page accepted')
  s.refused = false
}

function say(out: LineEffect[], text: string): void {
  out.push({ kind: 'reply', bytes: new TextEncoder().encode(`${text}\r\n`) })
}
