import { afterEach, beforeEach, expect, test } from 'vitest'
import { asId } from '../../../src/core/ids.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'

let bed: Bed
beforeEach(async () => {
  bed = await openBed()
})
afterEach(() => bed.close())

const ARREST = {
  text: 'ADULT CARDIAC ARREST WARD 7B BED 3',
  kind: 'adult-arrest',
  class: 'emergency',
  place: 'WARD 7B BED 3',
  roles: ['med-reg', 'ccu-nurse'],
} as const

function post(url: string, token: string, payload: object) {
  return bed.http.app.inject({ method: 'POST', url, headers: { authorization: `Bearer ${token}` }, payload })
}
function get(url: string, token: string) {
  return bed.http.app.inject({ url, headers: { authorization: `Bearer ${token}` } })
}

test('a bleep reaches the inbox, is confirmed, accepted and seen on the board with what is still missing', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  await bed.enrol({ person: bed.holder('ccu-nurse') })
  const alert = await bed.call(ARREST)

  const inbox = (await get('/api/v1/inbox', phone.token)).json()
  expect(inbox.items).toHaveLength(1)
  const [item] = inbox.items
  expect(item).toMatchObject({
    purpose: 'ask',
    ring: true,
    alert: { words: ARREST.text, place: 'WARD 7B BED 3', class: 'emergency', you: { state: 'asked' } },
  })

  for (const stage of ['on-device', 'presented', 'opened']) {
    const receipt = await post('/api/v1/receipts', phone.token, { attempt: item.attempt, stage })
    expect(receipt.statusCode).toBe(200)
    expect(receipt.json()).toEqual({ moved: true })
  }
  const again = await post('/api/v1/receipts', phone.token, { attempt: item.attempt, stage: 'on-device' })
  expect(again.json()).toEqual({ moved: false })

  const answer = await post(`/api/v1/alerts/${alert.id}/answers`, phone.token, {
    answer: 'accepted',
    version: item.alert.version,
  })
  expect(answer.statusCode).toBe(200)
  expect(answer.json()).toMatchObject({ outcome: 'applied', phase: 'ringing', you: 'accepted' })

  const board = (await get('/api/v1/alerts', KEYS.switchboard)).json()
  expect(board.alerts[0]).toMatchObject({ id: alert.id, missing: [{ role: 'ccu-nurse', count: 1 }] })

  const whole = (await get(`/api/v1/alerts/${alert.id}`, KEYS.switchboard)).json()
  expect(whole.hops.map((h: { hop: string }) => h.hop)).toEqual([
    'first-byte',
    'last-byte',
    'decoded',
    'stored',
    'routed',
    'on-device',
    'presented',
    'opened',
    'accepted',
  ])
  expect(whole.timeline.map((l: { what: string }) => l.what)).toContain('answered')
  expect(whole.attempts[0]).toMatchObject({ state: 'opened', channel: 'socket' })
})

test('the same answer twice happens once and is no error', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const alert = await bed.call(ARREST)
  const body = { answer: 'accepted', version: alert.version }
  const first = await post(`/api/v1/alerts/${alert.id}/answers`, phone.token, body)
  const second = await post(`/api/v1/alerts/${alert.id}/answers`, phone.token, body)
  expect(first.json().outcome).toBe('applied')
  expect(second.statusCode).toBe(200)
  expect(second.json()).toMatchObject({ outcome: 'already', version: first.json().version })
})

