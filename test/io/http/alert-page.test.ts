import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AlertView } from '../../../src/core/desk/alert-views.ts'
import type { BoardView } from '../../../src/core/desk/views.ts'
import { asId, type BleepId, type FeedId, type NodeId, type SightingId } from '../../../src/core/ids.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let bed: Bed
let clock: VirtualClock
beforeEach(async () => {
  clock = new VirtualClock()
  bed = await openBed({ clock })
})
afterEach(() => bed.close())

async function get<T>(path: string, key: string): Promise<T> {
  const said = await bed.http.app.inject({ url: path, headers: { authorization: `Bearer ${key}` } })
  expect(said.statusCode).toBe(200)
  return said.json()
}

const ARREST = {
  text: 'ADULT CARDIAC ARREST WARD 7B',
  kind: 'adult-arrest',
  class: 'emergency',
  roles: ['med-reg', 'anaes-reg'],
} as const

test('the switchboard is told for every missing role whom to ring, by which number, and who else could come', async () => {
  await bed.enrol({ person: bed.holder('med-reg') })
  await bed.call(ARREST)
  const holder = bed.roster.current().people.get(bed.holder('anaes-reg'))
  const { alerts } = await get<BoardView>('/api/v1/alerts', KEYS.switchboard)
  const missing = alerts[0]?.missing.find((m) => m.role === 'anaes-reg')
  expect(missing).toMatchObject({
    name: 'Anaesthetic registrar',
    bleep: '1061',
    people: [{ person: holder?.id, name: holder?.name, phone: holder?.phone, state: 'asked' }],
  })
  expect(holder?.phone).toMatch(/^07700 900\d{3}$/)
})

test('a telephone number is for the switchboard alone', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const alert = await bed.call(ARREST)
  for (const key of [phone.token, KEYS.governance, KEYS.admin])
    for (const path of ['/api/v1/alerts', `/api/v1/alerts/${alert.id}`])
      expect(JSON.stringify(await get(path, key))).not.toContain('07700')
  expect(JSON.stringify(await get('/api/v1/alerts', KEYS.estates))).not.toContain('07700')
})

test('a phone is told of its own attempts and of nobody else’s devices', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const other = await bed.enrol({ person: bed.holder('anaes-reg') })
  const alert = await bed.call(ARREST)
  const attempts = await bed.store.transact((tx) => tx.attempts.ofAlert(alert.id))
  const theirs = attempts.filter(({ device }) => device === other.id)
  expect(theirs.length).toBeGreaterThan(0)
  for (const path of [`/api/v1/alerts/${alert.id}`, '/api/v1/alerts', '/api/v1/inbox', '/api/v1/me']) {
    const said = JSON.stringify(await get(path, phone.token))
    for (const id of [other.id, ...theirs.map((one) => one.id)])
      expect([path, said.includes(id)]).toEqual([path, false])
  }
  const page = await get<AlertView>(`/api/v1/alerts/${alert.id}`, phone.token)
  expect(page.attempts.map(({ device }) => device)).toEqual(
    attempts.filter(({ device }) => device === phone.id).map(({ device }) => device),
  )
})

test('who has said that they come is no longer among those to ring', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const alert = await bed.call(ARREST)
  await bed.http.app.inject({
    method: 'POST',
    url: `/api/v1/alerts/${alert.id}/answers`,
    headers: { authorization: `Bearer ${phone.token}` },
    payload: { answer: 'accepted', version: alert.version },
  })
  const { alerts } = await get<BoardView>('/api/v1/alerts', KEYS.switchboard)
  expect(alerts[0]?.missing.map((m) => m.role)).toEqual(['anaes-reg'])
})

