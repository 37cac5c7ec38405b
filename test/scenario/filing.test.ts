import { afterEach, describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/instant.ts'
import { standOf } from '../../src/core/record/filing.ts'
import { Epr } from '../support/epr.ts'
import { type FilingBed, filingBed } from '../support/filing-bed.ts'

const NHS = '9990000018'
const OTHER = '9990000026'
const down = { status: 503 }

let bed: FilingBed
afterEach(() => bed?.close())

const open = async (epr: Epr, lookUp = true) => {
  bed = await filingBed([epr.way(lookUp)])
  bed.start()
  await bed.elapse(MINUTE)
  return bed
}
const stand = async (id: Parameters<FilingBed['filed']>[0]) => {
  const { filing, sends } = await bed.filed(id)
  return [standOf(filing, sends), filing.reason]
}

/** That much later, with a quarter of an hour of loops behind it. */
const later = async (ms: number) => {
  bed.clock.advance(ms)
  await bed.elapse(15 * MINUTE)
}

test('a call about a patient is filed when it has ended, with all that became of it', async () => {
  const epr = new Epr()
  await open(epr)
  const alert = await bed.bed.call({
    text: `CHEST PAIN NHS ${NHS}`,
    kind: 'call-back',
    class: 'urgent',
    roles: ['med-reg'],
  })
  await bed.elapse(5 * MINUTE)
  expect(epr.requests).toBe(0)
  await bed.end(alert)
  await bed.elapse(MINUTE)
  expect(await stand(alert.id)).toEqual(['filed', 'filing-waiting'])
  expect(epr.communications).toHaveLength(1)
  expect(epr.communications[0]).toMatchObject({ subject: { identifier: { value: NHS } }, status: 'not-done' })
  expect((await bed.audits()).filter((a) => a.startsWith('filing'))).toEqual([
    'filing.file done {"way":"fhir","document":1,"version":1,"reference":"Communication/1/_history/1"}',
  ])
})

test('who came, and what was said, is in it', async () => {
  const epr = new Epr()
  await open(epr)
  const id = await bed.ended(`BREATHLESS ${NHS}`)
  await bed.elapse(MINUTE)
  const [filed] = epr.communications
  expect(filed.status).toBe('completed')
  expect(filed.contained[1]).toMatchObject({ resourceType: 'Task', status: 'completed' })
  expect(filed.contained[1].owner.display).toBe(
    bed.bed.roster.current().people.get(bed.bed.holder('med-reg'))?.name,
  )
  expect(filed.note.map((n: { text: string }) => n.text).join()).toContain('ended: ')
  expect(await stand(id)).toEqual(['filed', 'filing-waiting'])
})

test('a call that names nobody is told as that, and a test call as nothing', async () => {
  const epr = new Epr()
  await open(epr)
  const id = await bed.ended('CALL WARD 7 ON 70123')
  const drill = await bed.ended(`TEST ${NHS}`, { class: 'test', kind: 'test' })
  await bed.elapse(MINUTE)
  expect(await stand(id)).toEqual(['no-patient', 'filing-no-patient'])
  expect(await bed.bed.store.transact((tx) => tx.filings.get(drill))).toBeUndefined()
  expect(epr.requests).toBe(0)
})

describe('nothing into the wrong record', () => {
  test.each([
    ['two patients', `${NHS} AND ${OTHER} FALL`, 'filing-two-patients'],
    ['a wrong check digit', 'NHS 999 000 0019 FALL', 'filing-check-digit'],
    ['a number that the record does not have', `FALL ${OTHER}`, 'filing-patient-unknown'],
    ['another date of birth', `FALL ${NHS} DOB 02/02/1960`, 'filing-born-differs'],
  ] as const)('%s: a person has to say', async (_, text, reason) => {
    const epr = new Epr()
    await open(epr)
    const id = await bed.ended(text)
    await bed.elapse(MINUTE)
    expect(await stand(id)).toEqual(['not-filed', reason])
    expect(epr.communications).toEqual([])
    await later(DAY)
    expect(bed.troubles()).toMatchObject([{ code: 'filing-undecided' }])
  })

  test('two records under one number, and one that was merged into another', async () => {
    const mary = { nhs: NHS, name: 'Mary Jones', born: '1960-02-01' }
    await open(new Epr([mary, mary]))
    const id = await bed.ended(`FALL ${NHS}`)
    await bed.elapse(MINUTE)
    expect(await stand(id)).toEqual(['not-filed', 'filing-patient-doubled'])
  })

  test('where the record offers no look-up it still files for exactly one patient or none', async () => {
    const epr = new Epr([])
    await open(epr, false)
    const id = await bed.ended(`FALL ${NHS}`)
    await bed.elapse(MINUTE)
    expect(await stand(id)).toEqual(['refused', 'filing-waiting'])
    expect((await bed.filed(id)).sends).toMatchObject([
      { fault: 'filing-refused', why: ['412', 'not-found'] },
    ])
    expect(epr.communications).toEqual([])
    expect(JSON.stringify(await bed.filed(id))).not.toContain('Mary')
  })

  test('once a person has said which of two it was, the words stay out of that record', async () => {
    const epr = new Epr([
      { nhs: NHS, name: 'Mary Jones', born: '1960-02-01' },
      { nhs: OTHER, name: 'Ann Smith', born: '1970-02-01' },
    ])
    await open(epr)
    const id = await bed.ended(`${NHS} AND ${OTHER} FELL`)
    await bed.elapse(MINUTE)
    const caller = { kind: 'operator', access: 'governance', operator: 'ig' } as const
    const desk = bed.desk
    const read = await desk.readBack(caller, id, '999 000 0026')
    if (!read.ok) throw new Error(read.fault.code)
    expect(read.value).toMatchObject({
      number: '999 000 0026',
      name: 'Ann Smith',
      born: '1970-02-01',
      checked: true,
    })
    expect(await desk.setPatient(caller, id, OTHER, 'of something else')).toMatchObject({
      ok: false,
      fault: { code: 'read-back-other' },
    })
    expect(await desk.setPatient(caller, id, OTHER, read.value.readBack)).toMatchObject({ ok: true })
    await bed.elapse(MINUTE)
    expect(epr.communications).toHaveLength(1)
    expect(epr.communications[0].subject.identifier.value).toBe(OTHER)
    expect(JSON.stringify(epr.communications)).not.toMatch(/FELL|9990000018/)
  })
})

describe('a record system that is ill', () => {
  test('down for a day: nothing is lost, it is told, and all goes once it is back', async () => {
    const epr = new Epr()
    await open(epr)
    const ids = []
    for (let i = 0; i < 3; i++) ids.push(await bed.ended(`FALL ${NHS}`))
    for (let i = 0; i < 10_000; i++) epr.ill.push(() => down)
    await bed.elapse(HOUR)
    expect(bed.troubles()).toMatchObject([
      { code: 'filing-unproved', subject: 'fhir', detail: 'filing-away' },
    ])
    await bed.elapse(HOUR)
    // Three filings, and a look each ten minutes whether it is there.
    expect(epr.requests).toBeLessThan(60)
    await later(DAY)
    expect(bed.troubles().map(({ code }) => code)).toEqual(['filing-unproved', 'filing-behind'])
    epr.ill.length = 0
    await later(HOUR)
    for (const id of ids) expect(await stand(id)).toEqual(['filed', 'filing-waiting'])
    expect(epr.communications).toHaveLength(3)
    expect(bed.troubles()).toEqual([])
  })

  test('cut behind its own commit: asked again, it is there once', async () => {
    const epr = new Epr()
    await open(epr, false)
    epr.ill.push(() => 'cut')
    const id = await bed.ended(`FALL ${NHS}`)
    await bed.elapse(5 * MINUTE)
    expect(await stand(id)).toEqual(['filed', 'filing-waiting'])
    expect(epr.communications).toHaveLength(1)
    expect(epr.of('Provenance')).toHaveLength(1)
  })

  test('one that hangs is waited for no longer than its time, and holds up nobody', async () => {
    const epr = new Epr()
    await open(epr, false)
    epr.ill.push(() => 'hang')
    const hung = await bed.ended(`FALL ${NHS}`)
    await bed.elapse(10 * SECOND)
    const alert = await bed.bed.call({
      text: 'ARREST',
      kind: 'adult-arrest',
      class: 'emergency',
      roles: ['med-reg'],
    })
    expect(alert.raised).toBe(bed.clock.now())
    await bed.elapse(2 * MINUTE)
    expect(await stand(hung)).toEqual(['filed', 'filing-waiting'])
  })

  test('a message that is refused waits for a person, and goes again at a word', async () => {
    const epr = new Epr()
    await open(epr, false)
    const refusal = {
      status: 422,
      body: {
        resourceType: 'OperationOutcome',
        issue: [{ code: 'invalid', expression: ['Communication.medium'] }],
      },
    }
    epr.ill.push(() => refusal)
    const id = await bed.ended(`FALL ${NHS}`)
    await later(DAY)
    expect(await stand(id)).toEqual(['refused', 'filing-waiting'])
    expect(epr.requests).toBe(1)
    expect(bed.troubles()).toMatchObject([{ code: 'filing-refused', subject: 'fhir', detail: '1' }])
    const caller = { kind: 'operator', access: 'governance', operator: 'ig' } as const
    expect(await bed.desk.decide(caller, id, 'again', 'interface mended')).toMatchObject({ ok: true })
    await bed.elapse(2 * MINUTE)
    expect(await stand(id)).toEqual(['filed', 'filing-waiting'])
    expect(bed.troubles()).toEqual([])
  })

  test('our credentials refused: told at once as that, and sent once they are right', async () => {
    const epr = new Epr()
    await open(epr, false)
    epr.ill.push(() => ({ status: 401 }))
    const id = await bed.ended(`FALL ${NHS}`)
    await bed.elapse(10 * SECOND)
    expect(bed.troubles()).toMatchObject([{ code: 'filing-credentials', subject: 'fhir' }])
    await bed.elapse(MINUTE)
    expect(await stand(id)).toEqual(['filed', 'filing-waiting'])
  })
})

describe('corrections', () => {
  test('what is added after the end takes the place of what was filed', async () => {
    const epr = new Epr()
    await open(epr)
    const id = await bed.ended(`FALL ${NHS}`)
    await bed.elapse(MINUTE)
    const by = { kind: 'switchboard', operator: 'op' } as const
    await bed.bed.alerts.apply(id, {
      kind: 'ticked',
      at: bed.clock.now(),
      by,
      step: 'Family told',
      done: true,
    })
    await bed.elapse(MINUTE)
    expect(epr.communications).toHaveLength(1)
    expect(epr.of('Communication')[0]?.version).toBe(2)
    expect(epr.of('Provenance').map(({ resource }) => resource.activity.coding[0].code)).toEqual([
      'CREATE',
      'UPDATE',
    ])
    expect(await stand(id)).toEqual(['filed', 'filing-waiting'])
  })

  test('another patient: what stands in the wrong record is marked there, and it is filed anew', async () => {
    const epr = new Epr([
      { nhs: NHS, name: 'Mary Jones', born: '1960-02-01' },
      { nhs: OTHER, name: 'Ann Smith', born: '1970-02-01' },
    ])
    await open(epr)
    const id = await bed.ended(`FALL ${NHS}`)
    await bed.elapse(MINUTE)
    const caller = { kind: 'operator', access: 'governance', operator: 'ig' } as const
    const read = await bed.desk.readBack(caller, id, OTHER)
    if (!read.ok) throw new Error(read.fault.code)
    await bed.desk.setPatient(caller, id, OTHER, read.value.readBack)
    await bed.elapse(MINUTE)
    expect(epr.communications.map((c) => [c.subject.identifier.value, c.status])).toEqual([
      [NHS, 'entered-in-error'],
      [OTHER, 'completed'],
    ])
    expect(JSON.stringify(epr.communications[0])).not.toContain('FALL')
    // The words name the first patient: they have no place in the record of the second.
    expect(JSON.stringify(epr.communications[1])).not.toContain(NHS)
    expect(await stand(id)).toEqual(['filed', 'filing-waiting'])
  })

  test('withdrawn, it is marked in the record as an error, with the reason on the audit', async () => {
    const epr = new Epr()
    await open(epr)
    const id = await bed.ended(`FALL ${NHS}`)
    await bed.elapse(MINUTE)
    const caller = { kind: 'operator', access: 'governance', operator: 'ig' } as const
    expect(await bed.desk.decide(caller, id, 'withdraw', 'IG-12 wrong person')).toMatchObject({
      ok: true,
      value: { reason: 'filing-withdrawing' },
    })
    await bed.elapse(MINUTE)
    expect(epr.communications).toMatchObject([{ status: 'entered-in-error' }])
    expect(await stand(id)).toEqual(['not-filed', 'filing-withdrawn'])
    expect((await bed.audits()).filter((a) => a.includes('withdraw'))).toEqual([
      'filing.withdraw done {"reason":"IG-12 wrong person"}',
      expect.stringMatching(/^filing.withdraw done \{"way":"fhir","document":1,"version":2/),
    ])
  })

  test('withdrawn before anything left, nothing is sent at all', async () => {
    const epr = new Epr()
    await open(epr, false)
    for (let i = 0; i < 4; i++) epr.ill.push(() => 'hang')
    const ids = []
    for (let i = 0; i < 5; i++) ids.push(await bed.ended(`FALL ${NHS}`))
    await bed.elapse(10 * SECOND)
    const caller = { kind: 'operator', access: 'governance', operator: 'ig' } as const
    const last = ids[4]!
    expect((await bed.filed(last)).sends).toMatchObject([{ tries: 0 }])
    await bed.desk.decide(caller, last, 'withdraw', 'not this patient')
    await bed.elapse(10 * MINUTE)
    expect(epr.communications).toHaveLength(4)
    expect((await bed.filed(last)).sends.map(({ act, state }) => [act, state])).toEqual([
      ['file', 'dropped'],
      ['withdraw', 'taken'],
    ])
  })
})