test('receipts leave the version alone; any other version than the one that stands is refused with what stands', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const nurse = await bed.enrol({ person: bed.holder('ccu-nurse') })
  const alert = await bed.call(ARREST)
  const answers = `/api/v1/alerts/${alert.id}/answers`
  const shown = async () => (await get(`/api/v1/alerts/${alert.id}`, phone.token)).json()
  const { version, revision } = await shown()
  const [item] = (await get('/api/v1/inbox', phone.token)).json().items
  for (const stage of ['on-device', 'presented', 'opened'])
    await post('/api/v1/receipts', phone.token, { attempt: item.attempt, stage })
  expect(await shown()).toMatchObject({ version, revision: revision + 3 })

  for (const wrong of [version - 1, version + 1, version + 99]) {
    const refused = await post(answers, phone.token, { answer: 'accepted', version: wrong })
    expect(refused.statusCode).toBe(409)
    expect(refused.json()).toMatchObject({
      code: 'answer-stale',
      stands: { alert: alert.id, version, phase: 'ringing', you: 'opened', coming: [] },
    })
  }
  expect((await post(answers, nurse.token, { answer: 'accepted', version })).json()).toMatchObject({
    outcome: 'applied',
  })
  const behind = await post(answers, phone.token, { answer: 'accepted', version })
  expect(behind.statusCode).toBe(409)
  const { stands } = behind.json()
  expect(stands).toMatchObject({ again: true, coming: [{ person: bed.holder('ccu-nurse') }] })
  const again = await post(answers, phone.token, { answer: 'accepted', version: stands.version })
  expect(again.json()).toMatchObject({ outcome: 'applied', you: 'accepted', phase: 'covered' })
  // The same answer once more, as a phone repeats it that never heard the reply, is no error.
  expect((await post(answers, phone.token, { answer: 'accepted', version })).statusCode).toBe(200)
  const changed = await post(answers, phone.token, { answer: 'declined', version: stands.version })
  expect(changed.statusCode).toBe(409)
  expect(changed.json().stands).not.toHaveProperty('again')
})

test('what the switchboard does must have seen what stands too; harmless acts may be sent again', async () => {
  const alert = await bed.call(ARREST)
  const act = (body: object) => post(`/api/v1/alerts/${alert.id}/actions`, KEYS.switchboard, body)
  const { version } = (await get(`/api/v1/alerts/${alert.id}`, KEYS.switchboard)).json()
  const person = bed.holder('med-reg')
  await post(`/api/v1/alerts/${alert.id}/answers`, KEYS.switchboard, { answer: 'accepted', version, person })
  const again = async (body: object) => {
    const refused = await act(body)
    expect(refused.statusCode).toBe(409)
    return refused.json().stands.again ?? false
  }
  expect(await again({ action: 'close', version })).toBe(false)
  expect(await again({ action: 'release', version, person })).toBe(false)
  expect(await again({ action: 'take-over', version })).toBe(true)
  expect(await again({ action: 'also-ask', version, role: 'anaes-reg' })).toBe(true)
  const { version: now } = (await get(`/api/v1/alerts/${alert.id}`, KEYS.switchboard)).json()
  const asked = await act({ action: 'also-ask', version: now, role: 'anaes-reg' })
  expect(asked.json()).toMatchObject({ outcome: 'applied' })
  const twice = await act({ action: 'also-ask', version: now, role: 'anaes-reg' })
  expect(twice.json()).toMatchObject({ outcome: 'already' })
})

test('an answer that has not seen its own release is refused with what stands', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const alert = await bed.call(ARREST)
  await post(`/api/v1/alerts/${alert.id}/answers`, phone.token, {
    answer: 'accepted',
    version: alert.version,
  })
  const now = (await get(`/api/v1/alerts/${alert.id}`, KEYS.switchboard)).json()
  const released = await post(`/api/v1/alerts/${alert.id}/actions`, KEYS.switchboard, {
    action: 'release',
    person: bed.holder('med-reg'),
    version: now.version,
  })
  expect(released.statusCode).toBe(200)
  const stale = await post(`/api/v1/alerts/${alert.id}/answers`, phone.token, {
    answer: 'attending',
    version: now.version,
  })
  expect(stale.statusCode).toBe(409)
  expect(stale.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(stale.json()).toMatchObject({
    code: 'answer-stale',
    status: 409,
    stands: { alert: alert.id, you: 'stood-down' },
  })
})

test('an answer after the end is refused with who closed it', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const alert = await bed.call(ARREST)
  await post(`/api/v1/alerts/${alert.id}/actions`, KEYS.switchboard, {
    action: 'close',
    version: alert.version,
  })
  const late = await post(`/api/v1/alerts/${alert.id}/answers`, phone.token, {
    answer: 'accepted',
    version: alert.version,
  })
  expect(late.statusCode).toBe(409)
  expect(late.json()).toMatchObject({ code: 'answer-late', stands: { phase: 'closed' } })
})

