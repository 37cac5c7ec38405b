import { parseBlock } from './espa444/block.ts'
import { read, startReader } from './espa444/reader.ts'
import { HEADER } from './espa444/records.ts'

/** What one wire of an ESPA 4.4.4 link carried, role and options aside. */
export interface EspaTraffic {
  /** Stations polled or selected, the one most often called first. */
  readonly stations: readonly string[]
  /** The station that calls went to; missing where none was heard. */
  readonly called: string | undefined
  readonly calls: number
  /** ACK and NAK. */
  readonly answers: number
  readonly questions: number
}

/**
 * Which way a wire runs shows in what it carries: the switchboard asks, the paging system answers, and a two-wire bus
 * holds both. Bit 7 is ignored.
 */
export function espaTraffic(bytes: Uint8Array): EspaTraffic {
  const reader = startReader('strip', 512)
  const asked = new Map<string, number>()
  const called = new Map<string, number>()
  let last = ''
  let calls = 0
  let answers = 0
  let questions = 0
  for (const byte of bytes)
    for (const heard of read(reader, byte, 0, 0)) {
      if (heard.kind === 'enq') {
        last = heard.prefix.trim()
        questions += 1
        count(asked, last)
      } else if (heard.kind === 'ack' || heard.kind === 'nak') answers += 1
      else if (heard.kind === 'block' && heard.block.verdict === 'good') {
        if (parseBlock(heard.block.bytes, 'latin1')?.header !== HEADER.callToPager) continue
        calls += 1
        if (last !== '') count(called, last)
      }
    }
  return { stations: most(asked), called: most(called)[0], calls, answers, questions }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function most(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name)
}
