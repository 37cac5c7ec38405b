import { afterEach, beforeEach, expect, test } from 'vitest'
import { MINUTE } from '../../../src/core/instant.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let bed: Bed
let clock: VirtualClock
let person: string
beforeEach(() => begin(false))
afterEach(() => bed.close())

async function begin(confirms: boolean) {
  clock = new VirtualClock()
  bed = await openBed({ clock, desk: { confirms } })
  person = bed.holder('med-reg')
}
const ask = (method: 'GET' | 'POST' | 'DELETE', url: string, key: string, payload?: object) =>
  bed.http.app.inject({
    ...{ method, url: `/api/v1${url}`, headers: { authorization: `Bearer ${key}` } },
    ...(payload === undefined ? {} : { payload }),
  })
const code = async (id = person, kind = 'person', key: string = KEYS.switchboard) =>
  ask('POST', '/enrolments', key, { kind, id })
const take = async (made: string) =>
  bed.http.app.inject({ method: 'POST', url: '/api/v1/devices', payload: { code: made, label: 'Second' } })
const me = async (token: string) => (await ask('GET', '/me', token)).json()
const ARREST = {
  text: 'ADULT ARREST MRS BLACK',
  kind: 'adult-arrest',
  class: 'emergency',
  roles: ['med-reg'],
} as const

async function second() {
  const first = await bed.enrol({ person })
  const made = await take((await code()).json().code)
  return { first: first.token, token: String(made.json().token), id: String(made.json().device.id) }
}

test('a newer code ends the older ones of its owner, and open codes are listed and withdrawn', async () => {
  const old = (await code()).json().code
  const other = (await code('anaes-reg', 'role')).json().code
  const fresh = (await code()).json().code
  expect((await take(old)).json().code).toBe('code-wrong')
  const open = (await ask('GET', '/enrolments', KEYS.switchboard)).json().codes
  expect(open.map((one: { owner: { id: string } }) => one.owner.id).sort()).toEqual(
    [person, 'anaes-reg'].sort(),
  )
  expect(JSON.stringify(open)).not.toContain(other)
  for (const { id } of open)
    expect((await ask('DELETE', `/enrolments/${id}`, KEYS.switchboard)).statusCode).toBe(200)
  expect((await take(fresh)).json().code).toBe('code-wrong')
  expect((await take(other)).json().code).toBe('code-wrong')
  expect((await ask('DELETE', `/enrolments/${open[0].id}`, KEYS.switchboard)).json().code).toBe('code-gone')
})

test('wrong codes, withdrawn codes and refused ones are on the record', async () => {
  await take('WRONG-CODE')
  await code(person, 'person', KEYS.admin)
  await code()
  const [open] = (await ask('GET', '/enrolments', KEYS.switchboard)).json().codes
  await ask('DELETE', `/enrolments/${open.id}`, KEYS.switchboard)
  await bed.trail.flush()
  const rows = await bed.store.transact((tx) => tx.audit.since(0, 50))
  expect(rows.map(({ actor, action, outcome }) => `${actor} ${action} ${outcome}`).sort()).toEqual([
    'admin-op device.code refused',
    'switchboard-op device.code done',
    'switchboard-op device.code-withdrawn done',
    'unknown device.enrol refused',
  ])
})

test('whoever may not read words enrols nobody who may, by person or by role', async () => {
  for (const [id, kind] of [
    [person, 'person'],
    ['med-reg', 'role'],
  ] as const)
    expect((await code(id, kind, KEYS.admin)).json().code).toBe('enrol-as-other')
  expect((await code(person, 'person', KEYS.governance)).statusCode).toBe(403)
  expect((await code()).statusCode).toBe(201)
})

test('the key to a phone stands behind the hash of its link, where no server sees it', async () => {
  const { link, code: made } = (await code()).json()
  expect(new URL(link).hash).toBe(`#enrol=${made}`)
  expect(link.split('#')[0]).not.toContain(made)
})

test('a second phone is told to the first and to the board, and only the first may speak for it', async () => {
  const { first, token, id } = await second()
  expect((await me(first)).newcomers).toEqual([
    expect.objectContaining({ id, label: 'Second', waiting: false }),
  ])
  expect(await me(token)).not.toHaveProperty('newcomers')
  const site = await bed.desk.site({ kind: 'operator', access: 'switchboard', operator: 'switchboard-op' })
  expect(site.ok && site.value.newPhones.map((one) => one.id)).toEqual([id])
  const stranger = await bed.enrol({ person: bed.holder('anaes-reg') })
  expect((await ask('POST', `/devices/${id}/confirm`, token, { mine: true })).statusCode).toBe(404)
  expect((await ask('POST', `/devices/${id}/confirm`, stranger.token, { mine: false })).statusCode).toBe(404)
  expect((await ask('POST', `/devices/${id}/confirm`, first, { mine: true })).statusCode).toBe(200)
  expect(await me(first)).not.toHaveProperty('newcomers')
  const after = await bed.desk.site({ kind: 'operator', access: 'switchboard', operator: 'switchboard-op' })
  expect(after.ok && after.value.newPhones).toEqual([])
})

test('the first phone is rung for the second, once, by every way that rings an app; the second is not', async () => {
  await bed.close()
  const rung: { device: string; ring: string }[] = []
  const newPhone = async ({ id }: { id: string }, ring: string) => rung.push({ device: id, ring }) > 0
  bed = await openBed({ clock, desk: { newPhone } })
  const first = await bed.enrol({ person })
  expect(rung).toEqual([])
  await take((await code()).json().code)
  expect(rung).toEqual([{ device: first.id, ring: expect.stringMatching(/^phone-[0-9a-f-]{36}$/) }])
})

test('a phone that is not theirs is out at once', async () => {
  const { first, token, id } = await second()
  const said = await ask('POST', `/devices/${id}/confirm`, first, { mine: false })
  expect(said.json().state).toBe('revoked')
  expect((await ask('GET', '/me', token)).statusCode).toBe(401)
  expect((await me(first)).kind).toBe('device')
})

test('what was told before it came a new phone is given only once its person has said that it is theirs', async () => {
  const first = await bed.enrol({ person })
  const before = await bed.call(ARREST)
  await bed.alerts.apply(before.id, {
    kind: 'closed',
    at: clock.now(),
    by: { kind: 'switchboard', operator: 'op' },
    version: before.version,
  })
  clock.advance(45 * MINUTE)
  const made = (await take((await code()).json().code)).json()
  const read = async (token: string) => (await ask('GET', `/alerts/${before.id}`, token)).statusCode
  expect(await read(made.token)).toBe(410)
  await ask('POST', `/devices/${made.device.id}/confirm`, first.token, { mine: true })
  expect(await read(made.token)).toBe(200)
  const device = await bed.store.transact((tx) => tx.devices.get(made.device.id))
  expect(device).not.toHaveProperty('unconfirmed')
})

test('where the site wants a word first, nothing goes to it and nothing is read until then', async () => {
  await bed.close()
  await begin(true)
  const { first, token, id } = await second()
  expect((await ask('GET', '/me', token)).json().code).toBe('device-waiting')
  expect((await ask('GET', '/inbox', token)).json().code).toBe('device-waiting')
  expect((await me(first)).newcomers[0]).toMatchObject({ id, waiting: true })
  expect((await ask('POST', `/devices/${id}/confirm`, KEYS.switchboard, { mine: true })).statusCode).toBe(200)
  expect((await ask('GET', '/me', token)).statusCode).toBe(200)
})
