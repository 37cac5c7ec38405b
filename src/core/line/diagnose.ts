import type { Page } from '../bleep/bleep.ts'
import { say } from '../catalogue/say.ts'
import { given } from '../given.ts'
import type { Instant } from '../instant.ts'
import type { LineEffect } from './kit/protocol.ts'
import { count, type Readings, startReadings } from './readings.ts'
import type { Line } from './registry.ts'

/** What a port heard, in order. */
export interface HeardChunk {
  readonly bytes: Uint8Array
  readonly at: Instant
}

/**
 * How bit 7 behaves over many characters. Read as 8 data bits without parity, it shows which parity a 7-bit sender
 * uses.
 */
export type Bit7 = 'clear' | 'even' | 'odd' | 'set' | 'data'

export interface Anatomy {
  readonly count: number
  /** Share of characters, bit 7 aside, that are printable or controls which line protocols use; 0 to 1. */
  readonly legible: number
  /** Share that are plain text: printable, or the end of a line; 0 to 1. A bit 7 that follows no parity is no text. */
  readonly text: number
  readonly bit7: Bit7
}

/** Controls that line protocols use: SOH STX ETX EOT ENQ ACK, HT LF FF CR, NAK, ETB, SUB, ESC, RS, US. */
const USED_CONTROLS = new Set([
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x09, 0x0a, 0x0c, 0x0d, 0x15, 0x17, 0x1a, 0x1b, 0x1e, 0x1f,
])

/** HT LF FF CR. */
const LAYOUT = new Set([0x09, 0x0a, 0x0c, 0x0d])

/** A few flipped bits must not hide a parity: so much of the characters must agree. */
const AGREED = 0.97

/**
 * Looks at the characters themselves, before any protocol does. Where most of them make no sense, a parity found
 * among them is chance.
 */
export function anatomy(bytes: Uint8Array): Anatomy {
  const count = bytes.length
  if (count === 0) return { count, legible: 0, text: 0, bit7: 'clear' }
  let legible = 0
  let text = 0
  let plain = 0
  let even = 0
  let set = 0
  for (const byte of bytes) {
    const character = byte & 0x7f
    const printable = character >= 0x20 && character < 0x7f
    if (printable || USED_CONTROLS.has(character)) legible += 1
    if (printable || LAYOUT.has(character)) {
      text += 1
      if (byte < 0x80) plain += 1
    }
    if (onesOf(byte) % 2 === 0) even += 1
    if (byte >= 0x80) set += 1
  }
  const seen = legible >= count / 2 || set === 0 ? bit7(even / count, set / count) : 'data'
  return { count, legible: legible / count, text: (seen === 'data' ? plain : text) / count, bit7: seen }
}

function bit7(even: number, set: number): Bit7 {
  if (set === 0) return 'clear'
  if (set === 1) return 'set'
  if (even >= AGREED) return 'even'
  if (even <= 1 - AGREED) return 'odd'
  return 'data'
}

function onesOf(byte: number): number {
  let ones = 0
  for (let rest = byte; rest > 0; rest &= rest - 1) ones += 1
  return ones
}

/** How well one profile explains what was heard. */
export interface Trial {
  /** Pages, call records and signs of life such as polls. */
  readonly pages: number
  /** Pages that name whom they are for by a number, not by the profile's own default. */
  readonly named: number
  readonly calls: number
  readonly signs: number
  /** Share of the bytes that fitted something; 0 to 1. */
  readonly explained: number
  /** Share of the records that fitted, of a protocol of records; else the share of the bytes. */
  readonly rate: number
  /** One page or call record as it would be shown, for a person to compare with what was sent. */
  readonly example?: string
  /** What is wrong with the signal, where it was read all the same. */
  readonly signal?: Readings['fault']
}

/** A pause this long between two chunks counts as silence for the protocol. */
const PAUSE = 300

/** Runs a line over what was heard. Every page counts as stored; nothing it says is sent anywhere. */
export function tryLine(line: Line, heard: readonly HeardChunk[]): Trial {
  let pages = 0
  let named = 0
  let calls = 0
  let signs = 0
  let discarded = 0
  let fits = 0
  let misses = 0
  let example: string | undefined
  const readings = startReadings()
  const use = (effects: readonly LineEffect[], at: Instant): void => {
    for (const effect of effects) {
      if (effect.kind === 'page') {
        if (effect.improves === undefined) {
          pages += 1
          fits += 1
          example ??= exampleOf(effect.page)
          if (/\d/.test(effect.page.fields.address ?? effect.page.fields.pagerId ?? '')) named += 1
        }
        use(line.step({ kind: 'stored', ref: effect.ref, at }), at)
      } else if (effect.kind === 'heard') signs += 1
      else if (effect.kind === 'call') {
        calls += 1
        fits += 1
        example ??= say('cli.pageIsCall', {
          from: effect.printed.from || say('cli.pageToNobody'),
          to: effect.printed.to || say('cli.pageToNobody'),
        })
      } else if (effect.kind === 'discard') {
        discarded += effect.bytes.length
        if (effect.fault === 'record-unmatched') misses += 1
      } else if (effect.kind === 'note' && effect.reason === 'noise-line') fits += effect.count ?? 1
      else if (effect.kind === 'checked') count(readings, effect)
      else if (effect.kind === 'note' && SIGNS.has(effect.reason)) signs += effect.count ?? 1
    }
  }
  let last = heard[0]?.at ?? 0
  use(line.step({ kind: 'opened', at: last }), last)
  for (const { bytes, at } of heard) {
    if (at - last >= PAUSE) use(line.step({ kind: 'silence', at }), at)
    use(line.step({ kind: 'bytes', bytes, at }), at)
    last = at
  }
  use(line.step({ kind: 'silence', at: last + PAUSE }), last + PAUSE)
  use(line.step({ kind: 'closed', at: last + PAUSE }), last + PAUSE)
  const total = heard.reduce((sum, chunk) => sum + chunk.bytes.length, 0)
  const explained = total === 0 ? 0 : Math.max(0, 1 - discarded / total)
  const rate = fits + misses === 0 ? explained : fits / (fits + misses)
  return { pages, named, calls, signs, explained, rate, ...given({ example, signal: readings.fault }) }
}

function exampleOf({ to, text, type, quality }: Page): string {
  const whom =
    to.scheme === 'ric'
      ? say('cli.pageToRic', { ric: to.ric, fn: to.fn })
      : say('cli.pageToNumber', { number: to.number })
  return say('cli.pageSummary', {
    type,
    whom,
    what: text === '' ? '' : `: ${text}`,
    what2: quality === 'clean' ? '' : ` (${quality})`,
  })
}

/** Notes that only the right protocol makes. */
const SIGNS: ReadonlySet<string> = new Set(['heartbeat', 'resend-dropped', 'sync-found'])

/** Higher is a better explanation; 0 when the profile found nothing of its own in the bytes. */
export function score(trial: Trial): number {
  const found = trial.pages + trial.calls + trial.signs
  return found === 0 ? 0 : Math.min(trial.explained, trial.rate) + Math.min(found, 10) / 100
}
