import { afterEach, expect, test } from 'vitest'
import type { z } from 'zod'
import { type AlertId, asId, type BleepId } from '../../../src/core/ids.ts'
import { MINUTE } from '../../../src/core/instant.ts'
import type { callsSchema } from '../../../src/core/route/calls.ts'
import { type Bed, KEYS, openBed, sha256 } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let bed: Bed
afterEach(() => bed.close())

const post = async (path: string, body: object, key: string = KEYS.switchboard) => {
  const answer = await bed.http.app.inject({
    ...{ method: 'POST', url: `/api/v1${path}`, payload: body },
    headers: { authorization: `Bearer ${key}` },
  })
  return { status: answer.statusCode, body: answer.json() }
}
const get = async (path: string) =>
  (
    await bed.http.app.inject({
      url: `/api/v1${path}`,
      headers: { authorization: `Bearer ${KEYS.switchboard}` },
    })
  ).json()
const listed = () => get('/calls')
const rung = async () => (await get('/alerts')).alerts

const KINDS = [
  { kind: 'adult-arrest', name: 'Adult arrest', number: '2201', sheet: ['Ring 999', 'Open the doors'] },
  { kind: 'major-incident', name: 'Major incident', number: '2207', class: 'emergency', mass: true },
] satisfies z.input<typeof callsSchema>['kinds']
const PRESS = 'c0a80101-7f00-4b11-8d52-1f0e6a7d2c33'
const OTHER = 'c0a80101-7f00-4b11-8d52-1f0e6a7d2c34'
const ARREST = { kind: 'adult-arrest', place: 'Ward 7B bed 3' }

test('an arrest is read back with who would be rung, and nobody is rung by that', async () => {
  bed = await openBed({ policies: { calls: { kinds: [...KINDS] } } })
  await bed.enrol({ person: bed.holder('med-reg') })
  const { status, body } = await post('/calls/preview', ARREST)
  expect(status).toBe(200)
  expect(body.readBack).toMatch(/^Adult arrest, Ward 7B bed 3: \d+ people, \d+ without a phone$/)
  expect(body).toMatchObject({ number: '2201', class: 'emergency', kind: 'adult-arrest', radio: true })
  expect(body.words).toBe('ADULT ARREST WARD 7B BED 3')
  expect(body.withoutPhone).toBe(body.people - 1)
  expect(body.steps[0]).toMatchObject({ afterSeconds: 0, radio: true })
  expect(await rung()).toEqual([])
})

test('a call is stored, raised and handed to phones and radio in one go, with who started it on the record', async () => {
  bed = await openBed({ policies: { calls: { kinds: [...KINDS] } } })
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const { status, body } = await post('/calls', { ...ARREST, text: 'post-op', from: '70223' })
  expect(status).toBe(201)
  expect(body.asks).toContainEqual(expect.objectContaining({ person: bed.holder('med-reg') }))
  const [bleep, alert, attempts] = await bed.store.transact((tx) =>
    Promise.all([
      tx.bleeps.get(asId<BleepId>(body.bleep)),
      tx.alerts.get(asId<AlertId>(body.alert)),
      tx.attempts.ofAlert(asId<AlertId>(body.alert)),
    ]),
  )
  expect(bleep).toMatchObject({
    ...{ number: '2201', stage: 'routed' },
    page: { text: 'ADULT ARREST WARD 7B BED 3 POST-OP', to: { scheme: 'number', number: '2201' } },
    meaning: { class: 'emergency', place: 'Ward 7B bed 3', callBack: '70223', reason: 'called-at-desk' },
  })
  expect(alert?.phase).toBe('ringing')
  expect(attempts.map((a) => a.channel).sort()).toEqual(['radio', 'socket'])
  expect(attempts.find((a) => a.channel === 'socket')?.device).toBe(phone.id)
  const page = await bed.http.app.inject({
    url: `/api/v1/alerts/${body.alert}`,
    headers: { authorization: `Bearer ${KEYS.switchboard}` },
  })
  expect(page.json().timeline).toContainEqual(
    expect.objectContaining({ sentence: 'Started at the call desk by Switchboard (switchboard-op)' }),
  )
})

