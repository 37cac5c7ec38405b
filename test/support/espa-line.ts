import { encodeBlock } from '../../src/core/line/espa444/block.ts'
import { hex, openLine } from './score.ts'

/** How the paging system answers a block: at once, not before the block was sent again, with a refusal, or never. */
export type Fate = 'ack' | 'ack-lost' | 'nak-then-ack' | 'refused' | 'silent'

export const COUNTS: readonly Fate[] = ['ack', 'ack-lost', 'nak-then-ack']

export interface Call {
  readonly text: string
  readonly fate: Fate
  /** A refusal without the digit that says why. */
  readonly bare?: boolean
  /** How often the switchboard offers a block at most. */
  readonly sends?: number
  /** Milliseconds from its EOT to the next call. */
  readonly gap?: number
}

/** A byte whose last bit was on the wire at `at`. */
export interface Timed {
  readonly at: number
  readonly wire: 'a' | 'b'
  readonly byte: number
}

/** One character at 9600 baud, and how long the switchboard waits for an answer before it repeats a block. */
export const CHARACTER = 1
const PATIENCE = 2000

/** What goes over both directions of the line while calls are made, one after the other. `thought`: before an answer. */
export function dialogue(calls: readonly Call[], start = 0, thought = 4): Timed[] {
  const out: Timed[] = []
  let now = start
  const say = (wire: 'a' | 'b', bytes: Iterable<number>) => {
    for (const byte of bytes) {
      now += CHARACTER
      out.push({ at: now, wire, byte })
    }
    now += thought
  }
  for (const { text, fate, bare = false, sends = 3, gap = 200 } of calls) {
    const block = encodeBlock({ header: '1', callAddress: '7', displayMessage: text })
    say('a', hex('04 31 05 32 05'))
    say('b', hex('06'))
    for (let n = 1; n <= sends; n++) {
      say('a', block)
      const taken = fate === 'ack' || (fate === 'nak-then-ack' && n === 2)
      // A lost ACK was sent, and heard by the tap, but not by the switchboard.
      if (taken || fate === 'ack-lost') say('b', hex('06'))
      else if (fate !== 'silent') say('b', hex(bare ? '15' : '31 15'))
      if (taken) break
      if (fate === 'silent' || fate === 'ack-lost') now += PATIENCE
    }
    say('a', hex('04'))
    now += gap
  }
  return out
}

/** How two ports deliver what they hear. Milliseconds. */
export interface Ports {
  /** How much later than on the line each delivers. */
  readonly late: { readonly a: number; readonly b: number }
  /** A USB adapter hands over what it has every so often. */
  readonly period: { readonly a: number; readonly b: number }
  /** Neither is read in this time, as the process is held up. */
  readonly held?: { readonly from: number; readonly for: number }
}

export interface Heard {
  readonly text: string
  readonly at: number
}

/** The calls that a tap gives out when it hears `said` through `ports`. */
export function tapped(
  said: readonly Timed[],
  ports: Ports,
  options: Readonly<Record<string, unknown>> = {},
): Heard[] {
  const line = openLine('espa444', { role: 'tap', ...options })
  const heard: Heard[] = []
  let wake = Number.POSITIVE_INFINITY
  const step = (input: Parameters<typeof line.step>[0]) => {
    for (const e of line.step(input)) {
      if (e.kind === 'wake') wake = input.at + e.after
      if (e.kind === 'page') heard.push({ text: e.page.text, at: input.at })
    }
  }
  const sleepUntil = (at: number) => {
    while (notHeld(wake, ports) <= at) {
      const due = notHeld(wake, ports)
      wake = Number.POSITIVE_INFINITY
      step({ kind: 'silence', at: due })
    }
  }
  for (const { at, wire, bytes } of chunks(said, ports)) {
    sleepUntil(at)
    step({ kind: 'bytes', bytes, at, began: at - bytes.length * CHARACTER, wire })
  }
  sleepUntil(Math.max(...said.map(({ at }) => at)) + 3000)
  return heard
}

/** A timer that fires late gives waiting bytes their turn first. */
function notHeld(at: number, { held }: Ports): number {
  return held !== undefined && at >= held.from && at < held.from + held.for ? held.from + held.for + 30 : at
}

/** What each port delivers at once, in the order of delivery. */
function chunks(said: readonly Timed[], { late, period, held }: Ports) {
  const delivered = said
    .map(({ at, wire, byte }) => {
      const due = Math.ceil((at + late[wire]) / period[wire]) * period[wire]
      const waits = held !== undefined && due >= held.from && due < held.from + held.for
      return { at: waits ? held.from + held.for : due, wire, byte }
    })
    .sort((x, y) => x.at - y.at || x.wire.localeCompare(y.wire))
  const groups = Map.groupBy(delivered, ({ at, wire }) => `${at} ${wire}`)
  return [...groups.values()].map((group) => ({
    ...group[0]!,
    bytes: Uint8Array.from(group.map(({ byte }) => byte)),
  }))
}
