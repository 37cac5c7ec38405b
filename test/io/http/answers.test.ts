import { afterEach, beforeEach, expect, test } from 'vitest'
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