test('a press whose answer was lost is made again and is the same call; a new press is a new one', async () => {
  const clock = new VirtualClock()
  bed = await openBed({ clock, policies: { calls: { kinds: [...KINDS] } } })
  const pressed = { ...ARREST, press: PRESS }
  const first = await post('/calls', pressed)
  const [again, too] = await Promise.all([post('/calls', pressed), post('/calls', pressed)])
  for (const one of [again, too]) {
    expect(one.status).toBe(201)
    expect(one.body).toEqual(first.body)
  }
  expect(await rung()).toHaveLength(1)
  // The same place may arrest again: whoever presses anew is believed.
  expect((await post('/calls', { ...ARREST, press: OTHER })).body.alert).not.toBe(first.body.alert)
  expect((await post('/calls', ARREST)).body.alert).not.toBe(first.body.alert)
  clock.advance(11 * MINUTE)
  expect((await post('/calls', pressed)).body.alert).not.toBe(first.body.alert)
})

test('the operator’s word stands: what is typed may raise it and never lower it', async () => {
  bed = await openBed({ policies: { calls: { kinds: [...KINDS] } } })
  for (const text of ['TEST', 'STAND DOWN CARDIAC ARREST', 'routine']) {
    const { body } = await post('/calls', { ...ARREST, text })
    const bleep = await bed.store.transact((tx) => tx.bleeps.get(asId<BleepId>(body.bleep)))
    expect(bleep?.meaning).toMatchObject({ class: 'emergency', kind: 'adult-arrest' })
  }
  const { body } = await post('/calls', { to: '1113', text: 'cardiac arrest ward 9' })
  const bleep = await bed.store.transact((tx) => tx.bleeps.get(asId<BleepId>(body.bleep)))
  expect(bleep?.meaning?.class).toBe('emergency')
})

