import { afterEach, beforeEach, expect, test } from 'vitest'
import { asId, type PersonId } from '../../../src/core/ids.ts'
import { MINUTE, SECOND } from '../../../src/core/instant.ts'
import { scimDoor } from '../../../src/io/directory/scim.ts'
import { systemRandom } from '../../../src/io/random.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { startListed, WORD } from '../../../src/run/keep/listed.ts'
import { type Bed, openBed, sha256 } from '../../support/desk-bed.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const TOKEN = 'a-token-of-the-directory'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
let bed: Bed
let clock: VirtualClock
let listed: ReturnType<typeof startListed>
const did: string[] = []

beforeEach(async () => {
  clock = new VirtualClock()
  did.length = 0
  const store = await openSqlite(':memory:')
  bed = await openBed({
    ...{ clock, store, config: { scimDigest: sha256(TOKEN) } },
    parts: {
      scim: scimDoor({
        ...{ store, clock, random: systemRandom, base: 'https://bleeps.example/scim/v2' },
        did: (action, subject) => did.push(`${action} ${subject}`),
      }),
    },
  })
  listed = startListed({
    ...{
      log: quietLog,
      metrics: quietMetrics,
      clock,
      store,
      wake: store.wake,
      roster: bed.roster,
      share: 0.05,
    },
  })
})
afterEach(async () => {
  await listed.stop()
  await bed.close()
})

const ask = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  token = TOKEN,
) =>
  bed.http.app.inject({
    ...{ method, url: `/scim/v2${url}` },
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
  })
const user = (number: string, more: object = {}) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
  ...{ userName: `${number}@example.nhs.uk`, displayName: `Dr ${number}`, userType: 'Doctor', active: true },
  [ENTERPRISE]: { employeeNumber: number },
  ...more,
})
const join = async (number: string): Promise<string> => (await ask('POST', '/Users', user(number))).json().id
const patch = (...Operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
})
/** Half a minute goes by, and what is under way gets done. */
async function later(by = 30 * SECOND): Promise<void> {
  for (let gone = 0; gone < by; gone += 5 * SECOND) {
    clock.advance(5 * SECOND)
    for (let i = 0; i < 30; i++) await new Promise((done) => setImmediate(done))
  }
}
const known = (number: string) => bed.roster.current().people.get(asId<PersonId>(number))

test('a joiner, a mover and a leaver are known here within a minute, and the record says so', async () => {
  const id = await join('20417')
  await later()
  expect(known('20417')).toMatchObject({ name: 'Dr 20417', staffGroup: 'doctor', active: true })
  const moved = await ask(
    'PATCH',
    `/Users/${id}`,
    patch({ op: 'Replace', path: 'displayName', value: 'Dr New Name' }),
  )
  expect(moved.statusCode).toBe(200)
  await later()
  expect(known('20417')?.name).toBe('Dr New Name')
  // As Entra ID says it.
  await ask('PATCH', `/Users/${id}`, patch({ op: 'Replace', path: 'active', value: 'False' }))
  await later()
  expect(known('20417')?.active).toBe(false)
  await ask('PATCH', `/Users/${id}`, patch({ op: 'Replace', value: { active: 'True' } }))
  await later()
  expect(known('20417')?.active).toBe(true)
  expect((await ask('DELETE', `/Users/${id}`)).statusCode).toBe(204)
  await later()
  expect(known('20417')?.active).toBe(false)
  expect(did.map((one) => one.split(' ')[0])).toEqual([
    ...['directory.join', 'directory.change', 'directory.change', 'directory.change', 'directory.leave'],
  ])
})

test('it speaks SCIM: found by name, listed by pages, refused in its own words', async () => {
  const id = await join('1')
  for (let n = 2; n <= 5; n++) await join(String(n))
  const filter = encodeURIComponent('userName eq "1@EXAMPLE.nhs.uk"')
  expect((await ask('GET', `/Users?filter=${filter}`)).json()).toMatchObject({
    ...{
      totalResults: 1,
      Resources: [{ id, meta: { location: `https://bleeps.example/scim/v2/Users/${id}` } }],
    },
  })
  const page = (await ask('GET', '/Users?startIndex=3&count=2')).json()
  expect(page).toMatchObject({ totalResults: 5, startIndex: 3, itemsPerPage: 2 })
  expect((await ask('POST', '/Users', user('1'))).json()).toMatchObject({
    status: '409',
    scimType: 'uniqueness',
  })
  expect((await ask('GET', `/Users?filter=${encodeURIComponent('title co "x"')}`)).json()).toMatchObject({
    ...{ status: '400', scimType: 'invalidFilter' },
  })
  expect((await ask('GET', '/Users/nobody')).statusCode).toBe(404)
  expect((await ask('POST', '/Users', { userName: 7 })).statusCode).toBe(400)
  expect((await ask('PATCH', `/Users/${id}`, { Operations: 'all' })).statusCode).toBe(400)
  expect((await ask('GET', '/ServiceProviderConfig')).json()).toMatchObject({ patch: { supported: true } })
  expect((await ask('GET', '/Schemas')).json().totalResults).toBe(2)
  const group = await ask('POST', '/Groups', { displayName: 'Registrars', members: [{ value: id }] })
  expect(group.json()).toMatchObject({ displayName: 'Registrars', members: [{ value: id }] })
  expect((await ask('DELETE', `/Groups/${group.json().id}`)).statusCode).toBe(204)
})

