import { once } from 'node:events'
import { setTimeout as real } from 'node:timers/promises'
import { createServer } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { selfSigned } from '../../hardware/simulators/certificate.ts'
import type { Attempt } from '../../src/core/deliver/attempt.ts'
import { mqttChannel } from '../../src/io/channels/mqtt.ts'
import { socketChannel } from '../../src/io/channels/socket.ts'
import { openBroker } from '../../src/io/mqtt/client.ts'
import { aedes } from '../support/brokers.ts'
import { aPhone, type DeliveryRig, deliveryRig } from '../support/delivery.ts'
import { type Gate, startGate } from '../support/providers/gate.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

/** A broker that fails in real ways, while retries and deadlines run on the test's own clock. */
const ORIGIN = { site: 'st-elsewhere', node: 'north' }

let clock: VirtualClock
let gate: Gate
let rig: DeliveryRig
const cleanUp: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  clock = new VirtualClock()
  gate = await startGate()
  cleanUp.push(() => gate.close())
})
afterEach(async () => {
  const closed = rig.close()
  for (let i = 0; i < 20; i++) await clock.elapse(1000)
  await closed
  for (const undo of cleanUp.splice(0).reverse()) {
    const undone = undo()
    for (let i = 0; i < 10; i++) await clock.elapse(1000)
    await undone
  }
})

/** @param keepalive seconds of the machine's own time: the library counts them */
async function start(url: string, keepalive = 60) {
  const link = openBroker({ url, origin: ORIGIN, keepalive }, { clock, log: quietLog, metrics: quietMetrics })
  cleanUp.push(() => link.close())
  const socket = socketChannel()
  rig = await deliveryRig(clock, [
    mqttChannel(link, ORIGIN, clock, { log: quietLog, metrics: quietMetrics }),
    socket,
  ])
  rig.start()
  return { link, socket }
}

const rung = async (alert: string): Promise<Attempt> =>
  (await rig.attempts(alert)).find(({ channel }) => channel === 'mqtt')!

async function until(alert: string, wanted: (attempt: Attempt) => boolean): Promise<Attempt> {
  for (let turns = 0; ; turns++) {
    const attempt = await rung(alert)
    if (wanted(attempt)) return attempt
    if (turns === 15_000) expect.fail(`${alert} never was as wanted: ${JSON.stringify(attempt)}`)
    await clock.elapse(0)
    await real(2)
  }
}
/** Moves time on in steps, each of which the network may answer before the next. */
async function pass(alert: string, ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 500) {
    await clock.elapse(500)
    await until(alert, ({ state }) => state !== 'handed' && state !== 'leased')
  }
}
const isTried = ({ state, try: tries }: Attempt) => tries > 0 || state === 'taken'

async function strangersTls(): Promise<string> {
  const server = createServer(selfSigned(), (socket) => socket.destroy())
  server.on('tlsClientError', () => {})
  await once(server.listen(0, '127.0.0.1'), 'listening')
  cleanUp.push(async () => void server.close())
  const address = server.address()
  return `mqtts://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

test.each([
  ['whose name is gone', async () => 'mqtt://broker.invalid'],
  ['that nobody listens as', async () => 'mqtt://127.0.0.1:1'],
  ['whose certificate nobody vouches for', strangersTls],
])('a broker %s: the display is tried again and kept, and the LAN rings at once', async (_, url) => {
  const { socket } = await start(await url())
  const heard: string[] = []
  const handset = aPhone('handset', 'socket')
  socket.attach(handset.id, (data) => heard.push(data) > 0)
  await rig.ask('a', 'emergency', [aPhone('display', 'mqtt'), handset])
  expect(await until('a', isTried)).toMatchObject({ state: 'queued', fault: 'provider-unreachable' })
  expect(heard).toHaveLength(1)
  expect(rig.told).toEqual([])
  expect((await rig.store.transact((tx) => tx.devices.list())).map(({ state }) => state)).toEqual([
    'active',
    'active',
  ])
})

test('a broker that is away for two minutes: the display is rung when it is back', async () => {
  const { link } = await start(`mqtt://127.0.0.1:${gate.port}`)
  await rig.ask('a', 'emergency', [aPhone('display', 'mqtt')])
  for (let i = 0; i < 120; i++) {
    await clock.elapse(1000)
    await until('a', ({ state }) => state === 'queued')
  }
  expect(await rung('a')).toMatchObject({ fault: 'provider-unreachable' })
  const broker = await aedes()
  cleanUp.push(() => broker.close())
  gate.lead(broker.port)
  while (!link.connected) {
    await clock.elapse(500)
    await real(5)
  }
  await pass('a', 5000)
  expect(await until('a', ({ state }) => state === 'taken')).toMatchObject({ state: 'taken' })
})

test('a half-open line to the broker: the bell is given up at a deadline and goes out over a new line', async () => {
  const broker = await aedes()
  cleanUp.push(() => broker.close())
  gate.lead(broker.port)
  const { link } = await start(`mqtt://127.0.0.1:${gate.port}`, 1)
  while (!link.connected) {
    await clock.elapse(50)
    await real(5)
  }
  const display = aPhone('display', 'mqtt')
  await rig.ask('first', 'urgent', [display])
  await until('first', ({ state }) => state === 'taken')
  gate.freeze()
  await rig.ask('second', 'urgent', [display])
  await until('second', ({ state }) => state === 'handed')
  // The link's own deadline, which is shorter than the call's.
  await clock.elapse(5000)
  expect(await until('second', isTried)).toMatchObject({ state: 'queued', fault: 'provider-timeout' })
  const lines = gate.made
  while (gate.made === lines || !link.connected) {
    await clock.elapse(50)
    await real(5)
  }
  await pass('second', 20_000)
  expect(await until('second', ({ state }) => state === 'taken')).toMatchObject({ state: 'taken' })
})