test('words are such as every pager shows', async () => {
  bed = await openBed({ policies: { calls: { kinds: [...KINDS] } } })
  const { body } = await post('/calls/preview', {
    ...ARREST,
    place: 'Ward Ŵy’n – café',
    text: 'x'.repeat(240),
  })
  expect(body.words).toMatch(/^ADULT ARREST WARD WY'N CAFE X+$/)
  expect(body.words.length).toBe(200)
})

test('a place is shown in the order it was typed in, whatever cannot be seen of it', async () => {
  bed = await openBed({ policies: { calls: { kinds: [...KINDS] } } })
  await post('/calls', { ...ARREST, place: ' Ward \u202E7B\u0007 bed 3\u200B ' })
  await post('/calls', { ...ARREST, place: '\u200B' })
  expect((await rung()).map(({ place }: { place?: string }) => place).sort()).toEqual([
    'Ward 7B bed 3',
    undefined,
  ])
})

test('without a list the urgent numbers of the plan can be called; a kind that two carry wants the number too', async () => {
  bed = await openBed()
  const { kinds, places } = await listed()
  expect(kinds).toContainEqual({
    ...{ kind: 'paediatric-arrest', name: 'Paediatric arrest', number: '2202' },
    ...{ class: 'emergency', mass: false },
  })
  expect(kinds.some((k: { class?: string }) => k.class === 'test')).toBe(false)
  expect(places).toContain('Ward 1A')
  expect((await post('/calls', { kind: 'paediatric-arrest', place: 'ED' })).status).toBe(201)
  const unclear = await post('/calls', ARREST)
  expect([unclear.status, unclear.body.code, unclear.body.detail]).toEqual([
    409,
    'call-unclear',
    '2201, 2231',
  ])
  expect((await post('/calls', { ...ARREST, to: '2231' })).body.number).toBe('2231')
})

test('nobody is called by what the site does not have, or by whoever may not', async () => {
  bed = await openBed()
  const codes = []
  for (const body of [{ kind: 'tea' }, { to: '9999' }, { to: 'role:nobody' }, { to: 'person:' }, {}])
    codes.push((await post('/calls', body)).status)
  expect(codes).toEqual([404, 404, 404, 404, 400])
  for (const key of [KEYS.estates, KEYS.governance, KEYS.admin])
    expect((await post('/calls', { to: '2201' }, key)).status).toBe(403)
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  expect((await post('/calls', { to: '2201' }, phone.token)).status).toBe(403)
  expect(await rung()).toEqual([])
})

test('a role, a team and a person can be called; without a pager number, by phone alone', async () => {
  bed = await openBed()
  expect((await post('/calls/preview', { to: 'role:med-reg', text: 'ring 70223' })).body).toMatchObject({
    ...{ number: '1113', to: 'role:med-reg', radio: true },
  })
  const person = bed.holder('med-reg')
  expect((await post('/calls/preview', { to: `person:${person}`, text: 'x' })).body).toMatchObject({
    ...{ number: `person:${person}`, radio: false, people: 1 },
  })
})

test('where there is no way on to the air nothing is promised to pagers', async () => {
  bed = await openBed({ radio: false })
  const { body } = await post('/calls', { kind: 'trauma', place: 'ED' })
  expect(body.radio).toBe(false)
  const alert = await bed.store.transact((tx) => tx.alerts.get(asId<AlertId>(body.alert)))
  expect(alert?.plan.steps[0]?.radio).toBe(false)
})

test('a call to many people waits for a second operator, who sends what the first one asked for', async () => {
  const second = 'second-operator-key-for-tests'
  bed = await openBed({
    policies: { calls: { kinds: [...KINDS] } },
    config: {
      operators: [
        { operator: 'switchboard-op', role: 'switchboard', tokenDigest: sha256(KEYS.switchboard) },
        { operator: 'second-op', role: 'switchboard', tokenDigest: sha256(second) },
      ],
    },
  })
  const wanted = { kind: 'major-incident', place: 'ED', text: 'STANDBY' }
  // Pressed again because the answer was lost, it still waits once.
  await post('/calls', { ...wanted, press: PRESS })
  const first = await post('/calls', { ...wanted, press: PRESS })
  expect([first.status, first.body.code]).toEqual([409, 'call-unconfirmed'])
  expect((await get('/site')).calls).toHaveLength(1)
  const [waiting] = (await get('/site')).calls
  expect(waiting).toMatchObject({ by: 'switchboard-op', says: 'Major incident, ED' })
  const { confirm } = waiting
  expect((await post('/calls', { ...wanted, confirm })).body.code).toBe('call-confirm-other')
  expect((await post('/calls', { ...wanted, confirm: 'held' }, second)).body.code).toBe('call-unconfirmed')
  const sent = await post('/calls', { confirm }, second)
  expect(sent.status).toBe(201)
  const bleep = await bed.store.transact((tx) => tx.bleeps.get(asId<BleepId>(sent.body.bleep)))
  expect(bleep?.page.text).toBe('MAJOR INCIDENT ED STANDBY')
  // Two who confirm at once are one call.
  expect((await post('/calls', { ...wanted, confirm }, second)).body.code).toBe('call-confirm-gone')
  expect((await get('/site')).calls).toEqual([])
})

test('where the site says so a held press does, and a plain one does not', async () => {
  bed = await openBed({ policies: { calls: { kinds: [...KINDS], mass: 'held-press' } } })
  const wanted = { kind: 'major-incident', place: 'ED' }
  expect((await post('/calls/preview', wanted)).body.confirm).toBe('held-press')
  expect((await post('/calls', wanted)).body.code).toBe('call-unconfirmed')
  expect((await get('/site')).calls).toEqual([])
  expect((await post('/calls', { ...wanted, confirm: 'held' })).status).toBe(201)
})

test('the operator’s own steps are ticked on the record of the call, also once it is over', async () => {
  bed = await openBed({ policies: { calls: { kinds: [...KINDS] } } })
  const { body } = await post('/calls', ARREST)
  const page = async () =>
    (
      await bed.http.app.inject({
        url: `/api/v1/alerts/${body.alert}`,
        headers: { authorization: `Bearer ${KEYS.switchboard}` },
      })
    ).json()
  const { version, sheet } = await page()
  expect(sheet).toEqual([{ step: 'Ring 999' }, { step: 'Open the doors' }])
  const tick = (step: string, done: boolean) =>
    post(`/alerts/${body.alert}/actions`, { action: 'tick', step, done, version })
  expect((await tick('Ring 999', true)).status).toBe(200)
  await tick('Ring 999', true)
  const after = await page()
  // What is ticked decides nothing: the version that people answer to stays.
  expect(after.version).toBe(version)
  expect(after.sheet[0].done).toMatchObject({ by: 'switchboard-op' })
  await post(`/alerts/${body.alert}/actions`, { action: 'finish', version })
  await tick('Open the doors', true)
  await tick('Ring 999', false)
  const last = await page()
  expect(last.sheet.map((s: { done?: object }) => s.done !== undefined)).toEqual([false, true])
  expect(
    last.timeline.map((l: { sentence: string }) => l.sentence).filter((s: string) => /Done|Not done/.test(s)),
  ).toEqual([
    'Done: Ring 999 (Switchboard (switchboard-op))',
    'Done: Open the doors (Switchboard (switchboard-op))',
    'Not done after all: Ring 999 (Switchboard (switchboard-op))',
  ])
})