test('whatever is pressed on a call that a colleague has finished says that it told nobody', async () => {
  const alert = await bed.call(ARREST)
  const at = `/api/v1/alerts/${alert.id}`
  const version = async () => (await get(at, KEYS.switchboard)).json().version
  await post(`${at}/actions`, KEYS.switchboard, { version: await version(), action: 'finish' })
  const person = bed.holder('med-reg')
  for (const act of [
    { action: 'finish' },
    { action: 'stand-down', reason: 'false-alarm' },
    { action: 'take-over' },
    { action: 'page-by-radio' },
    { action: 'ask-again' },
    { action: 'undo', person },
  ]) {
    const late = await post(`${at}/actions`, KEYS.switchboard, { version: await version(), ...act })
    expect(late.json(), act.action).toMatchObject({
      code: 'answer-late',
      title: 'The call is already closed',
      stands: { sentence: expect.stringContaining('nobody was told') },
    })
  }
  const attempts = await bed.store.transact((tx) => tx.attempts.ofAlert(alert.id))
  expect(attempts.filter(({ purpose }) => purpose === 'cancel')).toEqual([])
})

test('the switchboard answers for somebody on the telephone, and only for somebody', async () => {
  const alert = await bed.call(ARREST)
  const nobody = await post(`/api/v1/alerts/${alert.id}/answers`, KEYS.switchboard, {
    answer: 'accepted',
    version: alert.version,
  })
  expect(nobody.json()).toMatchObject({ code: 'request-invalid', status: 400 })
  const told = await post(`/api/v1/alerts/${alert.id}/answers`, KEYS.switchboard, {
    answer: 'attending',
    version: alert.version,
    person: bed.holder('ccu-nurse'),
  })
  expect(told.json()).toMatchObject({ outcome: 'applied', you: 'attending' })
})

test('on a handset that two people share each says who it is, and nobody else is believed', async () => {
  const [one, two] = [bed.holder('med-reg'), bed.holder('ccu-nurse')]
  const now = bed.clock.now()
  await bed.roster.edit('test', {
    kind: 'override',
    role: asId('med-reg'),
    person: two,
    from: now - 1000,
    to: now + 3_600_000,
    mode: 'also',
  })
  const handset = await bed.enrol({ role: 'med-reg' })
  expect((await get('/api/v1/me', handset.token)).json().people).toMatchObject([
    { person: one },
    { person: two, name: expect.any(String) },
  ])
  const alert = await bed.call({ text: 'X', kind: 'met', class: 'urgent', roles: ['med-reg'] })
  const answer = (person?: string) =>
    post(`/api/v1/alerts/${alert.id}/answers`, handset.token, {
      answer: 'accepted',
      version: alert.version,
      ...(person === undefined ? {} : { person }),
    })
  expect((await answer()).json()).toMatchObject({ code: 'answerer-unclear' })
  expect((await answer(bed.holder('neo-reg'))).json()).toMatchObject({ code: 'not-permitted', status: 403 })
  expect((await answer(two)).json()).toMatchObject({ outcome: 'applied', you: 'accepted' })
  const stored = await bed.store.transact((tx) => tx.alerts.get(alert.id))
  expect(stored?.responders[two]?.state).toBe('accepted')
  expect(stored?.responders[one]?.state).not.toBe('accepted')
  const said = await post(`/api/v1/alerts/${alert.id}/thread`, handset.token, {
    ...{ kind: 'eta', text: '2 min', person: two },
  })
  expect(said.json()).toMatchObject({ outcome: 'applied' })
})

test('a phone that was not asked sees nothing of the alert and cannot answer or write', async () => {
  const stranger = await bed.enrol({ person: bed.holder('neo-reg') })
  const alert = await bed.call(ARREST)
  expect((await get(`/api/v1/alerts/${alert.id}`, stranger.token)).statusCode).toBe(404)
  expect((await get('/api/v1/alerts', stranger.token)).json().alerts).toEqual([])
  const answer = await post(`/api/v1/alerts/${alert.id}/answers`, stranger.token, {
    answer: 'accepted',
    version: alert.version,
  })
  expect(answer.json()).toMatchObject({ code: 'answer-not-asked', status: 409 })
  const said = await post(`/api/v1/alerts/${alert.id}/thread`, stranger.token, {
    kind: 'note',
    text: 'Hello',
  })
  expect(said.statusCode).toBe(409)
})

