import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bed, KEYS, openBed } from '../support/desk-bed.ts'

// One phone in the wrong hands: what it may do a minute, and what it can fill the record with.

let bed: Bed
let phone: { token: string; id: string }
beforeEach(async () => {
  bed = await openBed({ ring: async () => true })
  phone = await bed.enrol({ person: bed.holder('med-reg') })
})
afterEach(() => bed.close())

const as = (key: string, method: 'GET' | 'POST' | 'PUT', path: string, body?: object) =>
  bed.http.app.inject({
    ...{ method, url: `/api/v1${path}`, headers: { authorization: `Bearer ${key}` } },
    ...(body === undefined ? {} : { payload: body }),
  })
/** How many of so many tries in one minute were not told to wait. */
async function taken(tries: number, once: (i: number) => ReturnType<typeof as>): Promise<number> {
  let through = 0
  for (let i = 0; i < tries; i++) if ((await once(i)).statusCode !== 429) through += 1
  return through
}
const rows = async () => {
  await bed.trail.flush()
  return bed.store.transact((tx) => tx.audit.since(0, 1000))
}

test('self-tests, notes, tokens and its own settings are bounded; answers and emergencies are not', async () => {
  const alert = await bed.call({
    text: 'ARREST',
    kind: 'adult-arrest',
    class: 'emergency',
    roles: ['med-reg'],
  })
  const note = (i: number) =>
    as(phone.token, 'POST', `/alerts/${alert.id}/thread`, { kind: 'note', text: `n${i}` })
  expect(await taken(20, () => as(phone.token, 'POST', '/devices/me/self-test'))).toBe(12)
  expect(await taken(70, note)).toBe(60)
  expect(
    await taken(70, () => as(phone.token, 'PUT', '/devices/me/clock', { offset: 0, uncertainty: 1 })),
  ).toBe(60)
  const { version } = (await as(phone.token, 'GET', `/alerts/${alert.id}`)).json()
  const answer = () => as(phone.token, 'POST', `/alerts/${alert.id}/answers`, { answer: 'accepted', version })
  expect(await taken(200, answer)).toBe(200)
  // Another phone is not in its way.
  const other = await bed.enrol({ person: bed.holder('anaes-reg') })
  expect((await as(other.token, 'POST', '/devices/me/self-test')).statusCode).toBe(202)
})

test('a board in the wrong hands changes the rota no oftener than anybody types: each makes it anew', async () => {
  const leave = {
    ...{ kind: 'leave', person: bed.holder('surg-reg') },
    ...{ from: '2026-12-01T00:00:00Z', to: '2026-12-02T00:00:00Z' },
  }
  expect(await taken(70, () => as(KEYS.switchboard, 'POST', '/rota/changes', leave))).toBe(60)
  const offer = { to: bed.holder('surg-reg'), force: true }
  expect(await taken(70, () => as(KEYS.switchboard, 'POST', '/handovers/med-reg', offer))).toBe(60)
})

test('what it may not do goes on the record once a minute, however often it tries', async () => {
  expect(await taken(150, () => as(phone.token, 'GET', '/audit'))).toBe(150)
  expect(await taken(150, () => as(phone.token, 'POST', '/devices/x/revoke'))).toBe(150)
  const refused = (await rows()).filter(({ outcome }) => outcome === 'refused')
  expect(refused.map(({ actor, action }) => [actor, action])).toEqual([
    [`device:${phone.id}`, 'audit.read'],
    [`device:${phone.id}`, 'device.enrol'],
  ])
  // Whoever else tries the same is told apart.
  await as(KEYS.estates, 'GET', '/audit')
  expect((await rows()).filter(({ action }) => action === 'audit.read')).toHaveLength(2)
})
