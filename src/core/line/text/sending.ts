import type { Page } from '../../bleep/bleep.ts'
import type { Instant } from '../../instant.ts'
import { dress } from '../kit/byte-to-text.ts'
import { refuse } from '../kit/outgoing.ts'
import type { Compiled } from '../kit/pattern.ts'
import type { LineEffect } from '../kit/protocol.ts'
import type { TextOptions } from './options.ts'
import { sendBytes } from './send.ts'

/** The pages that go out over a link of text records, and the answer that the one under way waits for. */
export interface Sending {
  readonly options: TextOptions
  readonly taken?: Compiled
  readonly refused?: Compiled
  sending?: { ref: number; heard: string; until: Instant }
  readonly queue: { readonly ref: number; readonly page: Page }[]
}

/** Sends what waits, one page at a time, as long as no answer is awaited. */
export function sendNext(state: Sending, now: Instant, out: LineEffect[]): void {
  while (!state.sending) {
    const next = state.queue.shift()
    if (!next) return
    if (state.options.passive) {
      refuse(next.ref, 'line-listen-only', out)
      continue
    }
    const bytes = sendBytes(next.page, state.options)
    if (!bytes.ok) {
      refuse(next.ref, bytes.fault.code, out)
      continue
    }
    out.push({ kind: 'reply', bytes: dress(bytes.value, state.options.framing.parity) })
    const within = state.options.send?.answer?.within
    if (within === undefined) out.push({ kind: 'sent', ref: next.ref, outcome: 'taken' })
    else state.sending = { ref: next.ref, heard: '', until: now + within }
  }
}

const OUTCOME_FAULT = {
  taken: {},
  refused: { fault: 'block-refused' },
  'no-answer': { fault: 'peer-silent' },
} as const

/** The page being sent has its answer, or none within its time; the next follows. */
export function finish(
  state: Sending,
  outcome: 'taken' | 'refused' | 'no-answer',
  at: Instant,
  out: LineEffect[],
): void {
  const ref = state.sending?.ref
  delete state.sending
  if (ref !== undefined) out.push({ kind: 'sent', ref, outcome, ...OUTCOME_FAULT[outcome] })
  sendNext(state, at, out)
}