test('a responder asks another role for a second opinion: it is rung, and stands on the thread and the time line', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const anaesthetist = await bed.enrol({ person: bed.holder('anaes-reg') })
  const alert = await bed.call(ARREST)
  const thread = `/api/v1/alerts/${alert.id}/thread`
  const asked = await post(thread, phone.token, { kind: 'need-role', role: 'anaes-reg' })
  expect(asked.statusCode).toBe(200)
  const [item] = (await get('/api/v1/inbox', anaesthetist.token)).json().items
  expect(item).toMatchObject({ purpose: 'ask', ring: true, alert: { id: alert.id } })
  const whole = (await get(`/api/v1/alerts/${alert.id}`, phone.token)).json()
  const name = bed.roster.current().roles.get(asId('anaes-reg'))?.name
  expect(whole.thread).toMatchObject([
    { kind: 'need-role', text: name, role: name, by: bed.holder('med-reg') },
  ])
  const onBoard = (await get(`/api/v1/alerts/${alert.id}`, KEYS.switchboard)).json()
  expect(onBoard.timeline.map((l: { sentence: string }) => l.sentence).join()).toContain(
    `asked ${name} as well`,
  )
  expect((await post(thread, phone.token, { kind: 'need-role', role: 'nobody' })).json()).toMatchObject({
    code: 'role-unknown',
  })
  for (const wrong of [{ kind: 'need-role' }, { kind: 'note', role: 'anaes-reg' }, { kind: 'eta' }])
    expect((await post(thread, phone.token, wrong)).statusCode).toBe(400)
  const unknown = { action: 'also-ask', version: alert.version, role: 'nobody' }
  const refused = await post(`/api/v1/alerts/${alert.id}/actions`, KEYS.switchboard, unknown)
  expect(refused.json()).toMatchObject({ code: 'role-unknown' })
})

test('replies stand on the thread, and an ETA beside its giver', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const alert = await bed.call(ARREST)
  await post(`/api/v1/alerts/${alert.id}/thread`, phone.token, { kind: 'eta', text: '5 min' })
  await post(`/api/v1/alerts/${alert.id}/thread`, KEYS.switchboard, { kind: 'note', text: 'Lift B is out' })
  const whole = (await get(`/api/v1/alerts/${alert.id}`, phone.token)).json()
  expect(whole.thread.map((s: { kind: string; text: string }) => [s.kind, s.text])).toEqual([
    ['eta', '5 min'],
    ['note', 'Lift B is out'],
  ])
  expect(whole.responders.find((r: { eta?: string }) => r.eta === '5 min')).toBeDefined()
  const long = await post(`/api/v1/alerts/${alert.id}/thread`, phone.token, {
    kind: 'note',
    text: 'x'.repeat(241),
  })
  expect(long.statusCode).toBe(400)
})

test('a promise to ring back brings nobody to an emergency: not coming on the board, the phone, the answer or the page', async () => {
  const person = bed.holder('med-reg')
  const phone = await bed.enrol({ person })
  await bed.enrol({ person: bed.holder('ccu-nurse') })
  const alert = await bed.call(ARREST)
  const answer = await post(`/api/v1/alerts/${alert.id}/answers`, phone.token, {
    answer: 'call-back',
    version: alert.version,
  })
  expect(answer.json()).toMatchObject({ outcome: 'applied', you: 'call-back', coming: [] })

  const [card] = (await get('/api/v1/alerts', KEYS.switchboard)).json().alerts
  const [item] = (await get('/api/v1/inbox', phone.token)).json().items
  const page = (await get(`/api/v1/alerts/${alert.id}`, KEYS.switchboard)).json()
  for (const seen of [card, item.alert, page]) {
    expect(seen).toMatchObject({ phase: 'ringing', coming: [] })
    expect(seen.awaited).not.toContain(person)
    expect(seen.missing.map((m: { role: string }) => m.role)).toContain('med-reg')
    expect(seen.responders).toContainEqual(expect.objectContaining({ person, state: 'call-back' }))
  }

  const routine = await bed.call({ ...ARREST, class: 'routine' })
  await post(`/api/v1/alerts/${routine.id}/answers`, phone.token, {
    answer: 'call-back',
    version: routine.version,
  })
  const again = (await get(`/api/v1/alerts/${routine.id}`, KEYS.switchboard)).json()
  expect(again).toMatchObject({ coming: [person] })
})
