import { afterEach, beforeEach, expect, test } from 'vitest'
import { MINUTE } from '../../../src/core/instant.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let bed: Bed
let clock: VirtualClock
beforeEach(async () => {
  clock = new VirtualClock()
  bed = await openBed({ clock })
})
afterEach(() => bed.close())

type Method = 'GET' | 'POST' | 'PUT'
function ask(method: Method, url: string, token: string, payload?: object) {
  return bed.http.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${token}` },
    ...(payload === undefined ? {} : { payload }),
  })
}

test('a role is offered, taken, and the open alert moves with it', async () => {
  const giver = await bed.enrol({ person: bed.holder('med-reg') })
  const taker = await bed.enrol({ person: bed.holder('surg-f1') })
  const before = bed.holder('med-reg')
  const after = bed.holder('surg-f1')
  const alert = await bed.call({ text: 'X', kind: 'met', class: 'urgent', roles: ['med-reg'] })

  const offered = await ask('POST', '/handovers/med-reg', giver.token, { to: after })
  expect(offered.statusCode).toBe(201)
  expect(offered.json()).toMatchObject({ role: 'med-reg', from: before, to: after, state: 'offered' })
  expect(bed.holder('med-reg')).toBe(before)
  expect((await ask('GET', '/me', taker.token)).json().offers).toMatchObject([
    { role: 'med-reg', from: before },
  ])

  const taken = await ask('POST', '/handovers/med-reg/take', taker.token)
  expect(taken.json()).toMatchObject({ state: 'taken', to: after })
  expect(bed.holder('med-reg')).toBe(after)
  const { items } = (await ask('GET', '/inbox', taker.token)).json()
  expect(items).toMatchObject([{ purpose: 'ask', ring: true, alert: { id: alert.id } }])
  const again = await ask('POST', '/handovers/med-reg/take', taker.token)
  expect(again.json()).toMatchObject({ code: 'offer-gone', status: 409 })
})

test('a refused role stays where it was; nobody offers what is not theirs or takes what was not offered', async () => {
  const giver = await bed.enrol({ person: bed.holder('med-reg') })
  const taker = await bed.enrol({ person: bed.holder('surg-f1') })
  await ask('POST', '/handovers/med-reg', giver.token, { to: bed.holder('surg-f1') })
  expect((await ask('POST', '/handovers/med-reg/refuse', taker.token)).json()).toMatchObject({
    state: 'refused',
  })
  expect((await ask('POST', '/handovers/med-reg/take', taker.token)).json()).toMatchObject({
    code: 'offer-gone',
  })
  const thief = await ask('POST', '/handovers/med-reg', taker.token, { to: bed.holder('surg-f1') })
  expect(thief.json()).toMatchObject({ code: 'not-yours', status: 403 })
  const unknown = await ask('POST', '/handovers/nothing', giver.token, { to: bed.holder('surg-f1') })
  expect(unknown.json()).toMatchObject({ code: 'role-unknown', status: 404 })
})

test('whoever offered a role takes the offer back, and then nobody can take it', async () => {
  const giver = await bed.enrol({ person: bed.holder('med-reg') })
  const taker = await bed.enrol({ person: bed.holder('surg-f1') })
  await ask('POST', '/handovers/med-reg', giver.token, { to: bed.holder('surg-f1') })
  expect((await ask('POST', '/handovers/med-reg/refuse', giver.token)).json()).toMatchObject({
    state: 'refused',
  })
  expect((await ask('GET', '/me', giver.token)).json().offers).toEqual([])
  expect((await ask('POST', '/handovers/med-reg/take', taker.token)).json()).toMatchObject({
    code: 'offer-gone',
  })
})

test('the switchboard puts somebody on by force; a phone cannot', async () => {
  const to = bed.holder('surg-f1')
  const phone = await bed.enrol({ person: to })
  const refused = await ask('POST', '/handovers/med-reg', phone.token, { to, force: true })
  expect(refused.json()).toMatchObject({ code: 'not-permitted' })
  const forced = await ask('POST', '/handovers/med-reg', KEYS.switchboard, { to, force: true })
  expect(forced.json()).toMatchObject({ state: 'forced', to })
  expect(bed.holder('med-reg')).toBe(to)
  // A phone that was out of reach rings for it while it is news.
  const handed = async () => (await ask('GET', '/me', phone.token)).json().handed
  expect(await handed()).toEqual([expect.stringMatching(/^med-reg\/\d+$/)])
  clock.advance(11 * MINUTE)
  expect(await handed()).toEqual([])
})

test('off duty a person holds nothing until they are on again; alone in a crash role they hand over first', async () => {
  const site = await bed.enrol({ person: bed.holder('site-matron') })
  const person = bed.holder('site-matron')
  expect((await ask('PUT', '/duty', site.token, { on: false })).json()).toMatchObject({
    duty: false,
    roles: [],
  })
  expect(bed.roster.current().holders('site-matron' as never, bed.clock.now())).toEqual([])
  expect((await ask('PUT', '/duty', site.token, { on: true })).json()).toMatchObject({ duty: true })
  expect(bed.holder('site-matron')).toBe(person)

  const crash = await bed.enrol({ person: bed.holder('med-reg') })
  expect((await ask('PUT', '/duty', crash.token, { on: false })).json()).toMatchObject({
    code: 'duty-needs-handover',
    detail: 'Medical registrar',
  })
})

test('the rota says who is on, and gaps before they come; hours nobody is meant to cover are no gap', async () => {
  const rota = (await ask('GET', '/rota', KEYS.switchboard)).json()
  const reg = rota.roles.find((r: { role: string }) => r.role === 'med-reg')
  expect(reg.holders).toMatchObject([{ person: bed.holder('med-reg'), name: expect.any(String) }])
  expect(rota.unclaimed).toEqual([])
  expect(rota.flaws.map((f: { role: string }) => f.role)).not.toContain('resus-officer')
  const year = await ask('GET', '/rota?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z', KEYS.switchboard)
  expect(year.json()).toMatchObject({ code: 'request-invalid' })
})

test('a person taken out of a crash role leaves an alarm behind', async () => {
  const person = bed.holder('med-reg')
  const now = bed.clock.now()
  await bed.roster.edit('test', { kind: 'leave', person, from: now, to: now + 3_600_000 })
  const rota = (await ask('GET', '/rota', KEYS.switchboard)).json()
  expect(rota.unclaimed).toMatchObject([{ role: 'med-reg', reason: 'role-unheld' }])
  expect(rota.flaws).toContainEqual(expect.objectContaining({ role: 'med-reg', reason: 'rota-gap' }))
})
