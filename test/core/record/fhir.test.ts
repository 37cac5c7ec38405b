import { describe, expect, test } from 'vitest'
import type { FiledDocument } from '../../../src/core/record/document.ts'
import { bundleOf } from '../../../src/core/record/fhir.ts'
import { readPatients, readTransaction } from '../../../src/core/record/fhir-answer.ts'
import { ALERT, AT, aDocument, FHIR_NAMES, PATIENT } from '../../support/documents.ts'
import { strangeCodes } from '../../support/fhir-codes.ts'
import { faultsOfResource } from '../../support/fhir-definitions.ts'

const bundle = (more: Parameters<typeof aDocument>[0] = {}, names = FHIR_NAMES) =>
  JSON.parse(JSON.stringify(bundleOf(aDocument(more), names)))

/** Not there at all. */
const BARE = { words: undefined, place: undefined, asker: undefined, received: undefined }
const MODE = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationMode'
const NOBODY = { people: [], came: [], thread: [], outcome: 'nobody', outcomeSays: 'nobody came' } as const

describe('by the published definitions of FHIR R4', () => {
  test('the validators themselves find what is wrong', () => {
    const [{ resource: communication }, { resource: provenance }] = bundle().entry
    expect(faultsOfResource({ ...communication, status: undefined }).join()).toContain('status')
    expect(faultsOfResource({ ...provenance, recorded: 'yesterday' })).not.toEqual([])
    expect(strangeCodes({ ...communication, status: 'done' })).toEqual(['Communication.status done'])
    expect(
      strangeCodes({ ...communication, medium: [{ coding: [{ system: MODE, code: 'BLEEP' }] }] }),
    ).toEqual([`Communication.medium.coding ${MODE}|BLEEP`])
  })

  test.each([
    ['a first version', {}],
    ['a correction', { version: 2, before: { kind: 'there', version: 1 } }],
    ['a withdrawal', { act: 'withdraw', version: 3, before: { kind: 'there', version: 2 } }],
    ['nobody came', NOBODY],
    ['stood down', { outcome: 'stood-down', outcomeSays: 'Stood down: false alarm' }],
    ['nothing is known but the call', { ...NOBODY, ...BARE }],
    ['words left out', { words: undefined, wordsOut: true, thread: [] }],
    ['a hospital number', { patient: { scheme: 'local', value: 'A123456' } }],
    ['another document', { document: 2 }],
    ['an end before its beginning, after a clock was set back', { ended: AT - 5000 }],
    ['an emergency', { class: 'emergency' }],
  ] as const)('%s is a valid transaction', (_, more) => {
    const whole = bundle(more as Partial<FiledDocument>)
    expect(faultsOfResource(whole)).toEqual([])
    expect(strangeCodes(whole)).toEqual([])
    for (const { resource } of whole.entry) expect(faultsOfResource(resource)).toEqual([])
    for (const inside of whole.entry[0].resource.contained ?? []) expect(faultsOfResource(inside)).toEqual([])
    const names = { ...FHIR_NAMES, subject: 'identifier' } as const
    expect(faultsOfResource(bundle(more as Partial<FiledDocument>, names))).toEqual([])
  })
})

test('it says what was asked, by whom, of whom, when, who came, what was said and how it ended', () => {
  const [first, second] = bundle().entry
  const { contained, ...communication } = first.resource
  expect(communication).toMatchObject({
    meta: { profile: ['https://fhir.hl7.org.uk/StructureDefinition/UKCore-Communication'] },
    identifier: [{ system: FHIR_NAMES.system, value: ALERT }],
    subject: {
      reference: `Patient?identifier=${encodeURIComponent(`https://fhir.nhs.uk/Id/nhs-number|${PATIENT.value}`)}`,
      identifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: PATIENT.value },
    },
    ...{ status: 'completed', priority: 'urgent', topic: { text: 'Call back, Medical registrar' } },
    sender: { display: 'Ward 7B, extension 70123' },
    recipient: [{ display: 'Dr Ada Jones', identifier: { value: 'p1' } }],
    ...{ sent: '2026-11-30T03:04:05.000Z', received: '2026-11-30T03:04:09.000Z' },
  })
  expect(communication.payload.map((p: { contentString: string }) => p.contentString)).toEqual([
    'Asked: Chest pain | BP 80/40 ~ needs review ^ & call back',
    '2026-11-30T03:05:05.000Z Dr Ada Jones: Coming\nin 5 \\ min',
  ])
  const [request, task] = contained
  expect(request).toMatchObject({
    resourceType: 'CommunicationRequest',
    recipient: [{ display: 'Medical registrar (2201)' }],
  })
  expect(task).toMatchObject({
    resourceType: 'Task',
    status: 'completed',
    owner: { display: 'Dr Ada Jones' },
  })
  expect(second.resource).toMatchObject({
    ...{ resourceType: 'Provenance', target: [{ reference: first.fullUrl }] },
    agent: [{ who: { display: 'Bleep Bridge, Demo General' } }, {}],
  })
})

