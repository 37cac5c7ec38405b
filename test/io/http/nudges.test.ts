import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DevicesView } from '../../../src/core/desk/people-views.ts'
import { deviceWithoutOwner } from '../../../src/core/govern/erase.ts'
import { asId } from '../../../src/core/ids.ts'
import { MINUTE } from '../../../src/core/instant.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

// Kept by Ofcom for use in examples.
const NUMBER = '07700 900123'
const STORED = '+447700900123'

let bed: Bed
let clock: VirtualClock
let answers = true
beforeEach(async () => {
  clock = new VirtualClock()
  answers = true
  bed = await openBed({ clock, desk: { entered: ['nudge'] }, ring: async () => answers })
})
afterEach(() => bed.close())

const ask = (method: 'GET' | 'POST', url: string, token: string, payload?: object) =>
  bed.http.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${token}` },
    ...(payload === undefined ? {} : { payload }),
  })
const enrol = (more: object = {}, key: string = KEYS.switchboard) =>
  ask('POST', '/nudges', key, { kind: 'person', id: bed.holder('med-reg'), number: NUMBER, ...more })
const listed = async (key: string): Promise<DevicesView> => (await ask('GET', '/devices', key)).json()
const stored = () => bed.store.transact((tx) => tx.devices.list())

describe('enrolling a number', () => {
  test('is one act of the switchboard: it is on the list, sent one test, and its number is not given back', async () => {
    const made = await enrol()
    expect(made.statusCode).toBe(201)
    expect(made.json()).toMatchObject({
      texted: true,
      device: { channel: 'nudge', number: '…123', state: 'active', owner: { id: bed.holder('med-reg') } },
    })
    expect(bed.rung).toMatchObject([{ device: made.json().device.id }])
    expect(await stored()).toMatchObject([{ address: STORED }])
    expect((await listed(KEYS.switchboard)).nudges).toBe(true)
    const bodies = [made.body, JSON.stringify(await listed(KEYS.switchboard))]
    for (const body of bodies) expect(body).not.toMatch(/7700|900/)
  })

  test('how it ends is for those who enrol; others on the list see that there is one', async () => {
    await enrol()
    expect((await listed(KEYS.admin)).devices).toMatchObject([{ number: '…123' }])
    const [seen] = (await listed(KEYS.estates)).devices
    expect(seen).toMatchObject({ channel: 'nudge' })
    expect(seen).not.toHaveProperty('number')
  })

  test('a number in the label is taken out of it', async () => {
    await enrol({ label: `Own mobile ${NUMBER}` })
    expect((await listed(KEYS.estates)).devices).toMatchObject([{ label: 'Own mobile [telephone]' }])
  })

  test('twice is once; another number or another owner is another device', async () => {
    const first = (await enrol()).json().device.id
    expect((await enrol({ number: '+44 7700 900123' })).json().device.id).toBe(first)
    await enrol({ number: 'staff-4711' })
    await enrol({ kind: 'role', id: 'med-reg' })
    expect((await stored()).map(({ address }) => address).sort()).toEqual([STORED, STORED, 'staff-4711'])
  })

  test('says when the gateway did not take the test', async () => {
    answers = false
    expect((await enrol()).json()).toMatchObject({ texted: false, device: { state: 'active' } })
  })

  test.each([
    [{ id: 'p999' }, 'person-unknown', 404],
    [{ kind: 'role', id: 'nothing' }, 'role-unknown', 404],
    [{ number: '07700 9001' }, 'number-unreadable', 400],
    [{ number: '' }, 'request-invalid', 400],
  ])('is refused: %j, %s', async (more, code, status) => {
    const refused = await enrol(more)
    expect(refused.json()).toMatchObject({ code, status })
    expect(refused.json().detail ?? '').not.toMatch(/7700/)
    expect(await stored()).toEqual([])
  })

  test('is refused where the site has no way to nudge, and to everybody who may not enrol', async () => {
    const phone = await bed.enrol({ person: bed.holder('med-reg') })
    for (const key of [KEYS.estates, KEYS.governance, phone.token])
      expect((await enrol({}, key)).json()).toMatchObject({ code: 'not-permitted' })
    await bed.close()
    bed = await openBed({ clock })
    expect((await enrol()).json()).toMatchObject({ code: 'channel-absent', status: 503 })
    expect((await listed(KEYS.switchboard)).nudges).toBe(false)
  })

  test('is on the record without the number', async () => {
    const { id } = (await enrol()).json().device
    const chain = await bed.store.transact((tx) => tx.audit.since(0, 100))
    expect(chain).toMatchObject([
      { actor: 'switchboard-op', action: 'device.enrol', subject: id, outcome: 'done' },
    ])
    expect(JSON.stringify(chain)).not.toContain('7700')
  })
})

describe('an enrolled number', () => {
  test('is texted when the phone has given no sign, and is no reader of the inbox', async () => {
    const phone = await bed.enrol({ person: bed.holder('med-reg') })
    const { id } = (await enrol()).json().device
    const alert = await bed.call({ text: 'X', kind: 'met', class: 'emergency', roles: ['med-reg'] })
    const ways = async () =>
      (await bed.store.transact((tx) => tx.attempts.ofAlert(alert.id))).map((a) => `${a.device} ${a.channel}`)
    expect(await ways()).toEqual([`${phone.id} socket`])
    await bed.alerts.apply(alert.id, { kind: 'due', name: 'receipt', at: clock.now() + 5000 })
    expect(await ways()).toEqual([`${phone.id} socket`, `${phone.id} socket`, `${id} nudge`])
    const [, , attempt] = await bed.store.transact((tx) => tx.attempts.ofAlert(alert.id))
    expect(attempt).toMatchObject({ reason: 'no-receipt' })
    expect(await bed.store.transact((tx) => tx.inbox.since(asId(id), 0, 10))).toEqual([])
  })

  test('is revoked like every device: its number is gone and it is texted no more', async () => {
    const { id } = (await enrol()).json().device
    expect((await ask('POST', `/devices/${id}/revoke`, KEYS.switchboard)).json()).toMatchObject({
      state: 'revoked',
    })
    expect(await stored()).toMatchObject([{ id, state: 'revoked', address: '' }])
    const alert = await bed.call({ text: 'X', kind: 'met', class: 'emergency', roles: ['med-reg'] })
    const tried = await bed.store.transact((tx) => tx.attempts.ofAlert(alert.id))
    expect(tried.map(({ channel }) => channel)).toEqual(['radio'])
    expect((await enrol()).json().device.id).not.toBe(id)
  })

  test('is in the copy of what is held about its owner, and goes when they are erased', async () => {
    const person = bed.holder('med-reg')
    await enrol()
    const copy = await ask('POST', '/subjects/copy', KEYS.governance, {
      ...{ person, reason: 'asked for by them' },
      from: new Date(clock.now() - MINUTE).toISOString(),
      to: new Date(clock.now() + MINUTE).toISOString(),
    })
    expect(copy.json().person.devices).toMatchObject([{ channel: 'nudge', number: STORED }])
    const [device] = await stored()
    expect(JSON.stringify(deviceWithoutOwner(device!, asId('gone-1')))).not.toMatch(/7700|…123/)
  })
})
