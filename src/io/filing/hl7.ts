import type { FiledDocument } from '../../core/record/document.ts'
import { controlId, type Hl7Names, messageOf } from '../../core/record/hl7.ts'
import { firstOf, meaningOf, queryOf, readAck, readPerson } from '../../core/record/hl7-answer.ts'
import type { PrintTime } from '../../core/record/lines.ts'
import type { FilingAnswer } from '../../core/record/send.ts'
import type { Clock } from '../../ports/clock.ts'
import type { FilingWay } from '../../ports/filings.ts'
import type { Random } from '../../ports/random.ts'
import { ExchangeFailed } from './exchange.ts'
import { exchangeMllp, type MllpTo, reachMllp } from './mllp.ts'

export interface Hl7Settings {
  readonly to: MllpTo
  /** Where people are asked for; absent: nowhere. */
  readonly lookUp?: MllpTo
  readonly names: Hl7Names
  readonly time: PrintTime
}

/** Files by HL7 v2 over MLLP. */
export function hl7Way(
  settings: Hl7Settings,
  { clock, random }: { clock: Clock; random: Random },
): FilingWay {
  const { to, lookUp, names, time } = settings
  return {
    id: 'hl7',
    async send(document, signal) {
      try {
        return await inTurn(document, (one, control) =>
          exchangeMllp(to, messageOf(one, names, time, control), (said) => readAck(said, control), signal),
        )
      } catch (error) {
        return { kind: 'later', fault: faultIn(error) }
      }
    },
    ...(lookUp === undefined
      ? {}
      : {
          async look(patient, signal) {
            const control = `Q${Buffer.from(random.bytes(8)).toString('hex')}`
            const query = queryOf(patient, names, control, clock.now())
            try {
              const read = (said: Parameters<typeof readPerson>[0]) =>
                readPerson(said, control, patient, names)
              return await exchangeMllp(lookUp, query, read, signal)
            } catch (error) {
              return { kind: 'away', fault: faultIn(error) }
            }
          },
        }),
    async probe(signal) {
      try {
        await reachMllp(to, signal)
        return undefined
      } catch (error) {
        return faultIn(error)
      }
    },
    close: () => undefined,
  }
}

function faultIn(error: unknown) {
  return error instanceof ExchangeFailed ? error.fault : ('filing-away' as const)
}

/** The messages for a document, one or two, each under a control id of its own. */
export async function inTurn(
  document: FiledDocument,
  exchange: (document: FiledDocument, control: string) => Promise<FilingAnswer>,
): Promise<FilingAnswer> {
  const answer = meaningOf(document, await exchange(firstOf(document), controlId(document)))
  return answer ?? exchange(document, controlId(document, 1))
}
