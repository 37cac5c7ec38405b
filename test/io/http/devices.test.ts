import { afterEach, beforeEach, expect, test } from 'vitest'
import { asId } from '../../../src/core/ids.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let bed: Bed
let clock: VirtualClock
beforeEach(async () => {
  clock = new VirtualClock()
  bed = await openBed({ clock })
})
afterEach(() => bed.close())

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
function ask(method: Method, url: string, token: string, payload?: object) {
  return bed.http.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${token}` },
    ...(payload === undefined ? {} : { payload }),
  })
}
const enrol = (code: string) =>
  bed.http.app.inject({ method: 'POST', url: '/api/v1/devices', payload: { code, label: 'Ward phone' } })

async function codeFor(kind: 'person' | 'role', id: string): Promise<string> {
  const made = await ask('POST', '/enrolments', KEYS.switchboard, { kind, id })
  expect(made.statusCode).toBe(201)
  expect(made.json().qr).toMatch(/^data:image\/svg\+xml;base64,/)
  expect(made.json().link).toContain(`/app/#enrol=${made.json().code}`)
  return made.json().code
}

test('a code works once, however it is typed, and not after a quarter of an hour', async () => {
  const code = await codeFor('person', bed.holder('med-reg'))
  expect((await enrol(code.toLowerCase().replace('-', ' '))).statusCode).toBe(201)
  expect((await enrol(code)).json()).toMatchObject({ code: 'code-wrong', status: 403 })
  const late = await codeFor('person', bed.holder('med-reg'))
  clock.advance(16 * 60_000)
  expect((await enrol(late)).json()).toMatchObject({ code: 'code-wrong' })
})

test('nobody unknown is enrolled, and no phone makes codes', async () => {
  const unknown = await ask('POST', '/enrolments', KEYS.switchboard, { kind: 'person', id: 'p999' })
  expect(unknown.json()).toMatchObject({ code: 'person-unknown', status: 404 })
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const refused = await ask('POST', '/enrolments', phone.token, { kind: 'role', id: 'med-reg' })
  expect(refused.json()).toMatchObject({ code: 'not-permitted', status: 403 })
})

test('a rotated token replaces the old one at once', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const rotated = (await ask('POST', '/devices/me/token', phone.token)).json()
  expect((await ask('GET', '/me', phone.token)).statusCode).toBe(401)
  expect((await ask('GET', '/me', rotated.token)).statusCode).toBe(200)
})

test('a revoked device is out with its next word, and the act is on the audit chain', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  expect((await ask('POST', `/devices/${phone.id}/revoke`, KEYS.estates)).statusCode).toBe(403)
  expect((await ask('POST', `/devices/${phone.id}/revoke`, KEYS.switchboard)).json()).toMatchObject({
    state: 'revoked',
  })
  expect((await ask('GET', '/inbox', phone.token)).statusCode).toBe(401)
  await bed.trail.flush()
  const chain = (await ask('GET', '/audit', KEYS.governance)).json().entries
  expect(chain.map((e: { action: string; outcome: string }) => `${e.action} ${e.outcome}`)).toEqual(
    expect.arrayContaining(['device.enrol done', 'device.enrol refused', 'device.revoke done']),
  )
})

test('signing out ends the token and forgets the push address', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  await ask('PUT', '/devices/me/subscription', phone.token, {
    channel: 'webpush',
    address: '{"endpoint":"x"}',
  })
  expect((await ask('DELETE', '/devices/me', phone.token)).json()).toMatchObject({ state: 'signed-out' })
  expect((await ask('GET', '/me', phone.token)).statusCode).toBe(401)
  const [device] = await bed.store.transact((tx) => tx.devices.list())
  expect(device?.address).toBe('')
})

test('a shared ward handset speaks for whoever holds its role now', async () => {
  const handset = await bed.enrol({ role: 'med-reg' })
  const me = (await ask('GET', '/me', handset.token)).json()
  expect(me).toMatchObject({
    person: bed.holder('med-reg'),
    device: { owner: { kind: 'role', id: 'med-reg' } },
  })
  const alert = await bed.call({ text: 'X', kind: 'met', class: 'urgent', roles: ['med-reg'] })
  const answer = await ask('POST', `/alerts/${alert.id}/answers`, handset.token, {
    answer: 'accepted',
    version: alert.version,
  })
  expect(answer.json()).toMatchObject({ outcome: 'applied', you: 'accepted' })
})

test('the offset of a device’s clock is kept apart and its own times are marked as its own', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const clockSaid = await ask('PUT', '/devices/me/clock', phone.token, { offset: 4000, uncertainty: 20 })
  expect(clockSaid.json()).toMatchObject({ clock: { offset: 4000, uncertainty: 20 } })
  const alert = await bed.call({ text: 'X', kind: 'met', class: 'urgent', roles: ['med-reg'] })
  const [item] = (await ask('GET', '/inbox', phone.token)).json().items
  clock.advance(1000)
  await ask('POST', '/receipts', phone.token, {
    attempt: item.attempt,
    stage: 'on-device',
    at: new Date(clock.now() - 500 + 4000).toISOString(),
  })
  const { hops } = (await ask('GET', `/alerts/${alert.id}`, KEYS.switchboard)).json()
  expect(hops.filter((h: { hop: string }) => h.hop === 'on-device')).toMatchObject([
    { clock: 'device', at: new Date(clock.now() - 500).toISOString(), offset: 4000, uncertainty: 20 },
    { clock: 'ours', at: new Date(clock.now()).toISOString() },
  ])
})

