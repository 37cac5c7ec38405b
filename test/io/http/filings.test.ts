import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AlertId } from '../../../src/core/ids.ts'
import { MINUTE } from '../../../src/core/instant.ts'
import { KEYS } from '../../support/desk-bed.ts'
import { Epr } from '../../support/epr.ts'
import { type FilingBed, filingBed } from '../../support/filing-bed.ts'

const NHS = '9990000018'
const OTHER = '9990000026'
let bed: FilingBed
let epr: Epr
beforeEach(async () => {
  epr = new Epr([
    { nhs: NHS, name: 'Mary Jones', born: '1960-02-01' },
    { nhs: OTHER, name: 'Ann Smith', born: '1970-02-01' },
  ])
  bed = await filingBed([epr.way()])
  bed.start()
  await bed.elapse(MINUTE)
})
afterEach(() => bed.close())

const ask = async (method: 'GET' | 'POST', path: string, token: string, body?: object) => {
  const said = await bed.bed.http.app.inject({
    ...{ method, url: `/api/v1${path}`, headers: { authorization: `Bearer ${token}` } },
    ...(body === undefined ? {} : { payload: body }),
  })
  return { status: said.statusCode, body: said.json() }
}
const govern = (method: 'GET' | 'POST', path: string, body?: object) =>
  ask(method, path, KEYS.governance, body)

test('the list says of each ended call what became of it, and narrows to one state', async () => {
  await bed.ended(`FALL ${NHS}`)
  await bed.ended('CALL WARD 7 ON 70123')
  await bed.ended(`${NHS} AND ${OTHER} FELL`)
  await bed.elapse(2 * MINUTE)
  const { status, body } = await govern('GET', '/filings')
  expect(status).toBe(200)
  expect(body.filings.map((f: { stand: string; reason: string }) => [f.stand, f.reason])).toEqual([
    ['not-filed', 'filing-two-patients'],
    ['no-patient', 'filing-no-patient'],
    ['filed', 'filing-filed'],
  ])
  expect(body).toMatchObject({
    undecided: 1,
    lastDay: { filed: 1, 'not-filed': 1, refused: 0, 'no-patient': 1 },
    ways: [{ way: 'fhir', waiting: 0, refused: 0 }],
  })
  const filed = await govern('GET', '/filings?state=filed')
  expect(filed.body.filings).toHaveLength(1)
  expect(filed.body.filings[0]).toMatchObject({
    patient: '…0018',
    may: ['patient', 'withdraw'],
    sent: [{ way: 'fhir', state: 'taken', reference: 'Communication/1/_history/1' }],
  })
  // Only where somebody must choose between them are whole numbers shown.
  expect(JSON.stringify(filed.body)).not.toContain(NHS)
  expect(body.filings[0].named).toEqual([
    { number: '999 000 0018', hint: '…0018' },
    { number: '999 000 0026', hint: '…0026' },
  ])
  expect((await govern('GET', '/filings?state=nonsense')).status).toBe(400)
})

test('the page goes on where the last one ended', async () => {
  for (let i = 0; i < 53; i++) await bed.ended('CALL 70123')
  await bed.elapse(2 * MINUTE)
  const first = await govern('GET', '/filings')
  const second = await govern('GET', `/filings?cursor=${first.body.cursor}`)
  expect([first.body.filings.length, second.body.filings.length, second.body.cursor]).toEqual([
    50,
    3,
    undefined,
  ])
})

test('whoever reads no identifiers is told no patient’s name for a number either', async () => {
  const { bed: desk } = bed
  const [doctor, porter] = [
    await desk.enrol({ person: desk.holder('med-reg') }),
    await desk.enrol({ person: desk.holder('porter') }),
  ]
  const alert = await desk.call({
    ...{ text: `FALL ${NHS}`, kind: 'fall', class: 'urgent', roles: ['med-reg', 'porter'] },
  })
  const tried = (token: string) =>
    ask('POST', `/alerts/${alert.id}/patient/read-back`, token, { number: NHS })
  expect((await tried(doctor.token)).body).toMatchObject({ name: 'Mary Jones' })
  const refused = await tried(porter.token)
  expect([refused.status, refused.body.code]).toEqual([403, 'not-permitted'])
  expect(JSON.stringify(refused.body)).not.toContain('Jones')
})

