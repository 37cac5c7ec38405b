import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asId } from '../../../src/core/ids.ts'
import {
  type Filing,
  type FilingInput,
  newFiling,
  reasonOf,
  standOf,
  stepFiling,
} from '../../../src/core/record/filing.ts'
import type { Patient } from '../../../src/core/record/patient.ts'
import { beforeOf, type FilingSend, sendOf, stepSend, waitOf } from '../../../src/core/record/send.ts'

const MARY: Patient = { scheme: 'nhs', value: '9990000018' }
const ANN: Patient = { scheme: 'nhs', value: '9990000026' }
const ALERT = asId<Filing['alert']>('a1')

const ended = (patients: readonly Patient[], wrong = 0): FilingInput => ({
  ...{ kind: 'ended', at: 10, revision: 4, found: { patients, wrong } },
})
const named = (patient: Patient, checked = true): FilingInput => ({
  ...{ kind: 'patient', at: 20, patient, by: 'ig', checked },
})
const at = 30

/** Runs inputs through machine and outbox as the loop stores them; what waits is taken at once unless told. */
function run(inputs: readonly FilingInput[], takes: (send: FilingSend) => boolean = () => true) {
  let filing = newFiling(ALERT, asId('b1'), 1)
  let sends: FilingSend[] = []
  for (const input of inputs) {
    const step = stepFiling(filing, input)
    filing = step.filing
    if (step.drop) sends = sends.map((s) => (s.state === 'waiting' ? { ...s, state: 'dropped' } : s))
    sends.push(...step.add.map((one) => sendOf(ALERT, 'fhir', one, input.at)))
    sends = sends.map((s) =>
      s.state === 'waiting' && takes(s)
        ? stepSend({ ...s, tries: 1, left: true }, { kind: 'taken', answer: '200' }, input.at, 0.5)
        : s,
    )
  }
  return { filing, sends, stand: standOf(filing, sends), reason: reasonOf(filing, sends) }
}

describe('one patient', () => {
  test('an ended call is filed, and only once', () => {
    const { stand, reason, sends } = run([ended([MARY]), ended([MARY])])
    expect([stand, reason, sends.length]).toEqual(['filed', 'filing-filed', 1])
  })

  test('a patient who was named while the call was open counts when it ends', () => {
    const { sends, filing } = run([named(ANN), ended([])])
    expect(sends).toMatchObject([{ patient: ANN, document: 1, version: 1 }])
    expect([filing.many, filing.by]).toEqual([undefined, 'ig'])
    // The words name somebody else: they stay out.
    expect(run([named(ANN), ended([MARY])]).filing.many).toBe(true)
  })

  test('the same patient once more changes nothing', () => {
    expect(run([ended([MARY]), named(MARY)]).sends).toHaveLength(1)
  })

  test('an addition is the next version of the same document', () => {
    const { sends } = run([
      ended([MARY]),
      { kind: 'changed', at, revision: 5 },
      { kind: 'changed', at, revision: 5 },
    ])
    expect(sends.map(({ document, version, seq }) => [document, version, seq])).toEqual([
      [1, 1, 1],
      [1, 2, 2],
    ])
  })
})

describe('who is meant is not clear', () => {
  test.each([
    [[MARY, ANN], 0, 'filing-two-patients'],
    [[], 1, 'filing-check-digit'],
    [[MARY], 1, 'filing-check-digit'],
    [[MARY, ANN], 1, 'filing-two-patients'],
  ] as const)('%j and %i wrong', (patients, wrong, reason) => {
    const asked = run([ended(patients, wrong)])
    expect([asked.stand, asked.reason, asked.sends]).toEqual(['not-filed', reason, []])
    expect(run([ended(patients, wrong), named(ANN)])).toMatchObject({
      stand: 'filed',
      sends: [{ patient: ANN }],
    })
    expect(run([ended(patients, wrong), { kind: 'left', at }])).toMatchObject({
      stand: 'not-filed',
      reason: 'filing-left',
    })
  })

  test('where the record has its doubts nothing stands, whatever one way had taken before', () => {
    const { sends, stand, reason, filing } = run([
      ended([MARY]),
      { kind: 'doubt', at, reason: 'filing-born-differs' },
    ])
    expect([stand, reason]).toEqual(['not-filed', 'filing-born-differs'])
    expect(sends.map(({ act }) => act)).toEqual(['file', 'withdraw'])
    expect(filing.patient).toBeUndefined()
  })
})

test('another patient: the first document is withdrawn before a second is filed', () => {
  const { sends, stand } = run([ended([MARY]), named(ANN)])
  expect(
    sends.map(({ act, document, version, patient, seq }) => [act, document, version, patient, seq]),
  ).toEqual([
    ['file', 1, 1, MARY, 1],
    ['withdraw', 1, 2, MARY, 2],
    ['file', 2, 1, ANN, 3],
  ])
  expect(stand).toBe('filed')
  const stuck = run([ended([MARY]), named(ANN)], ({ act }) => act === 'file')
  expect([stuck.stand, stuck.reason]).toEqual(['not-filed', 'filing-waiting'])
})