test('a self-test rings the device and takes its receipts; another device’s are refused', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const other = await bed.enrol({ person: bed.holder('ccu-nurse') })
  const { test: id } = (await ask('POST', '/devices/me/self-test', phone.token)).json()
  expect(bed.rung).toEqual([{ device: phone.id, test: id }])
  const tested = async () =>
    (await ask('GET', '/devices', KEYS.switchboard))
      .json()
      .devices.find((d: { id: string }) => d.id === phone.id).tested
  const now = new Date(clock.now()).toISOString()
  expect(await tested()).toEqual({ at: now })
  const receipt = { attempt: id, stage: 'presented' }
  expect((await ask('POST', '/receipts', phone.token, receipt)).json()).toEqual({ moved: true })
  expect(await tested()).toEqual({ at: now, heard: now })
  expect((await ask('POST', '/receipts', other.token, receipt)).json()).toMatchObject({
    code: 'attempt-unknown',
  })
})

test('the inbox gives every alert in order from a cursor; what is over or late never rings', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const first = await bed.call({ text: 'ONE', kind: 'met', class: 'urgent', roles: ['med-reg'] })
  await bed.call({ text: 'TWO', kind: 'met', class: 'urgent', roles: ['med-reg'] })
  const all = (await ask('GET', '/inbox', phone.token)).json()
  expect(all.items.map((i: { alert: { words: string }; ring: boolean }) => [i.alert.words, i.ring])).toEqual([
    ['ONE', true],
    ['TWO', true],
  ])
  const rest = (await ask('GET', `/inbox?since=${all.items[0].cursor}`, phone.token)).json()
  expect(rest.items).toHaveLength(1)
  expect((await ask('GET', `/inbox?since=${all.cursor}`, phone.token)).json().items).toEqual([])

  await ask('POST', `/alerts/${first.id}/actions`, KEYS.switchboard, {
    action: 'close',
    version: first.version,
  })
  clock.advance(6 * 3_600_000)
  const later = (await ask('GET', '/inbox', phone.token)).json()
  expect(later.items.map((i: { ring: boolean }) => i.ring)).not.toContain(true)
  expect(later.items.at(-1)).toMatchObject({ purpose: 'stand-down', alert: { phase: 'closed' } })
})

test('after a dead spot an alert that rang many times is one item that rings, and the cursor is behind all of it', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const arrest = await bed.call({ text: 'ONE', kind: 'met', class: 'emergency', roles: ['med-reg'] })
  for (let i = 0; i < 12; i++) {
    clock.advance(1000)
    const { version } = (await ask('GET', `/alerts/${arrest.id}`, KEYS.switchboard)).json()
    await ask('POST', `/alerts/${arrest.id}/actions`, KEYS.switchboard, { action: 'ask-again', version })
    if (i === 5) await bed.call({ text: 'TWO', kind: 'met', class: 'urgent', roles: ['med-reg'] })
  }
  const rows = await bed.store.transact((tx) => tx.inbox.since(asId(phone.id), 0, 100))
  expect(rows).toHaveLength(14)
  const inbox = (await ask('GET', '/inbox', phone.token)).json()
  expect(inbox).toMatchObject({ more: false, cursor: rows.at(-1)?.cursor })
  expect(
    inbox.items.map((i: { alert: { words: string }; ring: boolean }) => [i.alert.words, i.ring]),
  ).toEqual([
    ['TWO', true],
    ['ONE', true],
  ])
  // Cut off after the first item, nothing is missed.
  const rest = (await ask('GET', `/inbox?since=${inbox.items[0].cursor}`, phone.token)).json()
  expect(rest.items.map((i: { alert: { words: string } }) => i.alert.words)).toEqual(['ONE'])
  // Declined, it rings no more whichever of its rows is looked at.
  const { version } = inbox.items[1].alert
  await ask('POST', `/alerts/${arrest.id}/answers`, phone.token, { answer: 'declined', version })
  const after = (await ask('GET', '/inbox', phone.token)).json()
  expect(after.items.filter((i: { ring: boolean }) => i.ring)).toHaveLength(1)
})

test('the poster knows where phones find the app', async () => {
  const said = await bed.http.app.inject({
    url: '/api/v1/devices/app',
    headers: { authorization: `Bearer ${KEYS.switchboard}`, host: 'bleeps.example.org' },
  })
  expect(said.json().link).toBe('http://bleeps.example.org/app/')
  expect(said.json().qr).toMatch(/^data:image\/svg\+xml;base64,/)
})
