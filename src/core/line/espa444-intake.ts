import type { Page } from '../bleep/bleep.ts'
import type { Instant, Millis } from '../instant.ts'
import { ACK, NAK } from './control-characters.ts'
import { parseBlock } from './espa444-block.ts'
import type { EspaOptions } from './espa444-options.ts'
import type { Block } from './espa444-reader.ts'
import { type EspaFields, HEADER } from './espa444-records.ts'
import { dress } from './parity.ts'
import type { LineEffect } from './protocol.ts'

/** Longest call address taken; the publication says 16. A longer one is refused, never cut. */
const MAX_ADDRESS = 32
/** How long a block that was never acknowledged is remembered beyond its session. */
const UNANSWERED_FOR: Millis = 60_000

export const ERROR = { transmission: '1', busy: '2', notUnderstood: '3' } as const

/** Judges the blocks meant for us and answers them; knows which page waits to be stored and which block came last. */
export interface Intake {
  nextRef: number
  /** The block given out as a page whose storing is not settled: nothing more is read until it is. */
  waiting: Unsettled | undefined
  /** A page we stopped waiting for; its store may still answer. */
  late: Unsettled | undefined
  /** The last good block: a copy of it in the same session is a resend, because the line has no sequence numbers. */
  last: { key: string; at: Instant; answered: boolean; sameSession: boolean } | undefined
}

interface Unsettled {
  readonly ref: number
  readonly key: string
  readonly since: Instant
}

export function startIntake(): Intake {
  return { nextRef: 1, waiting: undefined, late: undefined, last: undefined }
}

export function reply(out: LineEffect[], o: EspaOptions, characters: readonly number[] | string): void {
  const bytes =
    typeof characters === 'string'
      ? Uint8Array.from(characters, (c) => c.charCodeAt(0))
      : Uint8Array.from(characters)
  out.push({ kind: 'reply', bytes: dress(bytes, o.parity) })
}

export function nak(out: LineEffect[], o: EspaOptions, error: string): void {
  reply(out, o, error + String.fromCharCode(NAK))
}

/**
 * Answers a block at once where it can; a call becomes a page and is answered by `settle`.
 * Gives the fields of a block that is not a call, so that the caller may act on a status request.
 */
export function offer(k: Intake, o: EspaOptions, block: Block, out: LineEffect[]): EspaFields | undefined {
  if (block.verdict !== 'good') {
    out.push({ kind: 'discard', bytes: block.bytes, fault: block.verdict })
    nak(out, o, block.verdict === 'line-too-long' ? ERROR.notUnderstood : ERROR.transmission)
    return undefined
  }
  const fields = parseBlock(block.bytes, o.charset)
  const page = fields && pageOf(fields, block)
  if (fields === undefined || (page === undefined && fields.header === HEADER.callToPager)) {
    out.push({ kind: 'discard', bytes: block.bytes, fault: 'block-malformed' })
    nak(out, o, ERROR.notUnderstood)
    return undefined
  }
  const key = String.fromCharCode(...block.bytes)
  if (isResend(k, key, block.lastByte)) {
    k.last = { key, at: block.lastByte, answered: true, sameSession: true }
    out.push({ kind: 'note', reason: 'resend-dropped' })
    reply(out, o, [ACK])
    return undefined
  }
  if (page === undefined) {
    k.last = { key, at: block.lastByte, answered: true, sameSession: true }
    out.push({ kind: 'heard', fields })
    reply(out, o, [ACK])
    return fields
  }
  const ref = k.nextRef++
  k.waiting = { ref, key, since: block.lastByte }
  out.push({ kind: 'page', ref, page })
  return undefined
}

/**
 * The store has answered. Only a stored page is acknowledged, and only while its sender still waits: after that the
 * block is remembered as unanswered, so that its repetition is acknowledged without becoming a second call.
 */
export function settle(
  k: Intake,
  o: EspaOptions,
  outcome: 'stored' | 'refused',
  ref: number,
  peerSpoke: Instant | undefined,
  out: LineEffect[],
): void {
  if (k.late?.ref === ref) {
    const { key, since } = k.late
    k.late = undefined
    if (outcome === 'stored') k.last = { key, at: since, answered: false, sameSession: false }
    return
  }
  const w = k.waiting
  if (w === undefined || w.ref !== ref) return
  k.waiting = undefined
  const inTime = peerSpoke === undefined || peerSpoke < w.since + o.patience
  if (outcome === 'refused') {
    if (inTime) nak(out, o, ERROR.busy)
    return
  }
  k.last = { key: w.key, at: w.since, answered: inTime, sameSession: true }
  if (inTime) reply(out, o, [ACK])
}

/** The sender is gone or the store is stuck: read on without this page's answer. */
export function stopWaiting(k: Intake): void {
  k.late = k.waiting ?? k.late
  k.waiting = undefined
}

/** EOT, or silence: the same block again is a new call, unless the last one was stored but never acknowledged. */
export function endSession(k: Intake): void {
  if (k.last !== undefined) k.last.sameSession = false
}

function isResend(k: Intake, key: string, at: Instant): boolean {
  const last = k.last
  if (last === undefined || last.key !== key) return false
  return last.answered ? last.sameSession : at - last.at < UNANSWERED_FOR
}

/** A call to a pager; undefined for any other block, and for a call that names nobody. */
export function pageOf(fields: EspaFields, block: Block): Page | undefined {
  if (fields.header !== HEADER.callToPager) return undefined
  const number = fields.callAddress?.trim() ?? ''
  if (number === '' || number.length > MAX_ADDRESS) return undefined
  const text = fields.displayMessage ?? ''
  return {
    to: { scheme: 'number', number },
    type: text === '' ? 'tone' : 'alpha',
    text,
    quality: 'clean',
    corrected: 0,
    fields,
    firstByte: block.firstByte,
    lastByte: block.lastByte,
  }
}
