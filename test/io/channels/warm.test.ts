import type { ClientRequest } from 'node:http'
import { Agent } from 'node:https'
import { afterEach, describe, expect, test } from 'vitest'
import { vapidKeys } from '../../../hardware/simulators/push-crypto.ts'
import { type PushService, startPushService } from '../../../hardware/simulators/push-service.ts'
import { doorbell } from '../../../src/core/deliver/payload.ts'
import { keepWarm } from '../../../src/io/channels/warm.ts'
import { webPush } from '../../../src/io/channels/webpush.ts'
import { systemClock } from '../../../src/io/clock.ts'
import type { Channel } from '../../../src/ports/channel.ts'
import { anEmergency } from '../../support/attempts.ts'
import { aPhone } from '../../support/delivery.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const clock = systemClock(() => {})
const opened: { service: PushService; channel: Channel }[] = []
afterEach(async () => {
  for (const { service, channel } of opened.splice(0)) {
    await channel.close()
    await service.close()
  }
})

async function start() {
  const service = await startPushService()
  const vapid = vapidKeys()
  const channel = webPush({ subject: 'mailto:it@hospital.example', ...vapid }, clock, { ca: service.ca })
  opened.push({ service, channel })
  const { subscription, pushes } = service.subscribe(vapid.publicKey)
  return { service, channel, phone: aPhone('phone', 'webpush', subscription), pushes }
}

test('the first push goes by a connection that was there before it', async () => {
  const { service, channel, phone, pushes } = await start()
  let answered = 0
  service.interfere((_, response) => {
    response.once('finish', () => answered++)
    return false
  })
  channel.warm?.([phone.address, phone.address])
  await expect.poll(() => answered).toBe(4)
  // Until the answers have come back as well.
  await new Promise((next) => setTimeout(next, 200))
  const attempt = anEmergency(phone)
  const bell = doorbell(attempt, 'opaque', undefined)
  expect(await channel.send(attempt, phone, bell, new AbortController().signal)).toEqual({ kind: 'taken' })
  expect(pushes).toHaveLength(1)
  expect(service.connections).toBe(4)
  expect(service.faults).toEqual([])
})

test('a team has a connection for each phone, within a bound, and phones that come later have theirs', async () => {
  const { service, channel, phone } = await start()
  let answered = 0
  service.interfere((_, response) => {
    response.once('finish', () => answered++)
    return false
  })
  const phones = (n: number) => Array.from({ length: n }, () => phone.address)
  channel.warm?.(phones(6))
  await expect.poll(() => answered).toBe(6)
  expect(service.connections).toBe(6)
  // As many as there were: nothing is asked.
  channel.warm?.(phones(6))
  channel.warm?.(phones(1))
  channel.warm?.(phones(50))
  await expect.poll(() => answered).toBe(26)
  expect(service.connections).toBeLessThanOrEqual(26)
})

test('what is no address, or leads where nothing may go, is asked nothing', async () => {
  const { service, channel } = await start()
  const inside = {
    endpoint: 'https://192.168.7.1/push',
    keys: { p256dh: 'A'.repeat(87), auth: 'B'.repeat(22) },
  }
  channel.warm?.(['', 'no JSON', '{}', JSON.stringify(inside)])
  await new Promise((next) => setTimeout(next, 50))
  expect(service.connections).toBe(0)
})

test('a push service that is not there troubles nobody', async () => {
  const { service, channel, phone } = await start()
  await service.close()
  channel.warm?.([phone.address])
  await new Promise((next) => setTimeout(next, 50))
  const attempt = anEmergency(phone)
  const said = await channel.send(
    attempt,
    phone,
    doorbell(attempt, 'opaque', undefined),
    AbortSignal.timeout(2000),
  )
  expect(said.kind).toBe('later')
})

describe('what is asked at rest', () => {
  const HERE = 'https://push.example'
  const QUARTER = 15 * 60_000
  const start = () => {
    let asked = 0
    /** Counts what goes by it, and lets nothing go. */
    class Counting extends Agent {
      addRequest(request: ClientRequest): void {
        asked += 1
        request.destroy()
      }
    }
    const time = new VirtualClock(1000 * QUARTER)
    const warmth = keepWarm(new Counting(), time)
    return {
      ...{ time, warmth },
      /** How often in the next turns. */
      asked(turns = 1): number {
        const before = asked
        time.advance(turns * 30_000)
        return asked - before
      },
      send(n: number): void {
        const ends = Array.from({ length: n }, () => warmth.use(HERE))
        for (const end of ends) end()
      },
    }
  }

  test('a service that nothing was sent to for long is asked once in a turn', () => {
    const { warmth, asked } = start()
    warmth.know(HERE, 12)
    expect(asked()).toBe(12)
    // What was opened for phones is kept for a quarter of an hour.
    expect(asked(28)).toBe(12 * 28)
    expect(asked(1 + 10)).toBe(11)
    // And is not opened anew by each look at the phones.
    warmth.know(HERE, 12)
    expect(asked()).toBe(1)
  })

  test('as many are kept as the last busy quarter of an hour needed at once, through the night', () => {
    const { warmth, time, asked, send } = start()
    send(7)
    send(2)
    expect(asked()).toBe(7)
    time.advance(8 * 60 * 60_000)
    expect(asked()).toBe(7)
    // The next one counts from its end; while it lasts, the more of both.
    send(2)
    expect(asked(20)).toBe(7 * 20)
    time.advance(QUARTER)
    send(3)
    time.advance(QUARTER)
    expect(asked()).toBe(3)
    warmth.close()
    expect(asked(10)).toBe(0)
  })

  test('never more than twenty, nor of more than eight services', () => {
    const { warmth, asked, send } = start()
    send(50)
    for (let n = 0; n < 20; n++) warmth.use(`https://push-${n}.example`)()
    expect(asked()).toBe(20 + 7)
  })
})