describe('naming the patient', () => {
  const readBack = (id: AlertId, number: string, token = KEYS.governance as string) =>
    ask('POST', `/alerts/${id}/patient/read-back`, token, { number })

  test('a responder types the number, compares name and date of birth, and says yes while the call is open', async () => {
    const alert = await bed.bed.call({
      text: 'FALL BED 3',
      kind: 'call-back',
      class: 'urgent',
      roles: ['med-reg'],
    })
    const phone = await bed.bed.enrol({ person: bed.bed.holder('med-reg') })
    const read = await readBack(alert.id, '999 000 0018', phone.token)
    expect(read.body).toMatchObject({
      number: '999 000 0018',
      name: 'Mary Jones',
      born: '1960-02-01',
      checked: true,
      differs: false,
    })
    const set = await ask('POST', `/alerts/${alert.id}/patient`, phone.token, {
      number: NHS,
      readBack: read.body.readBack,
    })
    expect(set.body).toMatchObject({ reason: 'filing-open', patient: '…0018', sent: [] })
    const page = await ask('GET', `/alerts/${alert.id}`, phone.token)
    expect(page.body.filing).toMatchObject({ reason: 'filing-open', patient: '…0018' })
    await bed.end(alert)
    await bed.elapse(MINUTE)
    expect(epr.communications[0].subject.identifier.value).toBe(NHS)
    const audit = (await bed.audits()).filter((a) => a.startsWith('patient'))
    expect(audit).toEqual([
      'patient.read-back done {}',
      'patient.read-back done {}',
      'patient.set done {"scheme":"nhs","checked":"yes"}',
    ])
    expect(audit.join()).not.toContain(NHS)
  })

  test('a wrong check digit, a number that nobody has, and what was not read back are refused', async () => {
    const id = await bed.ended('FALL BED 3')
    await bed.elapse(MINUTE)
    expect((await readBack(id, '9990000019')).body).toMatchObject({
      status: 400,
      code: 'patient-number-wrong',
    })
    expect((await readBack(id, 'Mary Jones')).body).toMatchObject({ code: 'patient-number-wrong' })
    expect((await readBack(id, '9990000034')).body).toMatchObject({ status: 404, code: 'patient-not-there' })
    const read = await readBack(id, NHS)
    expect(
      (await govern('POST', `/alerts/${id}/patient`, { number: OTHER, readBack: read.body.readBack })).body,
    ).toMatchObject({ status: 409, code: 'read-back-other' })
    expect(epr.communications).toEqual([])
  })

  test('another date of birth in the call is said with what is read back', async () => {
    const id = await bed.ended('FALL DOB 03/03/1950')
    await bed.elapse(MINUTE)
    const read = await readBack(id, NHS)
    expect(read.body).toMatchObject({ differs: true, sentence: expect.stringContaining('date of birth') })
  })

  test('who was not on the call may not name anybody, nor learn a name by trying numbers', async () => {
    const alert = await bed.bed.call({ text: 'FALL', kind: 'call-back', class: 'urgent', roles: ['med-reg'] })
    const other = await bed.bed.enrol({ person: bed.bed.holder('porter') })
    expect((await readBack(alert.id, NHS, other.token)).status).toBe(404)
    for (const role of ['switchboard', 'estates', 'admin'] as const) {
      expect((await readBack(alert.id, NHS, KEYS[role])).status).toBe(403)
      expect((await ask('GET', '/filings', KEYS[role])).status).toBe(403)
      expect(
        (await ask('POST', `/filings/${alert.id}/decide`, KEYS[role], { decision: 'leave', reason: 'none' }))
          .status,
      ).toBe(403)
    }
    const phone = await bed.bed.enrol({ person: bed.bed.holder('med-reg') })
    const tries = []
    for (let i = 0; i < 12; i++) tries.push((await readBack(alert.id, NHS, phone.token)).status)
    expect(tries.slice(0, 10)).toEqual(Array(10).fill(200))
    expect(tries.slice(10)).toEqual([429, 429])
  })
})

test('a decision fits where the filing stands, or is refused', async () => {
  const id = await bed.ended(`${NHS} AND ${OTHER} FELL`)
  await bed.elapse(MINUTE)
  const decide = (decision: string) =>
    govern('POST', `/filings/${id}/decide`, { decision, reason: 'IG-7 a staff member' })
  expect((await decide('withdraw')).body).toMatchObject({ status: 409, code: 'filing-overtaken' })
  expect((await decide('leave')).body).toMatchObject({ stand: 'not-filed', reason: 'filing-left' })
  expect((await decide('leave')).body).toMatchObject({ status: 409, code: 'filing-overtaken' })
  expect(
    (await govern('POST', '/filings/none/decide', { decision: 'leave', reason: 'none' })).body,
  ).toMatchObject({ status: 404, code: 'filing-unknown' })
})
