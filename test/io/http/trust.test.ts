import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadSite } from '../../../src/config/site.ts'
import { trustSchema } from '../../../src/core/directory/trust.ts'
import { asId } from '../../../src/core/ids.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const NOW = Date.UTC(2026, 8, 8, 12)
const trust = trustSchema.parse({
  title: 'Bleeps at Brackenfell',
  version: '4',
  content: [{ staffGroups: ['porter'], words: 'none' }],
  asks: { phone: ['routine'] },
  organisations: [{ id: 'labs', name: 'Contract laboratory', roles: ['blood-bank'] }],
  acceptedUse: {
    ...{ version: 'b', text: 'Bleeps are confidential.\nKeep the phone locked.' },
    welsh: 'Mae galwadau’n gyfrinachol.',
  },
  drill: { months: 12 },
})

const demo = loadSite('config/sites/demo', NOW)
let bed: Bed
beforeEach(async () => {
  if (!demo.ok) throw new Error('the demo site has faults')
  const dataPlaces = { data: [{ what: 'Database', where: 'here' }], leaves: [], kept: [] }
  bed = await openBed({
    ...{ clock: new VirtualClock(NOW), site: { ...demo.site, trust } },
    desk: { dataPlaces },
  })
})
afterEach(() => bed.close())

const call = async (key: string, method: 'GET' | 'POST' | 'PUT', path: string, body?: object) => {
  const said = await bed.http.app.inject({
    ...{ method, url: `/api/v1${path}`, headers: { authorization: `Bearer ${key}` } },
    ...(body === undefined ? {} : { payload: body }),
  })
  return { status: said.statusCode, body: said.body === '' ? undefined : said.json() }
}
const phoneOf = (role: string) => bed.enrol({ person: bed.holder(role) })
const ARREST = {
  text: 'ARREST BED 3 943 476 5919',
  ...{ kind: 'adult-arrest', class: 'emergency' as const },
  roles: ['med-reg', 'porter', 'blood-bank'],
} as const
const words = async (key: string) => (await call(key, 'GET', '/inbox?since=0')).body.items[0].alert.words
const audit = async () => {
  await bed.trail.flush()
  const { entries } = (await call(KEYS.governance, 'GET', '/audit')).body
  return entries.map((e: { action: string; subject: string }) => e.action)
}

test('what an opened call shows goes by the policy: a doctor all, a laboratory no identifier, a porter no words', async () => {
  const [doctor, porter, lab] = [
    await phoneOf('med-reg'),
    await phoneOf('porter'),
    await phoneOf('blood-bank'),
  ]
  const alert = await bed.call(ARREST)
  expect(await words(doctor.token)).toBe(ARREST.text)
  expect(await words(porter.token)).toBeUndefined()
  expect(await words(lab.token)).not.toContain('943 476 5919')
  const page = await call(porter.token, 'GET', `/alerts/${alert.id}`)
  expect(page.status).toBe(200)
  expect(JSON.stringify(page.body)).not.toContain('943 476 5919')
})

test('an outside organisation has a record of its own of what its people saw, said and asked', async () => {
  const [lab, doctor] = [await phoneOf('blood-bank'), await phoneOf('med-reg')]
  const alert = await bed.call(ARREST)
  await words(lab.token)
  const said = { answer: 'accepted', version: alert.version }
  expect((await call(lab.token, 'POST', `/alerts/${alert.id}/answers`, said)).status).toBe(200)
  const ask = { role: 'med-reg', urgency: 'routine', what: 'results are ready' }
  expect(await call(lab.token, 'POST', '/asks', ask)).toMatchObject({
    status: 409,
    body: { code: 'ask-barred' },
  })
  expect((await audit()).filter((action: string) => action.startsWith('outside.'))).toEqual([
    'outside.labs.read',
    'outside.labs.answer',
    'outside.labs.ask-refused',
  ])
  await words(doctor.token)
  expect((await audit()).filter((action: string) => action.startsWith('outside.'))).toHaveLength(3)
})

test('classes by who asks: a phone may ask for what is routine, and is offered nothing else', async () => {
  const doctor = await phoneOf('med-reg')
  const ask = (urgency: string) =>
    call(doctor.token, 'POST', '/asks', { role: 'surg-reg', urgency, what: 'please review' })
  expect((await ask('routine')).status).toBe(201)
  expect(await ask('urgent')).toMatchObject({ status: 409, body: { code: 'ask-barred' } })
  expect((await call(doctor.token, 'GET', '/asks/choices')).body.urgencies).toEqual(['routine'])
})

