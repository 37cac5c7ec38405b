import type { Page } from '../../bleep/bleep.ts'
import { dress } from '../kit/byte-to-text.ts'
import { ACK, NAK } from '../kit/control-characters.ts'
import type { LineEffect } from '../kit/protocol.ts'
import { isResend, type Owed, owe, paid } from '../kit/session.ts'
import { parseBlock } from './block.ts'
import type { EspaOptions } from './options.ts'
import type { Block } from './reader.ts'
import { type EspaFields, HEADER } from './records.ts'

/** The longest call address that is taken: ESPA 4.4.4 allows 16 characters. A longer one is refused, never cut. */
const MAX_ADDRESS = 32

/** Prefixes of a negative reply. */
export const ERROR = { transmission: '1', busy: '2', notUnderstood: '3' } as const

/** Puts characters on the wire, with the line's parity. */
export function reply(out: LineEffect[], o: EspaOptions, characters: readonly number[] | string): void {
  const bytes =
    typeof characters === 'string'
      ? Uint8Array.from(characters, (c) => c.charCodeAt(0))
      : Uint8Array.from(characters)
  out.push({ kind: 'reply', bytes: dress(bytes, o.parity) })
}

/** Refuses, with the prefix that says why (`ERROR`). */
export function nak(out: LineEffect[], o: EspaOptions, error: string): void {
  reply(out, o, error + String.fromCharCode(NAK))
}

/**
 * Answers a block meant for us at once where it can. A call becomes a page and is answered once it is stored.
 * Gives the fields of a block that is not a call, so that the caller may act on a status request.
 */
export function offer(owed: Owed, o: EspaOptions, block: Block, out: LineEffect[]): EspaFields | undefined {
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
  if (isResend(owed, key, block.lastByte, o.session)) {
    paid(owed, key, block.lastByte)
    out.push({ kind: 'note', reason: 'resend-dropped' })
    reply(out, o, [ACK])
    return undefined
  }
  if (page !== undefined) {
    out.push({ kind: 'page', ref: owe(owed, key, block.lastByte), page })
    return undefined
  }
  paid(owed, key, block.lastByte)
  out.push({ kind: 'heard', fields })
  reply(out, o, [ACK])
  return fields
}

/** The answer a waiting sender hears once the store has spoken. */
export function answerStored(o: EspaOptions, outcome: 'stored' | 'refused', out: LineEffect[]): void {
  if (outcome === 'stored') reply(out, o, [ACK])
  else nak(out, o, ERROR.busy)
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
