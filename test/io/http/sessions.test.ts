import { afterEach, beforeEach, expect, test } from 'vitest'
import { MINUTE } from '../../../src/core/instant.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let bed: Bed
let clock: VirtualClock
beforeEach(async () => {
  clock = new VirtualClock()
  bed = await openBed({
    clock,
    desk: { idle: { governance: 30 * MINUTE }, shutAfter: { switchboard: 15 * MINUTE } },
  })
})
afterEach(() => bed.close())

type Role = keyof typeof KEYS
const OWN = { 'sec-fetch-site': 'same-origin' }
const cookieOf = (answer: { headers: object }) =>
  String(Reflect.get(answer.headers, 'set-cookie')).split(';')[0] ?? ''

async function signIn(role: Role = 'switchboard', cookie?: string): Promise<string> {
  const answer = await bed.http.app.inject({
    ...{ method: 'POST', url: '/api/v1/session' },
    headers: { ...OWN, ...(cookie === undefined ? {} : { cookie }) },
    payload: { operator: `${role}-op`, key: KEYS[role] },
  })
  expect(answer.statusCode).toBe(204)
  return cookieOf(answer)
}
const look = async (cookie: string) =>
  (await bed.http.app.inject({ url: '/api/v1/me', headers: { cookie } })).statusCode

test('signing out ends the session on the server, and only that one', async () => {
  const [here, there] = [await signIn(), await signIn()]
  await bed.http.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { ...OWN, cookie: here } })
  expect([await look(here), await look(there)]).toEqual([401, 200])
  await bed.trail.flush()
  const ended = await bed.store.transact((tx) => tx.audit.during('session.end', { from: 0, to: Infinity }, 9))
  expect(ended.map(({ actor }) => actor)).toEqual(['switchboard-op'])
})

test('it stays ended on a node that starts afresh over the same store', async () => {
  const cookie = await signIn()
  await bed.http.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { ...OWN, cookie } })
  const other = await openBed({ clock, store: bed.store })
  const answer = await other.http.app.inject({ url: '/api/v1/me', headers: { cookie } })
  expect(answer.statusCode).toBe(401)
  await other.http.close()
})

test('another site cannot sign anybody out', async () => {
  const cookie = await signIn()
  const headers = { cookie, 'sec-fetch-site': 'cross-site' }
  const refused = await bed.http.app.inject({ method: 'DELETE', url: '/api/v1/session', headers })
  expect([refused.json().code, await look(cookie)]).toEqual(['cross-site', 200])
})

test('whoever signs in ends the session that this browser had', async () => {
  const before = await signIn('governance')
  const now = await signIn('switchboard', before)
  expect([await look(before), await look(now)]).toEqual([401, 200])
})

test('a session that is left alone ends by its role, and use keeps it', async () => {
  const [reads, rings] = [await signIn('governance'), await signIn('switchboard')]
  for (let i = 0; i < 5; i++) {
    clock.advance(20 * MINUTE)
    expect(await look(reads)).toBe(200)
  }
  clock.advance(31 * MINUTE)
  expect([await look(reads), await look(rings)]).toEqual([401, 200])
})

test('a neighbour who guesses at one name keeps nobody else out, and right codes do not count as tries', async () => {
  const guess = (operator: string) =>
    bed.http.app.inject({ method: 'POST', url: '/api/v1/session', payload: { operator, key: 'guess' } })
  for (let i = 0; i < 10; i++) await guess('admin-op')
  expect((await guess('admin-op')).statusCode).toBe(429)
  await signIn('switchboard')
  clock.advance(MINUTE)
  expect((await guess('admin-op')).statusCode).toBe(401)
})

test('a console that asks by itself is no use of it: words go, the board stays, and only a new sign-in brings them back', async () => {
  const call = {
    text: 'MRS BLACK IN BED 4',
    kind: 'adult-arrest',
    class: 'emergency',
    roles: ['med-reg'],
  } as const
  await bed.call(call)
  const cookie = await signIn()
  const words = async (untouched?: number) => {
    const headers = { cookie, ...(untouched === undefined ? {} : { 'bleepd-untouched': `${untouched}` }) }
    const seen = await bed.http.app.inject({ url: '/api/v1/alerts?phase=open', headers })
    return seen.json().alerts.map((card: { words?: string }) => card.words)
  }
  expect(await words(0)).toEqual([call.text])
  clock.advance(16 * MINUTE)
  expect(await words(16 * 60)).toEqual([undefined])
  const me = await bed.http.app.inject({ url: '/api/v1/me', headers: { cookie } })
  expect(me.json()).toMatchObject({ shut: true, access: 'switchboard' })
  // Whoever touches it now may be anybody.
  expect(await words(0)).toEqual([undefined])
  const again = await signIn('switchboard', cookie)
  const back = await bed.http.app.inject({ url: '/api/v1/alerts?phase=open', headers: { cookie: again } })
  expect(back.json().alerts[0].words).toBe(call.text)
  await bed.trail.flush()
  const rows = await bed.store.transact((tx) => tx.audit.during('session.shut', { from: 0, to: Infinity }, 9))
  expect(rows.map(({ actor }) => actor)).toEqual(['switchboard-op'])
})