test('withdrawn it stands nowhere, and may be filed again', () => {
  expect(run([ended([MARY]), { kind: 'withdrawn', at }])).toMatchObject({
    stand: 'not-filed',
    reason: 'filing-withdrawn',
  })
  const waits = run([ended([MARY]), { kind: 'withdrawn', at }], ({ act }) => act === 'file')
  expect(waits.reason).toBe('filing-withdrawing')
  expect(run([ended([MARY]), { kind: 'withdrawn', at }, named(MARY)])).toMatchObject({ stand: 'filed' })
})

test('once the words are gone nobody’s number is left, and nothing is asked any more', () => {
  const filed = run([ended([MARY]), { kind: 'forgotten', at }])
  expect([filed.stand, filed.filing.patient]).toEqual(['filed', undefined])
  const asked = run([ended([MARY, ANN]), { kind: 'forgotten', at }])
  expect([asked.stand, asked.reason]).toEqual(['not-filed', 'filing-words-gone'])
})

test('in any order of events: no document of one patient after the first has gone to another, and never two at once', () => {
  const input: fc.Arbitrary<FilingInput> = fc.oneof(
    fc.constantFrom(ended([MARY]), ended([]), ended([MARY, ANN]), ended([], 1)),
    fc.constantFrom(named(MARY), named(ANN), named(MARY, false)),
    fc.nat(9).map((revision): FilingInput => ({ kind: 'changed', at, revision })),
    fc.constantFrom<FilingInput>(
      { kind: 'doubt', at, reason: 'filing-patient-unknown' },
      { kind: 'checked', at },
      { kind: 'left', at },
      { kind: 'withdrawn', at },
      { kind: 'forgotten', at },
    ),
  )
  fc.assert(
    fc.property(fc.array(input, { maxLength: 12 }), (inputs) => {
      const { sends } = run(inputs)
      const byDocument = Map.groupBy(sends, ({ document }) => document)
      const standing = [...byDocument.values()].filter((all) => all.at(-1)?.act === 'file')
      expect(standing.length).toBeLessThanOrEqual(1)
      for (const all of byDocument.values()) {
        expect(new Set(all.map(({ patient }) => patient?.value)).size).toBe(1)
        expect(all.map(({ version }) => version)).toEqual(all.map((_, i) => i + 1))
      }
      expect(sends.map(({ seq }) => seq)).toEqual(sends.map((_, i) => i + 1))
    }),
    { seed: 20_261_130, numRuns: 500 },
  )
})

describe('one send', () => {
  const send = sendOf(ALERT, 'hl7', { act: 'file', seq: 1, document: 1, version: 1, patient: MARY }, 100)

  test('waits longer and longer, and never for more than three quarters of an hour', () => {
    expect([1, 2, 3, 20].map((tries) => waitOf(tries, 0.5))).toEqual([20_000, 40_000, 80_000, 1_800_000])
    expect(waitOf(50, 1)).toBeLessThanOrEqual(45 * 60_000)
  })

  test('an answer that may pass is never the last, a rejection is one after six', () => {
    const later = stepSend({ ...send, tries: 900 }, { kind: 'later', fault: 'filing-away' }, 200, 0)
    expect(later).toMatchObject({ state: 'waiting', fault: 'filing-away' })
    const rejected = (tries: number) =>
      stepSend({ ...send, tries }, { kind: 'rejected', why: ['AR', '207'] }, 200, 0)
    expect([rejected(5).state, rejected(6).state]).toEqual(['waiting', 'refused'])
  })

  test('keeps codes of an answer and nothing that could be words or a number of a patient', () => {
    const said = ['AE', 'PID.3', 'no such patient JONES', '9990000018', 'x'.repeat(80), 'a', 'b', 'c', 'd']
    const { why } = stepSend(send, { kind: 'refused', why: said }, 200, 0)
    expect(why).toEqual(['AE', 'PID.3', 'x'.repeat(60), 'a', 'b', 'c'])
  })

  test('what the record has by now is told by what was taken, or left us without an answer', () => {
    const next = { ...send, seq: 3, version: 2 }
    const of = (...earlier: Partial<FilingSend>[]) =>
      beforeOf(
        next,
        earlier.map((e) => ({ ...send, ...e })),
      )
    expect(of({ state: 'taken' })).toEqual({ kind: 'there', version: 1 })
    expect(of({ state: 'dropped', left: true })).toEqual({ kind: 'unknown', version: 1 })
    expect(of({ state: 'dropped', tries: 1 }, { state: 'refused', left: true })).toEqual({ kind: 'new' })
    expect(of({ state: 'taken', way: 'fhir' }, { state: 'taken', document: 2 })).toEqual({ kind: 'new' })
  })
})
