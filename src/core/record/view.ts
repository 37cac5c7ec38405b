import type { FilingNote } from '../desk/filing-views.ts'
import { FAULTS } from '../faults.ts'
import { given } from '../given.ts'
import { printInstant } from '../instant.ts'
import { REASONS } from '../reasons.ts'
import { type Filing, reasonOf, standOf } from './filing.ts'
import { hintOf } from './patient.ts'
import type { FilingSend } from './send.ts'

/** What a person can do with a filing where it stands. */
export function actsOn(
  { phase, patient }: Filing,
  sends: readonly FilingSend[],
): ('patient' | 'leave' | 'again' | 'withdraw')[] {
  const refused = sends.some(({ state }) => state === 'refused')
  const asks = phase === 'ask' || phase === 'none' || phase === 'left' || phase === 'withdrawn'
  return [
    ...(asks || phase === 'made' ? (['patient'] as const) : []),
    ...(phase === 'ask' ? (['leave'] as const) : []),
    ...(refused ? (['again'] as const) : []),
    ...(phase === 'made' && patient !== undefined ? (['withdraw'] as const) : []),
  ]
}

/** A filing as its alert tells it: where it stands, and what was sent by which way. Holds no number of a patient. */
export function filingNoteOf(filing: Filing, sends: readonly FilingSend[]): FilingNote {
  const { patient, by } = filing
  const reason = reasonOf(filing, sends)
  return {
    ...given({ stand: standOf(filing, sends), by, patient: patient && hintOf(patient) }),
    ...{ reason, sentence: REASONS[reason] },
    sent: sends.map((send) => {
      const { way, act, document, version, state, created, settled, due, tries, fault, why, reference } = send
      return {
        ...{ way, act, document, version, state, at: printInstant(created), tries },
        ...given({ settled: settled === undefined ? undefined : printInstant(settled), fault, reference }),
        ...(state === 'waiting' && tries > 0 ? { next: printInstant(due) } : {}),
        ...(fault === undefined ? {} : { sentence: FAULTS[fault].sentence }),
        ...(why === undefined ? {} : { why: [...why] }),
      }
    }),
  }
}
