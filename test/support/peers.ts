import type { Page } from '../../src/core/bleep/bleep.ts'
import type { LineInput } from '../../src/core/line/kit/protocol.ts'
import { openLine } from './score.ts'

/** What the wire between two peers does to one write: undefined loses it altogether. */
export type Wire = (bytes: Uint8Array) => Uint8Array | undefined

/** How long the taking side's store needs for a page, and whether it manages. */
export interface StoreFate {
  readonly after: number
  readonly good: boolean
}

export interface Account {
  /** Texts that the store kept, in order, repetitions included. */
  readonly stored: string[]
  /** Outcome of each page by its text. */
  readonly outcomes: ReadonlyMap<string, string>
}

interface Event {
  readonly at: number
  readonly side: 0 | 1
  readonly input: LineInput
  /** A wake-up counts only if no later one has replaced it. */
  readonly wake?: number
}

/** Time a write takes to arrive. */
const TRANSIT = 30

/**
 * Two of our own machines talking to each other over a bad wire, on a virtual clock: side 0 sends pages out, side 1
 * takes them. Ends when nothing is due any more or after `limit` milliseconds.
 */
export function converse(
  sender: readonly [string, Readonly<Record<string, unknown>>],
  taker: readonly [string, Readonly<Record<string, unknown>>],
  texts: readonly string[],
  wire: Wire,
  fate: () => StoreFate,
  limit: number,
): Account {
  const lines = [openLine(...sender), openLine(...taker)] as const
  const wakes: [number, number] = [0, 0]
  const stored: string[] = []
  const outcomes = new Map<string, string>()
  const events: Event[] = [
    { at: 0, side: 0, input: { kind: 'opened', at: 0 } },
    { at: 0, side: 1, input: { kind: 'opened', at: 0 } },
    ...texts.map(
      (text, i): Event => ({ at: 1, side: 0, input: { kind: 'send', ref: i, page: call(text), at: 1 } }),
    ),
  ]
  while (events.length > 0) {
    const next = events.reduce((first, e) => (e.at < first.at ? e : first))
    events.splice(events.indexOf(next), 1)
    if (next.at > limit) break
    if (next.wake !== undefined && next.wake !== wakes[next.side]) continue
    perform(next)
  }
  return { stored, outcomes }

  function perform({ at, side, input }: Event): void {
    wakes[side] += 1
    for (const effect of lines[side].step(input)) {
      if (effect.kind === 'wake')
        events.push({
          at: at + effect.after,
          side,
          input: { kind: 'silence', at: at + effect.after },
          wake: wakes[side],
        })
      else if (effect.kind === 'sent') outcomes.set(texts[effect.ref]!, effect.outcome)
      else if (effect.kind === 'reply') {
        const bytes = wire(effect.bytes)
        const to = side === 0 ? 1 : 0
        if (bytes !== undefined)
          events.push({ at: at + TRANSIT, side: to, input: { kind: 'bytes', bytes, at: at + TRANSIT } })
      } else if (effect.kind === 'page') {
        const { after, good } = fate()
        if (good) stored.push(effect.page.text)
        const settled = { ref: effect.ref, at: at + after }
        events.push({
          at: settled.at,
          side,
          input: good
            ? { kind: 'stored', ...settled }
            : { kind: 'refused', ...settled, fault: 'send-queue-full' },
        })
      }
    }
  }
}

function call(text: string): Page {
  return {
    to: { scheme: 'number', number: '1234' },
    type: 'alpha',
    text,
    quality: 'clean',
    corrected: 0,
    fields: {},
    firstByte: 0,
    lastByte: 0,
  }
}
