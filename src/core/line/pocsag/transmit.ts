import type { Page } from '../../bleep/bleep.ts'
import type { Instant, Millis } from '../../instant.ts'
import { never } from '../../never.ts'
import { encodeTransmission, type PackedBits } from '../../pocsag/encode.ts'
import { enqueue, failAll } from '../kit/outgoing.ts'
import type { LineEffect, LineInput } from '../kit/protocol.ts'
import type { PocsagOptions } from './options.ts'

/**
 * We give bits to a transmitter's input. Nothing answers there, so a page counts as sent when its bits were given and
 * the time they take on the air has passed; only then comes the next.
 */
export interface Transmit {
  readonly role: 'transmit'
  readonly o: PocsagOptions
  readonly bitTime: Millis
  readonly queue: { readonly ref: number; readonly page: Page }[]
  sending: { readonly ref: number; readonly until: Instant } | undefined
}

export function startTransmit(o: PocsagOptions): Transmit {
  return { role: 'transmit', o, bitTime: 1000 / Number(o.baud), queue: [], sending: undefined }
}

/** One move of the transmitter's input; changes `t`, and what is to be done is put behind `out`. */
export function stepTransmit(t: Transmit, input: LineInput, out: LineEffect[]): void {
  switch (input.kind) {
    case 'send':
      enqueue(t.queue, input.ref, outgoing(input.ref, input.page), out)
      break
    case 'bytes':
      out.push({ kind: 'discard', bytes: input.bytes.slice(), fault: 'record-unmatched' })
      break
    case 'closed':
      close(t, out)
      return
    case 'opened':
    case 'silence':
    case 'stored':
    case 'refused':
    case 'status':
    case 'known':
      break
    default:
      never(input)
  }
  if (t.sending !== undefined && input.at >= t.sending.until) {
    out.push({ kind: 'sent', ref: t.sending.ref, outcome: 'taken' })
    t.sending = undefined
  }
  if (t.sending === undefined) next(t, input.at, out)
  if (t.sending !== undefined) out.push({ kind: 'wake', after: Math.max(1, t.sending.until - input.at) })
}

/** A transmitter knows pagers by their radio address alone. */
function outgoing(ref: number, page: Page): Transmit['queue'][number] | undefined {
  return page.to.scheme === 'ric' ? { ref, page } : undefined
}

function next(t: Transmit, at: Instant, out: LineEffect[]): void {
  const first = t.queue.shift()
  if (first?.page.to.scheme !== 'ric') return
  const { to, type, text } = first.page
  const { preambleBits, copies, charset, polarity } = t.o
  const inverted = polarity === 'inverted'
  const packed = encodeTransmission([{ ric: to.ric, function: to.fn, type, text }], {
    ...{ preambleBits, copies, charset, inverted },
  })
  out.push({ kind: 'reply', bytes: onTheLine(packed, t.o) })
  t.sending = { ref: first.ref, until: at + packed.bitCount * t.bitTime }
}

/** Once the line is gone nobody knows how far the bits came: each page may take another path. */
function close(t: Transmit, out: LineEffect[]): void {
  if (t.sending !== undefined) failAll([t.sending], 'no-answer', 'line-closed', out)
  t.sending = undefined
  failAll(t.queue, 'no-answer', 'line-closed', out)
}

/** Each bit once, or as many times as the line has samples; the first in the top bit of its byte or in the lowest. */
function onTheLine({ bits, bitCount }: PackedBits, o: PocsagOptions): Uint8Array {
  const times = o.input === 'oversampled' ? o.samplesPerBit : 1
  const bytes = new Uint8Array(Math.ceil((bitCount * times) / 8))
  for (let i = 0; i < bitCount * times; i++) {
    const bit = Math.floor(i / times)
    const isSet = ((bits[bit >>> 3]! >>> (7 - (bit & 7))) & 1) === 1
    if (isSet) bytes[i >>> 3]! |= o.bitOrder === 'msb' ? 0x80 >>> (i & 7) : 1 << (i & 7)
  }
  return bytes
}
