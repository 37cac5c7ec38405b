import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Card } from '../../../src/core/desk/views.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/instant.ts'
import { ARREST } from '../../support/console-bed.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let bed: Bed
let clock: VirtualClock

beforeEach(async () => {
  clock = new VirtualClock()
  bed = await openBed({ clock, desk: { idle: { governance: 30 * MINUTE, admin: 30 * MINUTE } } })
})
afterEach(() => bed.close())

const signIn = async (role: keyof typeof KEYS): Promise<string> => {
  const { headers } = await bed.http.app.inject({
    ...{ method: 'POST', url: '/api/v1/session', headers: { 'sec-fetch-site': 'same-origin' } },
    payload: { operator: `${role}-op`, key: KEYS[role] },
  })
  return String(headers['set-cookie']).split(';')[0] ?? ''
}
const get = async (url: string, cookie: string) =>
  bed.http.app.inject({ url: `/api/v1${url}`, headers: { cookie, 'sec-fetch-site': 'same-origin' } })

test('a wall stays signed in for a year, left alone, and no longer; signed out, it stays out', async () => {
  const [wall, other, admin] = [await signIn('wall'), await signIn('wall'), await signIn('admin')]
  expect((await get('/me', admin)).statusCode).toBe(200)
  await clock.advance(HOUR)
  expect((await get('/me', admin)).statusCode).toBe(401)
  await bed.http.app.inject({
    ...{ method: 'DELETE', url: '/api/v1/session' },
    headers: { cookie: other, 'sec-fetch-site': 'same-origin' },
  })
  await clock.advance(300 * DAY)
  expect((await get('/me', wall)).json()).toMatchObject({ access: 'wall', may: ['board.read'] })
  // Ends of other sessions are forgotten meanwhile; this one's is not, as long as its cookie would do.
  await bed.http.app.inject({
    ...{ method: 'DELETE', url: '/api/v1/session' },
    headers: { cookie: await signIn('switchboard'), 'sec-fetch-site': 'same-origin' },
  })
  expect((await get('/me', other)).statusCode).toBe(401)
  await clock.advance(66 * DAY)
  expect((await get('/me', wall)).statusCode).toBe(401)
})

test('a wall reads where and which roles, no words, no telephone number, and names only as wall-names', async () => {
  await bed.call({ ...ARREST, callBack: '4421' })
  const name = bed.roster.current().people.get(bed.holder('med-reg'))?.name ?? 'none'
  const [plain, named] = [await signIn('wall'), await signIn('wall-names')]
  const said = (await get('/alerts', plain)).body
  const [card] = JSON.parse(said).alerts as Card[]
  expect(card).toMatchObject({ place: 'Ward 7B, bed 3', responders: expect.any(Array) })
  expect(card?.responders.map((r) => r.roles)).toContainEqual(['Medical registrar'])
  for (const secret of ['ARREST WARD', '4421', name, '"words"', '"phone"']) expect(said).not.toContain(secret)
  const names = (await get('/alerts', named)).body
  expect(names).toContain(name)
  for (const secret of ['ARREST WARD', '4421', '"phone"']) expect(names).not.toContain(secret)
})

test('a wall can do nothing and opens no call, list or rota', async () => {
  const { id } = await bed.call(ARREST)
  for (const cookie of [await signIn('wall'), await signIn('wall-names')]) {
    for (const url of [
      `/alerts/${id}`,
      '/devices',
      '/rota',
      '/reports',
      '/daily-tests',
      '/supervised',
      '/feeds',
    ])
      expect([url, (await get(url, cookie)).statusCode]).toEqual([url, 403])
    for (const [url, payload] of [
      [`/alerts/${id}/actions`, { action: 'take-over', version: 1 }],
      [`/alerts/${id}/answers`, { answer: 'accepted', version: 1 }],
      ['/calls', { kind: 'adult-arrest', place: 'Ward 1' }],
    ] as const) {
      const done = await bed.http.app.inject({
        ...{ method: 'POST', url: `/api/v1${url}`, payload },
        headers: { cookie, 'sec-fetch-site': 'same-origin' },
      })
      expect([url, done.statusCode]).toEqual([url, 403])
    }
  }
})