test('a first version is created once, a later one and a withdrawal take its place', () => {
  const id = encodeURIComponent(`${FHIR_NAMES.system}|${ALERT}`)
  const requests = (more = {}) => bundle(more).entry.map((e: { request: object }) => e.request)
  expect(requests()[0]).toEqual({ method: 'POST', url: 'Communication', ifNoneExist: `identifier=${id}` })
  expect(requests()[1].ifNoneExist).toContain(`target:identifier=${id}&recorded=`)
  const there = { method: 'PUT', url: `Communication?identifier=${id}` }
  expect(requests({ version: 2, before: { kind: 'there', version: 1 } })[0]).toEqual(there)
  expect(requests({ act: 'withdraw', before: { kind: 'unknown', version: 1 } })[0]).toEqual(there)
})

test('a withdrawal holds no words, and is the same each time it is sent', () => {
  const withdrawal = bundle({ act: 'withdraw', before: { kind: 'there', version: 1 } })
  expect(withdrawal.entry[0].resource.status).toBe('entered-in-error')
  expect(JSON.stringify(withdrawal)).not.toMatch(/Chest|Coming|Ada/)
  expect(bundle()).toEqual(bundle())
})

describe('what the server says', () => {
  const yes = (entries: string[], location = 'Communication/77/_history/1') => ({
    ...{ resourceType: 'Bundle', type: 'transaction-response' },
    entry: entries.map((status) => ({ response: { status, location } })),
  })
  const why = (issue: object) => ({ resourceType: 'OperationOutcome', issue: [issue] })
  test.each([
    [200, yes(['201 Created', '201 Created']), { kind: 'taken', reference: 'Communication/77/_history/1' }],
    [200, yes(['200 OK', '200']), { kind: 'taken' }],
    [200, yes(['201 Created', '412 Precondition Failed']), { kind: 'refused', why: ['412'] }],
    [
      200,
      { resourceType: 'Bundle', type: 'searchset' },
      { kind: 'later', fault: 'filing-answer-unreadable' },
    ],
    [200, undefined, { kind: 'later', fault: 'filing-answer-unreadable' }],
    [302, undefined, { kind: 'later', fault: 'filing-away' }],
    [401, undefined, { kind: 'later', fault: 'filing-credentials' }],
    [
      412,
      why({ code: 'multiple-matches', diagnostics: 'JONES twice' }),
      { kind: 'refused', why: ['412', 'multiple-matches'] },
    ],
    [
      422,
      why({ code: 'invalid', expression: ['Communication.status'] }),
      { kind: 'refused', why: ['422', 'invalid', 'Communication.status'] },
    ],
    [429, undefined, { kind: 'later', fault: 'filing-busy' }],
    [500, why({ code: 'exception', diagnostics: 'for JONES' }), { kind: 'later', fault: 'filing-away' }],
    [503, 'busy', { kind: 'later', fault: 'filing-away' }],
  ])('%i %j', (status, body, want) => {
    const read = readTransaction(status, body)
    expect(read).toMatchObject(want)
    expect(JSON.stringify(read)).not.toContain('JONES')
  })

  const system = 'https://fhir.nhs.uk/Id/nhs-number'
  const person = (more = {}) => ({
    resource: {
      ...{
        resourceType: 'Patient',
        identifier: [{ system, value: '999 000 0018' }],
        birthDate: '1960-02-01',
      },
      ...{
        name: [
          { use: 'old', family: 'Smith' },
          { use: 'official', family: 'Jones', given: ['Mary', 'Ann'] },
        ],
        ...more,
      },
    },
  })
  const found = (...entry: object[]) => ({ resourceType: 'Bundle', type: 'searchset', entry })
  test.each([
    [found(person()), { kind: 'one', name: 'Mary Ann Jones', born: '1960-02-01' }],
    [found(), { kind: 'none' }],
    [
      found(person(), { search: { mode: 'outcome' }, resource: { resourceType: 'OperationOutcome' } }),
      { kind: 'one' },
    ],
    [found(person(), person()), { kind: 'several' }],
    [found(person({ link: [{ type: 'replaced-by' }] })), { kind: 'several' }],
    [found(person({ active: false })), { kind: 'several' }],
    // A server that passes over what it does not know gives everybody it has.
    [
      found(person({ identifier: [{ system, value: '9990000026' }] })),
      { kind: 'away', fault: 'filing-answer-unreadable' },
    ],
    [{ resourceType: 'OperationOutcome' }, { kind: 'away', fault: 'filing-answer-unreadable' }],
  ])('of a patient: %j', (body, want) => {
    expect(readPatients(body, PATIENT, system)).toMatchObject(want)
  })
})
