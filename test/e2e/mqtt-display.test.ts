import { connectAsync, type IPublishPacket, type MqttClient } from 'mqtt'
import { afterEach, describe, expect, test } from 'vitest'
import { asId } from '../../src/core/ids.ts'
import { mqttChannel } from '../../src/io/channels/mqtt.ts'
import { systemClock } from '../../src/io/clock.ts'
import { openBroker } from '../../src/io/mqtt/client.ts'
import type { MqttDoor } from '../../src/ports/mqtt-door.ts'
import { anEmergency } from '../support/attempts.ts'
import { aedes, hasMosquitto, mosquitto, NEEDS_MOSQUITTO, type TestBroker } from '../support/brokers.ts'
import { aPhone } from '../support/delivery.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'

const ORIGIN = { site: 'st-elsewhere', node: 'north' }
const DEVICE = 'bleepbridge/st-elsewhere/north/device/display-1'
const clock = systemClock(() => {})
const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

interface Heard {
  readonly topic: string
  readonly said: unknown
  readonly packet: IPublishPacket
}

/** Stands for the HMAC that a device makes. */
const signed = (text: string) => text.replace('\n', '+')

/** A display made of the MQTT library alone: nothing of ours but the topics. */
async function display(port: number, protocolVersion: 4 | 5) {
  const client: MqttClient = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion })
  cleanUp.push(() => client.endAsync(true))
  const heard: Heard[] = []
  let wake = () => {}
  client.on('message', (topic, payload, packet) => {
    heard.push({ topic, said: JSON.parse(payload.toString()), packet })
    wake()
  })
  await client.subscribeAsync([`${DEVICE}/bell`, `${DEVICE}/answered`], { qos: 1 })
  const next = async (): Promise<Heard> => {
    while (heard.length === 0) await new Promise<void>((done) => (wake = done))
    return heard.shift()!
  }
  return { client, next }
}

async function bridge(port: number, door: MqttDoor) {
  const broker = openBroker(
    { url: `mqtt://127.0.0.1:${port}`, origin: ORIGIN },
    { clock, log: quietLog, metrics: quietMetrics },
  )
  cleanUp.push(() => broker.close())
  await new Promise<void>((done) => (broker.connected ? done() : broker.watch((up) => up && done())))
  const channel = mqttChannel(broker, ORIGIN, clock, { log: quietLog, metrics: quietMetrics })
  cleanUp.push(channel.listen({ ...door, vouches: async (_device, text, mac) => mac === signed(text) }))
  return channel
}

const brokers: readonly [string, 4 | 5, () => Promise<TestBroker>, string | undefined][] = [
  ['aedes, MQTT 3.1.1', 4, aedes, undefined],
  ['mosquitto, MQTT 5', 5, mosquitto, hasMosquitto() ? undefined : NEEDS_MOSQUITTO],
]

describe.each(brokers)('a display on %s', (_name, version, start, missing) => {
  test('is rung, reports and answers on its own topics, and is told what became of it', async (ctx) => {
    if (missing) ctx.skip(missing)
    const server = await start()
    cleanUp.push(() => server.close())
    const calls: unknown[] = []
    const channel = await bridge(server.port, {
      async receipt(...said) {
        calls.push(said)
      },
      async answer(...said) {
        calls.push(said)
        return 'applied'
      },
    })
    const { client, next } = await display(server.port, version)
    const device = aPhone('display-1', 'mqtt')
    const attempt = anEmergency(device)
    const bell = { id: attempt.id, class: attempt.class, purpose: attempt.purpose }
    expect(await channel.send(attempt, device, bell, AbortSignal.timeout(30_000))).toEqual({ kind: 'taken' })

    const rung = await next()
    expect(rung.said).toEqual({ ...bell, tag: '0190aaaabbbb7ccc8dddeeeeffff0000' })
    expect(rung.packet.qos).toBe(1)
    expect(rung.packet.retain).toBe(false)
    if (version === 5) {
      const left = rung.packet.properties?.messageExpiryInterval
      expect(left).toBeGreaterThan(290)
      expect(left).toBeLessThanOrEqual(300)
    }

    await client.publishAsync(
      `${DEVICE}/receipt`,
      JSON.stringify({ attempt: attempt.id, stage: 'presented', mac: signed(`${attempt.id}\npresented`) }),
      {
        qos: 1,
      },
    )
    await client.publishAsync(`${DEVICE}/answer`, '{"answer":"yes"}', { qos: 1 })
    await client.publishAsync(`${DEVICE}/answer`, 'x'.repeat(5000), { qos: 1 })
    const forged = JSON.stringify({
      attempt: attempt.id,
      answer: 'declined',
      mac: signed('another\ndeclined'),
    })
    await client.publishAsync(`${DEVICE}/answer`, forged, { qos: 1 })
    const unsigned = JSON.stringify({ attempt: attempt.id, answer: 'declined' })
    await client.publishAsync(`${DEVICE}/answer`, unsigned, { qos: 1 })
    const accepted = JSON.stringify({
      ...{ attempt: attempt.id, answer: 'accepted' },
      mac: signed(`${attempt.id}\naccepted`),
    })
    await client.publishAsync(`${DEVICE}/answer`, accepted, { qos: 1 })
    expect(await next()).toMatchObject({
      topic: `${DEVICE}/answered`,
      said: { attempt: attempt.id, outcome: 'applied' },
    })
    expect(calls).toEqual([
      [asId('display-1'), attempt.id, 'presented'],
      [asId('display-1'), attempt.id, 'accepted'],
    ])
  })

  test('what it published to be kept is heard when it is said, and not again when we come back', async (ctx) => {
    if (missing) ctx.skip(missing)
    const server = await start()
    cleanUp.push(() => server.close())
    const { client } = await display(server.port, version)
    const answer = (attempt: string) =>
      JSON.stringify({ attempt, answer: 'accepted', mac: signed(`${attempt}\naccepted`) })
    const keep = { qos: 1, retain: true } as const
    await client.publishAsync(`${DEVICE}/answer`, answer('long-ago'), keep)
    await client.publishAsync(`${DEVICE}/receipt`, JSON.stringify({ attempt: 'a', stage: 'opened' }), keep)
    const calls: unknown[] = []
    await bridge(server.port, {
      receipt: async (...said) => void calls.push(said),
      answer: async (...said) => {
        calls.push(said)
        return 'applied'
      },
    })
    // Until it is heard we may not have asked yet; what is kept comes before it.
    await expect
      .poll(async () => {
        await client.publishAsync(`${DEVICE}/answer`, answer('now'), { qos: 1 })
        return calls.length
      })
      .toBeGreaterThan(0)
    expect(new Set(calls.map((said) => JSON.stringify(said)))).toEqual(
      new Set([JSON.stringify(['display-1', 'now', 'accepted'])]),
    )
  })
})