test('terms of use are signed by each person, in the version that they have read', async () => {
  const doctor = await phoneOf('med-reg')
  const me = await call(doctor.token, 'GET', '/me')
  expect(me.body.acceptedUse).toEqual(trust.acceptedUse)
  expect((await call(doctor.token, 'POST', '/accepted-use', { version: 'a' })).status).toBe(400)
  const signed = await call(doctor.token, 'POST', '/accepted-use', { version: 'b' })
  expect(signed.body).not.toHaveProperty('acceptedUse')
  // A second phone of the same person asks for nothing more; nor does a shared handset, where nobody knows who reads.
  const second = await phoneOf('med-reg')
  expect((await call(second.token, 'GET', '/me')).body).not.toHaveProperty('acceptedUse')
  const shared = await bed.enrol({ role: 'med-reg' })
  expect((await call(shared.token, 'GET', '/me')).body).not.toHaveProperty('acceptedUse')
  expect((await call(shared.token, 'POST', '/accepted-use', { version: 'b' })).status).toBe(401)
  expect(await audit()).toContain('accepted-use.signed')
})

test('until they are signed nothing is read but an emergency, which rings and is read all the same; a new version asks anew', async () => {
  const doctor = await phoneOf('med-reg')
  const routine = await bed.call({
    ...{ text: 'MRS BLACK BED 3 RING 4421', kind: 'call-back', class: 'routine', callBack: '4421' },
    ...{ place: 'Ward 7B', roles: ['med-reg'], number: '1113' },
  })
  const arrest = await bed.call(ARREST)
  const read = async () => {
    const { items } = (await call(doctor.token, 'GET', '/inbox?since=0')).body
    const { alerts } = (await call(doctor.token, 'GET', '/alerts')).body
    const page = (await call(doctor.token, 'GET', `/alerts/${routine.id}`)).body
    const own = (list: { id: string }[], id: string) => list.find((one) => one.id === id)
    const cards = items.map((one: { alert: { id: string } }) => one.alert)
    return {
      inbox: own(cards, routine.id),
      list: own(alerts, routine.id),
      page,
      crash: own(cards, arrest.id),
    }
  }
  await bed.alerts.apply(routine.id, {
    ...{ kind: 'said', at: bed.clock.now(), by: { kind: 'switchboard', operator: 'op' } },
    said: { kind: 'note', text: 'Mrs Black is worse' },
  })
  const before = await read()
  expect(before.crash).toMatchObject({ words: ARREST.text })
  for (const seen of [before.inbox, before.list, before.page]) {
    expect(seen).toMatchObject({ id: routine.id, place: 'Ward 7B' })
    expect(JSON.stringify(seen)).not.toMatch(/BLACK|Black|4421/)
  }
  // It can be answered all the same: nobody waits for a signature.
  const said = { answer: 'accepted', version: routine.version }
  expect((await call(doctor.token, 'POST', `/alerts/${routine.id}/answers`, said)).status).toBe(200)

  await call(doctor.token, 'POST', '/accepted-use', { version: 'b' })
  const after = await read()
  for (const seen of [after.inbox, after.list, after.page])
    expect(seen).toMatchObject({ words: 'MRS BLACK BED 3 RING 4421', callBack: '4421' })
  expect(JSON.stringify(after.page.thread)).toContain('Mrs Black is worse')

  const newer = { ...trust, acceptedUse: { version: 'c', text: 'Changed.' } }
  if (demo.ok) await bed.roster.replace({ ...demo.site, trust: newer })
  expect((await read()).inbox).not.toHaveProperty('words')
  expect((await call(doctor.token, 'GET', '/me')).body.acceptedUse.version).toBe('c')
})

test('what is seen goes by the way to a device and by whose it is', async () => {
  const strict = trustSchema.parse({
    ...{ title: 'Bleeps', version: '5' },
    content: [
      { ways: ['socket'], words: 'none' },
      { devices: 'shared', words: 'masked' },
    ],
  })
  if (demo.ok) await bed.roster.replace({ ...demo.site, trust: strict })
  const own = await phoneOf('med-reg')
  const pushed = await phoneOf('med-reg')
  const ward = await bed.enrol({ role: 'med-reg' })
  const by = (id: string, channel: 'webpush') =>
    bed.store.transact(async (tx) => {
      const device = await tx.devices.get(asId(id))
      if (device) await tx.devices.save({ ...device, channel })
    })
  await by(pushed.id, 'webpush')
  await by(ward.id, 'webpush')
  const alert = await bed.call(ARREST)
  const everywhere = async (key: string) => {
    const page = (await call(key, 'GET', `/alerts/${alert.id}`)).body
    const { alerts } = (await call(key, 'GET', '/alerts')).body
    return [await words(key), page.words, alerts[0].words]
  }
  expect(await everywhere(own.token)).toEqual([undefined, undefined, undefined])
  expect(await everywhere(pushed.token)).toEqual(Array(3).fill(ARREST.text))
  expect(await everywhere(ward.token)).toEqual(Array(3).fill('ARREST BED 3 [NHS number]'))
})

