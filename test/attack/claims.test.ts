import { afterEach, beforeEach, expect, test } from 'vitest'
import { asId } from '../../src/core/ids.ts'
import { type Bed, KEYS, openBed } from '../support/desk-bed.ts'

let bed: Bed
beforeEach(async () => {
  bed = await openBed()
})
afterEach(() => bed.close())

const ARREST = {
  text: 'ARREST WARD 7B',
  kind: 'adult-arrest',
  class: 'emergency',
  roles: ['med-reg'],
} as const
/** What every object of the language has, which is nobody's id. */
const WORDS = ['constructor', '__proto__', 'toString', 'hasOwnProperty']

type Method = 'GET' | 'POST' | 'PUT'
const ask = (method: Method, url: string, token: string, payload?: object) =>
  bed.http.app.inject({
    ...{ method, url, headers: { authorization: `Bearer ${token}` } },
    ...(payload === undefined ? {} : { payload }),
  })

test.each(WORDS)(
  'nobody is called %s: no action takes it for a person or a role, and the board stays whole',
  async (word) => {
    const alert = await bed.call(ARREST)
    const act = (body: object) =>
      ask('POST', `/api/v1/alerts/${alert.id}/actions`, KEYS.switchboard, { version: alert.version, ...body })
    for (const action of ['release', 'undo'])
      expect((await act({ action, person: word })).statusCode).toBe(404)
    expect((await act({ action: 'also-ask', role: word })).statusCode).toBe(404)
    const answer = { answer: 'accepted', version: alert.version, person: word }
    expect(
      (await ask('POST', `/api/v1/alerts/${alert.id}/answers`, KEYS.switchboard, answer)).statusCode,
    ).toBe(404)
    expect(
      (await ask('POST', `/api/v1/handovers/${word}`, KEYS.switchboard, { to: word, force: true }))
        .statusCode,
    ).toBe(404)
    for (const [kind, id] of [
      ['person', word],
      ['role', word],
    ] as const)
      expect((await ask('POST', '/api/v1/enrolments', KEYS.switchboard, { kind, id })).statusCode).toBe(404)
    // Past the edge as well: the machine knows nobody by that name.
    await bed.alerts.apply(alert.id, {
      ...{ kind: 'released', at: bed.clock.now(), by: { kind: 'switchboard', operator: 'op' } },
      ...{ person: asId(word), version: alert.version },
    })
    const board = await ask('GET', '/api/v1/alerts', KEYS.switchboard)
    expect(board.json().alerts).toHaveLength(1)
    expect((await ask('GET', `/api/v1/alerts/${alert.id}`, KEYS.switchboard)).statusCode).toBe(200)
  },
)

test('a phone’s clock may be a day off; beyond that its claim is refused', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const say = async (offset: number) =>
    (await ask('PUT', '/api/v1/devices/me/clock', phone.token, { offset, uncertainty: 5 })).statusCode
  expect(await say(86_400_000)).toBe(200)
  for (const mad of [1e300, -1e300, 86_400_001, Number.MAX_VALUE]) expect(await say(mad)).toBe(400)
})

test.each([
  ['before the attempt', '2001-01-01T00:00:00Z'],
  ['in ten years', '2036-01-01T00:00:00Z'],
  ['as far as dates go', '9999-12-31T23:59:59Z'],
])(
  'a receipt that claims to be %s counts by our clock alone, and everybody’s page of the call opens',
  async (_, at) => {
    const phone = await bed.enrol({ person: bed.holder('med-reg') })
    const alert = await bed.call(ARREST)
    await ask('PUT', '/api/v1/devices/me/clock', phone.token, { offset: 0, uncertainty: 5 })
    const [item] = (await ask('GET', '/api/v1/inbox', phone.token)).json().items
    const receipt = { attempt: item.attempt, stage: 'on-device', at }
    expect((await ask('POST', '/api/v1/receipts', phone.token, receipt)).json()).toEqual({ moved: true })
    const page = (await ask('GET', `/api/v1/alerts/${alert.id}`, KEYS.switchboard)).json()
    expect(page.hops.filter((h: { clock: string }) => h.clock === 'device')).toEqual([])
    expect(page.hops.map((h: { hop: string }) => h.hop)).toContain('on-device')
  },
)

test('a mad claim that an earlier release stored takes no page down', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const alert = await bed.call(ARREST)
  await bed.store.transact(async (tx) => {
    const device = await tx.devices.get(asId(phone.id))
    if (device) await tx.devices.save({ ...device, clock: { offset: 1e300, uncertainty: 5 }, seen: 1e300 })
    await tx.hops.stamp([
      {
        ...{ bleep: alert.bleep, alert: alert.id, hop: 'opened', at: -1e300, class: 'emergency' },
        ...{
          person: bed.holder('med-reg'),
          device: asId(phone.id),
          clock: 'device',
          offset: 1e300,
          uncertainty: 5,
        },
      },
    ])
  })
  for (const url of [`/api/v1/alerts/${alert.id}`, '/api/v1/alerts', '/api/v1/devices'])
    expect((await ask('GET', url, KEYS.switchboard)).statusCode).toBe(200)
  expect((await ask('GET', '/api/v1/inbox', phone.token)).statusCode).toBe(200)
})
