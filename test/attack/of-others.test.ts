import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Alert } from '../../src/core/alert/alert.ts'
import { asId, type BleepId } from '../../src/core/ids.ts'
import { type Bed, KEYS, openBed } from '../support/desk-bed.ts'

// Whoever is signed in, and what belongs to somebody else: the id is known to them, and that gives them nothing.

let bed: Bed
let alert: Alert
let asked: { readonly token: string; readonly id: string }
let other: { readonly token: string; readonly id: string }
beforeEach(async () => {
  bed = await openBed()
  asked = await bed.enrol({ person: bed.holder('med-reg') })
  other = await bed.enrol({ person: bed.holder('anaes-reg') })
  alert = await bed.call({
    ...{ text: 'ARREST WARD 7B', kind: 'adult-arrest', class: 'emergency', roles: ['med-reg'] },
    ...{ place: 'Ward 7B', callBack: '70123' },
  })
})
afterEach(() => bed.close())

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
const as = (key: string, method: Method, path: string, payload?: object) =>
  bed.http.app.inject({
    ...{ method, url: `/api/v1${path}`, headers: { authorization: `Bearer ${key}` } },
    ...(payload === undefined ? {} : { payload }),
  })
const stored = () => bed.store.transact((tx) => tx.alerts.get(alert.id))

test.each(['open', 'closed'])(
  'a call that is %s: not read, not answered, not written on by whoever was not asked',
  async (phase) => {
    const { version } = alert
    await as(asked.token, 'POST', `/alerts/${alert.id}/answers`, { answer: 'accepted', version })
    if (phase === 'closed') {
      const { version: now } = (await as(KEYS.switchboard, 'GET', `/alerts/${alert.id}`)).json()
      const shut = await as(KEYS.switchboard, 'POST', `/alerts/${alert.id}/actions`, {
        action: 'close',
        version: now,
      })
      expect(shut.statusCode).toBe(200)
    }
    const before = await stored()
    for (const [method, path, body] of [
      ['GET', `/alerts/${alert.id}`, undefined],
      ['POST', `/alerts/${alert.id}/answers`, { answer: 'accepted', version }],
      ['POST', `/alerts/${alert.id}/answers`, { answer: 'accepted', version, person: bed.holder('med-reg') }],
      ['POST', `/alerts/${alert.id}/thread`, { kind: 'note', text: 'hello' }],
      ['POST', `/alerts/${alert.id}/patient/read-back`, { number: '9434765919' }],
      ['POST', `/alerts/${alert.id}/patient`, { number: '9434765919', readBack: '12345678' }],
    ] as const) {
      const said = await as(other.token, method, path, body)
      expect([path, [403, 404, 409].includes(said.statusCode)]).toEqual([path, true])
      expect([path, Object.keys(said.json())]).not.toEqual([path, expect.arrayContaining(['stands'])])
      expect(said.body).not.toMatch(/7B|70123|phase|coming/)
    }
    expect(await stored()).toEqual(before)
  },
)

test('a receipt for the attempt of another device is nothing', async () => {
  const [attempt] = await bed.store.transact((tx) => tx.attempts.ofAlert(alert.id))
  const said = await as(other.token, 'POST', '/receipts', { attempt: attempt?.id, stage: 'presented' })
  expect(said.statusCode).toBeLessThan(500)
  const [after] = await bed.store.transact((tx) => tx.attempts.ofAlert(alert.id))
  expect(after).toEqual(attempt)
})

test('the ask of another ward is neither told, nor answered, nor seen', async () => {
  const [own, next] = [await bed.enrol({ ward: 'Ward 1A' }), await bed.enrol({ ward: 'Ward 1B' })]
  const ask = { role: 'med-reg', urgency: 'routine', what: 'Come please', callBack: '70123' }
  const made = (await as(own.token, 'POST', '/asks', ask)).json().ask
  const row = () => bed.store.transact((tx) => tx.asks.get(asId<BleepId>(made.id)))
  const before = await row()
  expect(before).toBeDefined()
  expect((await as(next.token, 'GET', '/asks')).json().asks).toEqual([])
  for (const [path, body] of [
    [`/asks/${made.id}/told`, { said: made.said ?? 'sent' }],
    [`/asks/${made.id}/replies`, { text: 'never mind' }],
  ] as const)
    expect([path, (await as(next.token, 'POST', path, body)).statusCode]).toEqual([path, 404])
  expect(await row()).toEqual(before)
})

test('the phone of somebody else is neither confirmed, nor switched off, nor rung', async () => {
  for (const [path, body] of [
    [`/devices/${asked.id}/confirm`, { mine: true }],
    [`/devices/${asked.id}/confirm`, { mine: false }],
    [`/devices/${asked.id}/revoke`, {}],
    [`/devices/${asked.id}/test`, {}],
  ] as const)
    expect([403, 404]).toContain((await as(other.token, 'POST', path, body)).statusCode)
  expect((await as(asked.token, 'GET', '/me')).statusCode).toBe(200)
  expect(bed.rung).toEqual([])
})

test('estates see that all is ready, and no words, no names of calls, no telephone number', async () => {
  for (const path of ['/readiness', '/site', '/devices', '/daily-tests', '/feeds', '/alerts']) {
    const said = await as(KEYS.estates, 'GET', path)
    expect([path, said.statusCode]).toEqual([path, 200])
    expect([path, /ARREST WARD|70123|\+447700/.test(said.body)]).toEqual([path, false])
  }
})

test('what says of itself that it is compressed is not unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(8_000_000, 'a'))
  expect(bomb.length).toBeLessThan(16_384)
  for (const encoding of ['gzip', 'deflate', 'br']) {
    const said = await bed.http.app.inject({
      ...{ method: 'POST', url: '/api/v1/session', payload: bomb },
      headers: { 'content-type': 'application/json', 'content-encoding': encoding },
    })
    expect([encoding, said.statusCode]).toEqual([encoding, 400])
  }
})
