import { TOTP } from 'otpauth'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SECOND } from '../../src/core/instant.ts'
import { systemRandom } from '../../src/io/random.ts'
import { createAccounts } from '../../src/run/keep/accounts.ts'
import { type Bed, KEYS, openBed, sha256 } from '../support/desk-bed.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

// The same thing many times at one moment: what is checked before something is awaited may be over by then.

let bed: Bed
let clock: VirtualClock
beforeEach(async () => {
  clock = new VirtualClock()
  bed = await openBed({ clock })
})
afterEach(() => bed.close())

const PASSWORD = 'four words of no sense'
const send = async (path: string, payload: object, headers: Record<string, string> = {}) =>
  await bed.http.app.inject({
    ...{ method: 'POST', url: `/api/v1${path}`, payload },
    headers: { 'sec-fetch-site': 'same-origin', ...headers },
  })
/** How often each status or code came of so many at once. */
async function atOnce(
  times: number,
  one: (i: number) => ReturnType<typeof send>,
): Promise<Readonly<Record<string, number>>> {
  const said = await Promise.all(Array.from({ length: times }, (_, i) => one(i)))
  const what = said.map((answer) => (answer.statusCode < 300 ? 'done' : String(answer.json().code)))
  return Object.fromEntries(
    Object.entries(Object.groupBy(what, (one) => one)).map(([code, all]) => [code, all?.length ?? 0]),
  )
}

async function invited(name: string) {
  const accounts = createAccounts({ store: bed.store, clock, random: systemRandom, digest: sha256 })
  const made = await accounts.add('cli:root', { name, role: 'governance' })
  if (!made.ok) throw new Error(made.fault.code)
  const { code } = made.value
  const { secret } = (await send('/session/set-up/challenge', { name, code })).json()
  const codeNow = () => new TOTP({ secret }).generate({ timestamp: clock.now() })
  const setUp = () =>
    send('/session/set-up', { name, code, chosen: { password: PASSWORD, secret, code: codeNow() } })
  return { codeNow, setUp }
}

test('guesses at a code for a phone: ten are looked at, however many come together', async () => {
  expect(await atOnce(60, (i) => send('/devices', { code: `AAAA-${1000 + i}` }))).toEqual({
    'code-wrong': 10,
    'too-many-requests': 50,
  })
})

test('guesses at a key: as few, and the right one of a neighbour at the same address counts as none', async () => {
  const guess = (i: number) =>
    send('/session', { operator: 'switchboard-op', key: `a wrong key number ${i}` })
  const said = await atOnce(60, guess)
  expect(said['too-many-requests']).toBeGreaterThanOrEqual(45)
  const right = { operator: 'governance-op', key: KEYS.governance }
  expect(await atOnce(20, () => send('/session', right))).toEqual({ done: 20 })
})

test('guesses at the six digits behind a right password: ten in all', async () => {
  const { codeNow, setUp } = await invited('jo.bloggs')
  await setUp()
  clock.advance(30 * SECOND)
  const wrong = (i: number) => String((Number(codeNow()) + 7 + i) % 1_000_000).padStart(6, '0')
  const said = await atOnce(13, (i) =>
    // From many places, so that no limit of one address is in the way.
    bed.http.app.inject({
      ...{ method: 'POST', url: '/api/v1/session', remoteAddress: `192.0.2.${i}` },
      payload: { operator: 'jo.bloggs', key: PASSWORD, code: wrong(i) },
    }),
  )
  expect(said['second-factor-wrong']).toBe(10)
})

test('one code is one phone, one sign-in, one account', async () => {
  const made = await bed.http.app.inject({
    ...{
      method: 'POST',
      url: '/api/v1/enrolments',
      headers: { authorization: `Bearer ${KEYS.switchboard}` },
    },
    payload: { kind: 'person', id: bed.holder('med-reg') },
  })
  const phone = await atOnce(8, () => send('/devices', { code: made.json().code }))
  expect(phone.done).toBe(1)

  const { codeNow, setUp } = await invited('jo.bloggs')
  expect((await atOnce(5, setUp)).done).toBe(1)
  clock.advance(30 * SECOND)
  const signIn = () => send('/session', { operator: 'jo.bloggs', key: PASSWORD, code: codeNow() })
  expect((await atOnce(8, signIn)).done).toBe(1)
})

test('two people at one call: whoever answers second is told, and is not taken for the first', async () => {
  const [one, other] = [
    await bed.enrol({ person: bed.holder('med-reg') }),
    await bed.enrol({ person: bed.holder('med-reg') }),
  ]
  const { id, version } = await bed.call({
    ...{ text: 'ARREST', kind: 'adult-arrest', class: 'emergency', roles: ['med-reg'] },
  })
  const answer = (token: string, word: string) =>
    send(`/alerts/${id}/answers`, { answer: word, version }, { authorization: `Bearer ${token}` })
  const said = await Promise.all([answer(one.token, 'accepted'), answer(other.token, 'declined')])
  expect(said.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 409])
})