test('one alert shows every sighting, and what the sender said beside the words to the switchboard alone', async () => {
  const alert = await bed.call(ARREST)
  const bleep = await bed.store.transact((tx) => tx.bleeps.get(alert.bleep))
  if (bleep === undefined) throw new Error('no bleep')
  const tap = (id: string, feed: string, at: number, text: string) => ({
    id: asId<SightingId>(id),
    bleep: bleep.id,
    feed: asId<FeedId>(feed),
    tap: feed,
    node: asId<NodeId>('node-1'),
    page: { ...bleep.page, text, fields: { priority: '1' }, quality: 'damaged' as const, corrected: 3 },
    begun: at,
    reason: 'other-tap' as const,
  })
  await bed.store.transact(async (tx) => {
    await tx.bleeps.sight(tap('s2', 'roof', clock.now() + 5, 'ADULT CARDIAC ARR\uFFFDST WARD 7B'))
    await tx.bleeps.sight(tap('s1', 'link', clock.now(), ARREST.text))
  })
  const path = `/api/v1/alerts/${alert.id}`
  const seen = await get<AlertView>(path, KEYS.switchboard)
  expect(seen.heard.map((s) => [s.feed, s.words, s.fields, s.corrected, s.sentence])).toEqual([
    ['link', ARREST.text, { priority: '1' }, 3, 'Another tap heard the same transmission'],
    [
      'roof',
      'ADULT CARDIAC ARR\uFFFDST WARD 7B',
      { priority: '1' },
      3,
      'Another tap heard the same transmission',
    ],
  ])
  expect((await get<AlertView>(path, KEYS.governance)).heard.map((s) => s.fields)).toEqual([{}, {}])
})

test('an echo is joined on both pages, each named by its alert', async () => {
  const first = await bed.call({ ...ARREST, class: 'routine', kind: 'call-back', text: 'RING 4421' })
  clock.advance(1000)
  const second = await bed.call({ ...ARREST, class: 'routine', kind: 'call-back', text: 'RING 4421 PLEASE' })
  await bed.store.transact(async (tx) => {
    const bleep = await tx.bleeps.get(second.bleep)
    if (bleep) await tx.bleeps.save({ ...bleep, related: { bleep: first.bleep, reason: 'echo-bleep' } })
  })
  const later = await get<AlertView>(`/api/v1/alerts/${second.id}`, KEYS.switchboard)
  expect(later).toMatchObject({
    related: first.id,
    joined: [{ how: 'earlier', alert: first.id, words: 'RING 4421', reason: 'echo-bleep' }],
  })
  const earlier = await get<AlertView>(`/api/v1/alerts/${first.id}`, KEYS.switchboard)
  expect(earlier.joined).toMatchObject([{ how: 'later', alert: second.id, words: 'RING 4421 PLEASE' }])
})

test('a call that belongs with one that was joined to another is shown with that other', async () => {
  const first = await bed.call({ ...ARREST, class: 'routine', kind: 'call-back', text: 'RING 4421' })
  const third = await bed.call({ ...ARREST, text: 'WARD 7B AGAIN, RING 4421' })
  await bed.store.transact(async (tx) => {
    const [one, own] = [(await tx.bleeps.get(first.bleep))!, (await tx.bleeps.get(third.bleep))!]
    const joined = {
      ...one,
      id: asId<BleepId>('joined'),
      related: { bleep: one.id, reason: 'echo-bleep' },
    } as const
    await tx.bleeps.add(joined)
    await tx.bleeps.save({ ...own, related: { bleep: joined.id, reason: 'deja-bleep' } })
  })
  const page = await get<AlertView>(`/api/v1/alerts/${third.id}`, KEYS.switchboard)
  expect(page.related).toBe(first.id)
})

test('nothing can be attached to a reply: a form is refused, a field besides is not kept', async () => {
  const person = bed.holder('med-reg')
  const { token } = await bed.enrol({ person })
  const alert = await bed.call(ARREST)
  const say = (payload: object | string, type: string) =>
    bed.http.app.inject({
      method: 'POST',
      url: `/api/v1/alerts/${alert.id}/thread`,
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      payload,
    })
  const part = 'content-disposition: form-data; name="file"; filename="ecg.png"\r\n\r\nECG'
  const form = await say(`--x\r\n${part}\r\n--x--\r\n`, 'multipart/form-data; boundary=x')
  expect([form.statusCode, form.json().code]).toEqual([400, 'request-invalid'])
  const besides = { kind: 'note', text: 'See this', attachment: 'data:image/png;base64,RUNH' }
  expect((await say(besides, 'application/json')).statusCode).toBeLessThan(300)
  const stored = await bed.store.transact((tx) => tx.alerts.get(alert.id))
  expect(stored?.thread).toEqual([{ at: clock.now(), by: person, kind: 'note', text: 'See this' }])
})
