import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Said, writeAnswerToken } from '../../../src/core/deliver/answer-token.ts'
import { type AttemptId, asId, type DeviceId } from '../../../src/core/ids.ts'
import { MINUTE } from '../../../src/core/instant.ts'
import { buttonDoor } from '../../../src/run/desk/button-door.ts'
import { mqttDoor } from '../../../src/run/desk/mqtt-door.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const mac = (text: string) => createHmac('sha256', 'key').update(text).digest('base64url')

let bed: Bed
let clock: VirtualClock
beforeEach(async () => {
  clock = new VirtualClock()
  const made: Bed = await openBed({
    clock,
    desk: { entered: ['ntfy'] },
    config: { ntfy: 'https://ntfy.hospital.example' },
    parts: { buttons: { press: (token) => door().press(token) } },
  })
  bed = made
  const door = () =>
    buttonDoor({ desk: made.desk, door: mqttDoor(made.desk, made.store), store: made.store, clock, mac })
})
afterEach(() => bed.close())

const post = (url: string, payload: object = {}, key?: string) =>
  bed.http.app.inject({
    ...{ method: 'POST', url: `/api/v1${url}`, payload },
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
  })
const press = (token: string) => post('/buttons', { token })

/** A registrar with nothing but ntfy, called: the token of each button on their screen. */
async function called() {
  const made = await post(
    '/nudges',
    { kind: 'person', id: bed.holder('med-reg'), channel: 'ntfy', label: 'Ringer' },
    KEYS.switchboard,
  )
  expect(made.statusCode).toBe(201)
  const { device, ...secret } = made.json()
  const alert = await bed.call({ text: 'X', kind: 'met', class: 'emergency', roles: ['med-reg'] })
  const [attempt] = await bed.store.transact((tx) => tx.attempts.ofAlert(alert.id))
  const token = (said: Said, until = clock.now() + 5 * MINUTE, by = mac) =>
    writeAnswerToken(
      { device: asId<DeviceId>(device.id), attempt: attempt?.id ?? asId<AttemptId>(''), said, until },
      by,
    )
  const state = async () =>
    (await bed.store.transact((tx) => tx.alerts.get(alert.id)))?.responders[bed.holder('med-reg')]?.state
  return { device, secret, alert, attempt, token, state }
}

describe('a phone that ntfy rings', () => {
  test('is entered once, with a topic that nobody can guess and that is not shown again', async () => {
    const { device, secret } = await called()
    expect(secret.topic).toMatch(/^[-_A-Za-z0-9]{43}$/)
    expect(secret.link).toBe(`ntfy://ntfy.hospital.example/${secret.topic}`)
    expect(secret.qr).toMatch(/^data:image\/svg/)
    const list = await bed.http.app.inject({
      url: '/api/v1/devices',
      headers: { authorization: `Bearer ${KEYS.switchboard}` },
    })
    expect(list.json()).toMatchObject({ enters: ['ntfy'], devices: [{ id: device.id, channel: 'ntfy' }] })
    expect(list.body).not.toContain(secret.topic)
  })

  test('is rung at once in an emergency and saves the call: its button is the answer', async () => {
    const { attempt, token, state } = await called()
    expect(attempt).toMatchObject({ channel: 'ntfy', purpose: 'ask' })
    const said = await press(token('accepted'))
    expect([said.statusCode, said.json()]).toEqual([200, { said: 'accepted' }])
    expect(await state()).toBe('accepted')
  })

  test('a button works once; the other one still does, because people change their minds', async () => {
    const { token, state } = await called()
    await press(token('accepted'))
    const again = await press(token('accepted'))
    expect([again.statusCode, again.json().code]).toEqual([409, 'answer-token-used'])
    expect((await press(token('declined'))).statusCode).toBe(200)
    expect(await state()).toBe('declined')
  })

  test('two presses in one moment are one answer', async () => {
    const { token } = await called()
    const codes = (await Promise.all([press(token('accepted')), press(token('accepted'))])).map(
      ({ statusCode }) => statusCode,
    )
    expect(codes.sort()).toEqual([200, 409])
  })

  test.each([
    [
      'after its time',
      (t: Awaited<ReturnType<typeof called>>) => t.token('accepted', 1),
      410,
      'answer-token-late',
    ],
    [
      'signed by somebody else',
      (t: Awaited<ReturnType<typeof called>>) => t.token('accepted', undefined, (x) => `${mac(x).slice(1)}A`),
      ...([403, 'answer-token-wrong'] as const),
    ],
    [
      'altered',
      (t: Awaited<ReturnType<typeof called>>) => t.token('declined').replace('.declined.', '.accepted.'),
      ...([403, 'answer-token-wrong'] as const),
    ],
    ['made up', () => 'a.b.c', 403, 'answer-token-wrong'],
  ] as const)('a token %s changes nothing', async (_, make, status, code) => {
    const t = await called()
    const said = await press(make(t))
    expect([said.statusCode, said.json().code]).toEqual([status, code])
    expect(await t.state()).toBe('asked')
  })

  test('a phone that was revoked answers no more', async () => {
    const { device, token, state } = await called()
    await post(`/devices/${device.id}/revoke`, {}, KEYS.switchboard)
    expect((await press(token('accepted'))).statusCode).toBeGreaterThanOrEqual(400)
    expect(await state()).toBe('asked')
  })

  test('is proved by a test whose one button was pressed', async () => {
    const { device } = await called()
    expect((await post(`/devices/${device.id}/test`, {}, KEYS.switchboard)).statusCode).toBe(202)
    const test = asId<AttemptId>(bed.rung.at(-1)?.test ?? '')
    clock.advance(MINUTE)
    const claim = {
      device: asId<DeviceId>(device.id),
      attempt: test,
      said: 'heard',
      until: clock.now() + 1,
    } as const
    expect((await press(writeAnswerToken(claim, mac))).json()).toEqual({ said: 'heard' })
    const [stored] = await bed.store.transact((tx) => tx.devices.list())
    expect(stored?.proved?.ntfy).toEqual({ at: clock.now(), by: 'self-test' })
    expect(stored?.tested?.heard).toBe(clock.now())
  })
})