test('without its token nobody is told or changed anything', async () => {
  for (const token of ['', 'another-token-altogether', 'switchboard-key-for-tests'])
    expect((await ask('GET', '/Users', undefined, token)).statusCode).toBe(401)
  const refused = await ask('GET', '/Users', undefined, 'another-token-altogether')
  expect(refused.headers['content-type']).toMatch(/^application\/scim\+json/)
  expect(refused.json()).toEqual({
    ...{ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '401' },
    detail: expect.stringMatching(/\w/),
  })
  const cookie = await bed.http.app.inject({ url: '/scim/v2/Users' })
  expect(cookie.statusCode).toBe(401)
})

test('what the directory may not change stays: duties, and who was never in it', async () => {
  const holder = bed.holder('med-reg')
  await ask('POST', '/Users', { ...user(holder), roles: [{ value: 'med-reg' }], displayName: 'Dr Moved' })
  await later()
  expect(bed.holder('med-reg')).toBe(holder)
  expect(known(holder)).toMatchObject({ name: 'Dr Moved', active: true })
  expect(bed.roster.current().people.size).toBeGreaterThan(5)
})

test('whoever is on an open call leaves when it is over', async () => {
  const holder = bed.holder('med-reg')
  const id = await join(holder)
  await later()
  const call = { text: 'ARREST', kind: 'adult-arrest', class: 'emergency', roles: ['med-reg'] } as const
  const alert = await bed.call(call)
  await ask('DELETE', `/Users/${id}`)
  await later(MINUTE)
  expect(known(holder)?.active).toBe(true)
  const now = await bed.store.transact((tx) => tx.alerts.get(alert.id))
  expect(now?.responders[holder]?.released).not.toBe(true)
  const by = { kind: 'switchboard', operator: 'op' } as const
  await bed.alerts.apply(alert.id, { kind: 'closed', at: clock.now(), by, version: now?.version ?? 0 })
  await later(MINUTE)
  expect(known(holder)?.active).toBe(false)
})

test('too many leavers in a day go only with a person’s word, however they drip in', async () => {
  const ids: string[] = []
  for (let n = 0; n < 40; n++) ids.push(await join(`9${n}`))
  await later()
  for (const id of ids.slice(0, 8)) await ask('DELETE', `/Users/${id}`)
  await later()
  expect(known('90')?.active).toBe(false)
  for (const id of ids.slice(8, 20)) await ask('DELETE', `/Users/${id}`)
  await later(MINUTE)
  expect(known('915')?.active).toBe(true)
  expect(listed.troubles()).toEqual([{ code: 'listed-leavers-held', subject: 'directory', detail: '12' }])
  const at = clock.now()
  await bed.store.transact((tx) => tx.notes.set(WORD, { at }, at))
  await later()
  expect([known('915')?.active, listed.troubles()]).toEqual([false, []])
})

test('nothing that it is told gets into the objects of everybody, ends the door or holds it up', async () => {
  const id = await join('P0900')
  const raw = (method: 'POST' | 'PUT' | 'PATCH', url: string, payload: string) =>
    bed.http.app.inject({
      ...{ method, url: `/scim/v2${url}`, payload },
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json' },
    })
  const proto = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},'
  const whole = JSON.stringify(user('P0901')).slice(1)
  const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
  const hostile = [
    ['POST', '/Users', proto + whole],
    ['PUT', `/Users/${id}`, proto + whole],
    ['PATCH', `/Users/${id}`, JSON.stringify(patch({ op: 'add', path: '__proto__.polluted', value: 1 }))],
    [
      'PATCH',
      `/Users/${id}`,
      JSON.stringify(patch({ op: 'add', path: 'constructor.prototype.polluted', value: 1 })),
    ],
    [
      'PATCH',
      `/Users/${id}`,
      `{"schemas":${JSON.stringify(patch().schemas)},"Operations":[{"op":"add","value":${proto}"x":1}}]}`,
    ],
    ['POST', '/Users', deep],
    ['POST', '/Users', 'null'],
    ['POST', '/Users', '[]'],
    ['POST', '/Users', '{'],
  ] as const
  for (const [method, url, body] of hostile) {
    const said = await raw(method, url, body)
    expect([method, url, said.statusCode < 500]).toEqual([method, url, true])
  }
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  for (const path of ['/Users/__proto__', '/Users/constructor', '/Users/..%2f..', '/Users/%00', '/__proto__'])
    expect([path, (await ask('GET', path)).statusCode < 500]).toEqual([path, true])
  for (const filter of [
    `${'('.repeat(4000)}a`,
    `userName eq "${'a'.repeat(5000)}"`,
    `${'a.'.repeat(3000)}b eq 1`,
    'userName co "\\',
  ])
    expect([
      filter.slice(0, 9),
      (await ask('GET', `/Users?filter=${encodeURIComponent(filter)}`)).statusCode < 500,
    ]).toEqual([filter.slice(0, 9), true])
  // A filter that is not understood never means everybody.
  expect((await ask('GET', '/Users?filter=a&filter=b')).statusCode).toBe(400)
  await later()
  expect(known('P0900')?.active).toBe(true)
})
