import { messageOf } from '../../src/core/record/hl7.ts'
import { readAck, readSegments } from '../../src/core/record/hl7-answer.ts'
import { inTurn } from '../../src/io/filing/hl7.ts'
import type { FilingWay } from '../../src/ports/filings.ts'
import { HL7_NAMES, inUtc } from './documents.ts'

interface Kept {
  readonly patient: string
  readonly control: string
  state: 'stands' | 'replaced' | 'cancelled'
}

/**
 * A record system that takes MDM messages: by its number (TXA-12) a document is there once, T10 puts one in the place of
 * another (TXA-13), T11 takes one away. What it had under the same control id it acknowledges and does not do again.
 */
export class Hl7Epr {
  readonly documents = new Map<string, Kept>()
  /** Messages that were not the first of their control id. */
  again = 0
  readonly #heard = new Set<string>()

  take(message: string): string {
    const segments = new Map(message.split('\r').map((segment) => [segment.slice(0, 3), segment.split('|')]))
    // MSH-1 is the separator itself.
    const control = segments.get('MSH')?.[9] ?? ''
    const event = segments.get('MSH')?.[8]?.split('^')[1]
    const patient = segments.get('PID')?.[3]?.split('^')[0] ?? ''
    const [own = '', parent = ''] = [segments.get('TXA')?.[12], segments.get('TXA')?.[13]]
    const answer = (code: string) =>
      `MSH|^~\\&|EPR|RXX|BLEEPBRIDGE|DEMO|20261130||ACK|A1|P|2.4\rMSA|${code}|${control}\r`
    if (this.#heard.has(control)) {
      this.again += 1
      return answer('AA')
    }
    const before = this.documents.get(event === 'T10' ? parent : own)
    if (event !== 'T02' && before?.patient !== patient) return `${answer('AE')}ERR||TXA^1^12|204|E\r`
    this.#heard.add(control)
    if (before !== undefined) before.state = event === 'T10' ? 'replaced' : 'cancelled'
    if (event !== 'T11') this.documents.set(own, { patient, control, state: 'stands' })
    return answer('AA')
  }

  /** Whose records documents stand in, one for each. */
  get standing(): readonly string[] {
    return [...this.documents.values()]
      .filter(({ state }) => state === 'stands')
      .map(({ patient }) => patient)
  }

  /** The way to it within this process: builds and reads as the real one does. */
  way(): FilingWay {
    return {
      id: 'hl7',
      send: (document) =>
        inTurn(document, async (one, control) => {
          const said = readSegments(this.take(messageOf(one, HL7_NAMES, inUtc, control))) ?? []
          return readAck(said, control) ?? { kind: 'later', fault: 'filing-away' }
        }),
      probe: async () => undefined,
      close: () => undefined,
    }
  }
}
