import type { Instant } from '../../instant.ts'
import { ENQ } from '../kit/control-characters.ts'
import { answers, mayRepeat, type Said, said } from '../kit/outgoing.ts'
import type { LineEffect } from '../kit/protocol.ts'
import { ERROR, reply } from './intake.ts'
import type { EspaOptions } from './options.ts'
import type { Heard } from './reader.ts'

/** One block on its way out while we are temporary master: select, block, up to two repetitions. */
export interface Dialogue extends Said {
  readonly block: Uint8Array
  phase: 'select' | 'block'
}

/** How a dialogue ended; the caller gives the line back with EOT. */
export type Ending = 'taken' | 'refused' | 'busy' | 'no-answer'

/** Selects the station; `before` is sent in the same write (EOT and self-poll of a control station). */
export function select(
  o: EspaOptions,
  station: string,
  block: Uint8Array,
  at: Instant,
  out: LineEffect[],
  before = '',
): Dialogue {
  reply(out, o, `${before}${station}${String.fromCharCode(ENQ)}`)
  return { block, phase: 'select', sends: 0, spoke: at, by: at + o.answer }
}

/** Takes what the station said. EOT is ignored: some peers send it with every ACK. */
export function hearReply(
  d: Dialogue,
  o: EspaOptions,
  heard: Heard,
  at: Instant,
  out: LineEffect[],
): Ending | undefined {
  if (!answers(d, at)) return undefined
  if (heard.kind === 'ack') {
    if (d.phase === 'block') return 'taken'
    d.phase = 'block'
    return sendBlock(d, o, at, out)
  }
  if (heard.kind !== 'nak') return undefined
  const error = heard.prefix.trim()
  if (error === ERROR.notUnderstood) return 'refused'
  if (d.phase === 'select' || error === ERROR.busy) return 'busy'
  return mayRepeat(d) ? sendBlock(d, o, at, out) : 'refused'
}

/** The reply did not come in time. */
export function missReply(d: Dialogue, o: EspaOptions, at: Instant, out: LineEffect[]): Ending | undefined {
  if (d.phase === 'select' || !mayRepeat(d)) return 'no-answer'
  return sendBlock(d, o, at, out)
}

function sendBlock(d: Dialogue, o: EspaOptions, at: Instant, out: LineEffect[]): undefined {
  said(d, at, o.answer)
  reply(out, o, [...d.block])
}
