import { asId } from '../../src/core/ids.ts'
import type { FiledDocument } from '../../src/core/record/document.ts'
import { type FhirNames, NHS_NUMBER } from '../../src/core/record/fhir.ts'
import type { Hl7Names } from '../../src/core/record/hl7.ts'

export const AT = Date.UTC(2026, 10, 30, 3, 4, 5)
export const ALERT = '01981f3a-5b6c-7d8e-9fa0-b1c2d3e4f506'
/** Made up, with a right check digit: from the range that NHS England keeps for tests. */
export const PATIENT = { scheme: 'nhs', value: '9990000018' } as const

/** A call that went well, filed for the first time. */
export function aDocument(more: Partial<FiledDocument> = {}): FiledDocument {
  return {
    ...{
      alert: asId(ALERT),
      document: 1,
      version: 1,
      act: 'file',
      before: { kind: 'new' },
      made: AT + 900_000,
    },
    ...{ patient: PATIENT, site: { id: 'demo', name: 'Demo General' }, title: 'Call back', class: 'urgent' },
    ...{
      number: '2201',
      to: 'Medical registrar',
      place: 'Ward 7B',
      asker: { ward: 'Ward 7B', extension: '70123' },
    },
    words: 'Chest pain | BP 80/40 ~ needs review ^ & call back',
    ...{ raised: AT, ended: AT + 900_000, received: AT + 4000 },
    stages: [
      { at: AT, says: 'bleep received' },
      { at: AT + 900_000, says: 'ended: Everybody needed came' },
    ],
    people: [
      {
        ...{ person: asId('p1'), name: 'Dr Ada Jones', roles: ['Medical registrar'], state: 'arrived' },
        ...{ says: 'is there', at: AT + 300_000 },
      },
    ],
    came: [{ person: asId('p1'), name: 'Dr Ada Jones' }],
    thread: [{ at: AT + 60_000, by: 'Dr Ada Jones', text: 'Coming\nin 5 \\ min' }],
    ...{ outcome: 'came', outcomeSays: 'Dr Ada Jones came' },
    ...more,
  }
}

export const FHIR_NAMES: FhirNames = {
  ...{ system: 'https://trust.example/Id/bleep', staff: 'https://trust.example/Id/staff', subject: 'search' },
  patients: { nhs: NHS_NUMBER, local: 'https://trust.example/Id/mrn' },
  ods: 'RXX',
}

export const HL7_NAMES: Hl7Names = {
  ...{ message: 'mdm', version: '2.4', application: 'BLEEPBRIDGE', facility: 'DEMO' },
  ...{ toApplication: 'EPR', toFacility: 'RXX', documentType: 'CN' },
  code: { code: 'BLEEP', text: 'Bleep and answer', system: 'L' },
  authorities: { nhs: 'NHS', local: 'RXX' },
}

export const inUtc = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ')
