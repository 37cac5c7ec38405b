import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ChannelId } from '../../../src/core/deliver/channels.ts'
import type { ReadinessView } from '../../../src/core/desk/readiness-view.ts'
import { asId, type DeviceId } from '../../../src/core/ids.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'

let bed: Bed
let phone: { token: string; id: string }
let rung: { test: string; only: ChannelId | undefined }[]
let listens: boolean
beforeEach(async () => {
  rung = []
  listens = true
  bed = await openBed({
    desk: {
      listens: () => listens,
      ring: async (_, test, only) => {
        rung.push({ test, only })
        return true
      },
    },
  })
  phone = await bed.enrol({ person: bed.holder('med-reg') })
  await bed.store.transact(async (tx) => {
    const device = await tx.devices.get(asId<DeviceId>(phone.id))
    if (device) await tx.devices.save({ ...device, channel: 'webpush', address: '{}' })
  })
})
afterEach(() => bed.close())

const ask = (method: 'GET' | 'POST' | 'PUT', path: string, token: string, payload?: object) =>
  bed.http.app.inject({
    ...{ method, url: `/api/v1${path}`, headers: { authorization: `Bearer ${token}` } },
    ...(payload === undefined ? {} : { payload }),
  })
const proved = async () => {
  const device = await bed.store.transact((tx) => tx.devices.get(asId<DeviceId>(phone.id)))
  return Object.fromEntries(Object.entries(device?.proved ?? {}).map(([way, { by }]) => [way, by]))
}
const reg = async () => {
  const view: ReadinessView = (await ask('GET', '/readiness', KEYS.switchboard)).json()
  return view.roles.find((r) => r.role === 'med-reg' && !r.next)
}
/** An arrest, as the app hears of it. */
async function told() {
  await bed.call({ text: 'X', kind: 'adult-arrest', class: 'emergency', roles: ['med-reg'] })
  const { items } = (await ask('GET', '/inbox', phone.token)).json()
  return items.at(-1).attempt as string
}
const receipt = (attempt: string, by?: string) =>
  ask('POST', '/receipts', phone.token, { attempt, stage: 'on-device', ...(by === undefined ? {} : { by }) })

test('what the open app heard over its line says nothing of the push, though both were sent', async () => {
  const attempt = await told()
  await receipt(attempt, 'stream')
  expect(await proved()).toEqual({ socket: 'ring' })
  await receipt(attempt, 'push')
  expect(await proved()).toEqual({ socket: 'ring', webpush: 'ring' })
})

test('what a phone found when it looked by itself proves no way to ring it', async () => {
  await receipt(await told(), 'pull')
  expect(await proved()).toEqual({})
  expect((await reg())?.state).toBe('none')
})

test('an app that does not say is believed only where no other way was open', async () => {
  await receipt(await told())
  expect(await proved()).toEqual({})
  listens = false
  await receipt(await told())
  expect(await proved()).toEqual({ webpush: 'ring' })
})

test('a self-test rings each way under an id of its own, and each proves its own', async () => {
  const { test: own, lan } = (await ask('POST', '/devices/me/self-test', phone.token)).json()
  expect(rung).toEqual([
    { test: own, only: 'webpush' },
    { test: lan, only: 'socket' },
  ])
  await receipt(lan)
  expect(await proved()).toEqual({ socket: 'self-test' })
  await receipt(own)
  expect(await proved()).toEqual({ socket: 'self-test', webpush: 'self-test' })
  expect((await receipt('another')).json().code).toBe('attempt-unknown')
  // A second press while the first ring is on its way takes nothing from it.
  await ask('POST', '/devices/me/self-test', phone.token)
  expect((await receipt(own)).json()).toEqual({ moved: true })
})

test('a phone that its holder did not hear does not ring, whatever it reports, until they have heard it', async () => {
  await receipt(await told(), 'push')
  expect((await reg())?.state).toBe('proved')
  await ask('PUT', '/devices/me/sound', phone.token, { heard: false })
  expect(await reg()).toMatchObject({
    state: 'none',
    ways: [{ sound: { heard: false } }, { channel: 'socket' }],
  })
  const heard = await ask('PUT', '/devices/me/sound', phone.token, { heard: true })
  expect(heard.json().sound).toMatchObject({ heard: true })
  expect(await reg()).toMatchObject({ state: 'proved', ways: [{ sound: { heard: true } }, {}] })
})
