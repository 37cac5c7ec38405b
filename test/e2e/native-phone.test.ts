import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Temper } from '../../hardware/simulators/holder.ts'
import { startNativePhone } from '../../hardware/simulators/native-phone.ts'
import { outOfReach } from '../../src/app/push-address.ts'
import type { ChannelId } from '../../src/core/deliver/channels.ts'
import { problem } from '../../src/core/desk/views.ts'
import { asId, type PersonId } from '../../src/core/ids.ts'
import { apn } from '../../src/io/channels/apn.ts'
import { fcm } from '../../src/io/channels/fcm.ts'
import { systemClock } from '../../src/io/clock.ts'
import type { Channel } from '../../src/ports/channel.ts'
import { startOutbox } from '../../src/run/deliver/outbox.ts'
import { createRinger } from '../../src/run/deliver/self-test.ts'
import { type Bed, openBed } from '../support/desk-bed.ts'
import { SWITCHBOARD } from '../support/phone-bed.ts'
import { APNS_TOPIC, fakeApns } from '../support/providers/apns.ts'
import { fakeFcm } from '../support/providers/fcm.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'

/** The contract of config/native-app.md, kept by the reference client against the providers' own protocols. */
const clock = systemClock(() => {})
const COMES: Temper = { receives: 0, reads: 5, thinks: 5, answer: () => 'accepted' }
const TOKENS = {
  apn: ['ab'.repeat(32), 'cd'.repeat(32)],
  fcm: ['registration-token-of-a-phone', 'registration-token-after-renewal'],
} as const

type Platform = keyof typeof TOKENS
let ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function provider(platform: Platform) {
  if (platform === 'apn') {
    const fake = await fakeApns()
    const channel = apn({ ...fake.credentials, topic: APNS_TOPIC, sandbox: false }, clock, fake.reach)
    return { fake, channel }
  }
  const fake = await fakeFcm()
  return { fake, channel: fcm({ serviceAccount: fake.serviceAccount }, clock, fake.reach) }
}

describe.each(['apn', 'fcm'] as const)('a native app on %s', (platform) => {
  let bed: Bed
  let base: string
  let channel: Channel
  let fake: Awaited<ReturnType<typeof provider>>['fake']
  const [token, renewed] = TOKENS[platform]

  beforeEach(async () => {
    ends = []
    ;({ fake, channel } = await provider(platform))
    const channels = new Map<ChannelId, Channel>([[channel.id, channel]])
    const push = platform === 'apn' ? { apn: {} } : { fcm: {} }
    bed = await openBed({
      clock,
      ring: createRinger(channels, clock),
      desk: {
        outOfReach: (id, address) => outOfReach(push, id, address),
      },
    })
    const outbox = startOutbox({
      ...bed,
      ...{ random: { bytes: (n) => new Uint8Array(n) }, log: quietLog, metrics: quietMetrics },
      ...{ channels, privacy: 'opaque', owner: 'node-1' },
      apply: async (alert, event) => void (await bed.alerts.apply(alert, event)),
    })
    const listening = await bed.http.listen()
    if (!listening.ok) throw new Error(listening.fault.code)
    base = listening.value.url
    ends.push(
      () => fake.close(),
      () => channel.close(),
      () => bed.close(),
      () => outbox.stop(),
    )
  })

  const code = async (person: PersonId) => {
    const made = await bed.desk.code(SWITCHBOARD, { kind: 'person', person })
    if (!made.ok) throw new Error(made.fault.code)
    return made.value.code
  }
  const phoneOf = async (person: PersonId, temper = COMES) => {
    const phone = await startNativePhone({ base, code: await code(person), platform, token, temper })
    fake.onPush = (_token, payload) => void phone.push(payload).catch(() => {})
    ends.push(() => phone.close())
    return phone
  }
  const until = async (so: () => boolean | Promise<boolean>) => {
    while (!(await so())) await new Promise((turn) => setTimeout(turn, 10))
  }
  const alertOf = (id: string) => bed.store.transact((tx) => tx.alerts.get(asId(id)))

  test('enrols, is rung loud by the class, reports, answers; a new token rings and the old does not', async () => {
    const person = bed.holder('med-reg')
    const phone = await phoneOf(person)
    const call = { text: 'CARDIAC ARREST WARD 7B', kind: 'adult-arrest', class: 'emergency' } as const
    const { id } = await bed.call({ ...call, roles: ['med-reg'] })
    await until(async () => (await alertOf(id))?.phase === 'covered')
    expect(phone.rung[0]).toMatchObject(
      platform === 'apn'
        ? { class: 'emergency', as: 'critical', volume: 1 }
        : { class: 'emergency', as: 'emergency', volume: 1, fullScreen: true },
    )
    const told = await bed.store.transact((tx) => tx.attempts.ofAlert(asId(id)))
    expect(told.find((one) => one.channel === platform)?.state).toBe('opened')

    await phone.renew(renewed)
    await bed.call({ ...call, roles: ['med-reg'] })
    await until(() => phone.rung.length > 1)
    expect(fake.pushes.at(-1)).toMatchObject(
      platform === 'apn' ? { token: renewed } : { message: { token: renewed } },
    )
    expect(fake.faults).toEqual([])
  })

  test('a self-test rings it once each way, and its receipt proves the way', async () => {
    const phone = await phoneOf(bed.holder('med-reg'))
    await phone.selfTest()
    await until(async () => {
      const [device] = await bed.store.transact((tx) => tx.devices.list())
      return device?.tested?.heard !== undefined
    })
    expect(new Set(phone.rung.map((ring) => ring.id)).size).toBe(phone.rung.length)
  })

  test('signed out it is rung no more', async () => {
    const phone = await phoneOf(bed.holder('med-reg'))
    await phone.signOut()
    await bed.call({ text: 'ARREST', kind: 'adult-arrest', class: 'emergency', roles: ['med-reg'] })
    await new Promise((turn) => setTimeout(turn, 300))
    expect(fake.pushes).toEqual([])
  })

  test('what is no token is refused when it is given, and so is a platform that the site has not set up', async () => {
    const enrol = async (channel: string, address: string) => {
      const body = JSON.stringify({ code: await code(bed.holder('med-reg')), channel, address })
      const headers = { 'content-type': 'application/json' }
      const said = await fetch(`${base}/api/v1/devices`, { method: 'POST', headers, body })
      return [said.status, problem.parse(await said.json()).code]
    }
    expect(await enrol(platform, 'no token')).toEqual([400, 'push-address-bad'])
    const other = platform === 'apn' ? 'fcm' : 'apn'
    expect(await enrol(other, TOKENS[other][0])).toEqual([503, 'channel-absent'])
  })
})