test('what a shared display on the broker shows is without identifiers, whoever reads it', async () => {
  const { id, token } = await phoneOf('med-reg')
  await bed.store.transact(async (tx) => {
    const device = await tx.devices.get(asId(id))
    if (device) await tx.devices.save({ ...device, channel: 'mqtt' })
  })
  await bed.call(ARREST)
  expect(await words(token)).toBe('ARREST BED 3 [NHS number]')
})

test('a crash role is taken by whoever has answered a test ring lately, or by name and with a reason', async () => {
  const holder = bed.holder('med-reg')
  const other = bed.holder('med-sho')
  const third = bed.holder('surg-f1')
  const phone = await bed.enrol({ person: other })
  const force = (to: string, role = 'med-reg') =>
    call(KEYS.switchboard, 'POST', `/handovers/${role}`, { to, force: true })
  expect(await force(other)).toMatchObject({ status: 409, body: { code: 'drill-undone' } })
  expect((await force(other, 'surg-f1')).status).toBe(201)
  const span = { from: '2026-09-08T12:00:00Z', to: '2026-09-08T20:00:00Z' }
  const override = { kind: 'override', role: 'med-reg', person: third, mode: 'instead', ...span }
  expect((await call(KEYS.switchboard, 'POST', '/rota/changes', override)).body.code).toBe('drill-undone')

  // Saying that it was heard is no drill where no ring has reached the phone.
  await call(phone.token, 'PUT', '/devices/me/sound', { heard: true })
  expect((await force(other)).status).toBe(409)
  const { test: ring } = (await call(phone.token, 'POST', '/devices/me/self-test')).body
  await call(phone.token, 'POST', '/receipts', { attempt: ring, stage: 'presented' })
  await call(phone.token, 'PUT', '/devices/me/sound', { heard: true })
  expect((await force(other)).status).toBe(201)

  const waive = (person: string, until: string) =>
    call(KEYS.switchboard, 'POST', `/drills/${person}/waiver`, { reason: 'agency, first night', until })
  expect((await waive(third, '2027-09-08T12:00:00Z')).status).toBe(400)
  expect((await waive(third, '2026-09-09T12:00:00Z')).status).toBe(200)
  expect((await force(third)).status).toBe(201)
  expect((await force(holder)).status).toBe(409)
  expect(await audit()).toContain('drill.waived')
})

test('an answered test call is a drill too', async () => {
  const phone = await phoneOf('surg-f1')
  const alert = await bed.call({ text: 'TEST', kind: 'test', class: 'test', roles: ['surg-f1'] })
  await call(phone.token, 'POST', `/alerts/${alert.id}/answers`, {
    answer: 'accepted',
    version: alert.version,
  })
  const taken = await call(KEYS.switchboard, 'POST', '/handovers/med-reg', {
    ...{ to: bed.holder('surg-f1'), force: true },
  })
  expect(taken.status).toBe(201)
})

test('one page, made from what runs: approved or not, where the data is, who sees it, what holds', async () => {
  const doctor = await phoneOf('med-reg')
  await call(doctor.token, 'POST', '/accepted-use', { version: 'b' })
  const read = async (key: string) => (await call(key, 'GET', '/policy')).body
  const seen = await read(KEYS.governance)
  expect(seen).toMatchObject({
    approval: { title: 'Bleeps at Brackenfell', version: '4', overdue: false },
    data: [{ what: 'Database', where: 'here' }],
    terms: { version: 'b', signed: 1 },
    drill: { months: 12, waived: [] },
  })
  expect(seen.readers).toContainEqual({ role: 'governance', words: 'masked', names: false })
  expect(seen.rules).toEqual([
    'For bleeps to staff of group porter: Once opened, no words are shown.',
    'From a phone: only bleeps of class routine may be asked for.',
    'Contract laboratory, another organisation, holds Blood bank scientist here. A record of its own is kept of its people. A locked screen, a text or a call says how urgent it is, and no more. Once opened, the words are shown without what identifies a patient. They may ask for no bleeps.',
  ])
  // Names are for whoever may see them.
  expect([seen.terms.unsigned, seen.drill.names]).toEqual([undefined, undefined])
  expect(seen.drill.undrilled).toBeGreaterThan(10)
  const known = await read(KEYS.admin)
  expect(known.terms.unsigned).toHaveLength(known.terms.people - 1)
  expect(known.drill.names).toHaveLength(known.drill.undrilled)
  expect((await call(KEYS.switchboard, 'GET', '/policy')).status).toBe(403)

  const headers = { authorization: `Bearer ${KEYS.governance}` }
  const page = await bed.http.app.inject({ url: '/api/v1/policy?format=html', headers })
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  for (const head of ['Is it approved?', 'Where is the data?', 'Who can see it?', 'What policy is in force?'])
    expect(page.body).toContain(`<h2>${head}</h2>`)
  expect(page.body).toContain('names nobody who approved it')
  expect(page.body).not.toContain('<script')
  expect(await audit()).toContain('policy.read')
})
