import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Aedes } from 'aedes'
import { afterEach, describe, expect, test } from 'vitest'
import { topicOf } from '../../src/core/measure/telemetry.ts'
import { type BrokerOptions, openBroker } from '../../src/io/mqtt/client.ts'
import { mqttTelemetry } from '../../src/io/mqtt/telemetry.ts'
import type { Broker } from '../../src/ports/broker.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { hasMosquitto, mosquittoSub, NEEDS_MOSQUITTO } from '../support/brokers.ts'
import { removeFolder } from '../support/folders.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'

const ORIGIN = { site: 'demo', node: 'north' }

const realClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return { cancel: () => clearTimeout(timer) }
  },
}

const cleanUp: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

function open(port: number, more: Partial<BrokerOptions> = {}, log = quietLog): Broker {
  const broker = openBroker(
    { url: `mqtt://127.0.0.1:${port}`, origin: ORIGIN, deadline: 2000, ...more },
    { clock: realClock, log, metrics: quietMetrics },
  )
  cleanUp.push(() => broker.close())
  return broker
}

const until = (broker: Broker, connected: boolean) =>
  new Promise<void>((resolve) => {
    if (broker.connected === connected) return resolve()
    const stop = broker.watch((now) => {
      if (now !== connected) return
      stop()
      resolve()
    })
  })

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  cleanUp.push(() => void server.close())
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

describe('with mosquitto', () => {
  async function mosquitto(): Promise<{ port: number; child: ChildProcess }> {
    const probe = createServer()
    const port = await listening(probe)
    await new Promise((done) => probe.close(done))
    const folder = mkdtempSync(join(tmpdir(), 'broker-'))
    const file = join(folder, 'mosquitto.conf')
    writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\n`)
    const child = spawn('mosquitto', ['-c', file], { stdio: 'ignore' })
    cleanUp.push(() => {
      child.kill('SIGKILL')
      removeFolder(folder)
    })
    return { port, child }
  }

  test('birth, state of every feed and discovery are retained for whoever comes later', async (ctx) => {
    if (!hasMosquitto()) ctx.skip(NEEDS_MOSQUITTO)
    const { port } = await mosquitto()
    const versions: unknown[] = []
    const log = { ...quietLog, info: (_: string, fields?: unknown) => versions.push(fields) }
    const broker = open(port, {}, log)
    await until(broker, true)
    expect(versions).toEqual([{ mqtt: '5' }])
    const telemetry = mqttTelemetry(broker, ORIGIN, { version: '0.1.0' })
    telemetry.announce([{ sort: 'feed', subject: 'radio-a', label: 'Radio tap A' }])
    telemetry.state({ sort: 'feed', subject: 'radio-a', state: 'good', since: Date.UTC(2026, 10, 22, 3) })
    const heard = await mosquittoSub(port, 3, 'bleepbridge/#', {
      and: 'homeassistant/+/+/feed_radio-a/config',
    })
    const byTopic = new Map(
      heard.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
    )
    expect(byTopic.get('bleepbridge/demo/north/status')).toBe('online')
    expect(JSON.parse(byTopic.get('bleepbridge/demo/north/feed/radio-a/state') ?? '')).toEqual({
      state: 'good',
      since: '2026-11-22T03:00:00.000Z',
    })
    const config = JSON.parse(
      byTopic.get('homeassistant/binary_sensor/bleepbridge_demo_north/feed_radio-a/config') ?? '',
    )
    expect(config).toMatchObject({
      state_topic: 'bleepbridge/demo/north/feed/radio-a/state',
      availability_topic: 'bleepbridge/demo/north/status',
      payload_not_available: 'offline',
      unique_id: 'bleepbridge_demo_north_feed_radio-a',
    })
  })

  test('what was said while the broker was away is there when it is back', async (ctx) => {
    if (!hasMosquitto()) ctx.skip(NEEDS_MOSQUITTO)
    const first = await mosquitto()
    const broker = open(first.port)
    await until(broker, true)
    first.child.kill('SIGKILL')
    await until(broker, false)
    const topic = topicOf(ORIGIN, 'state', 'feed', 'radio-a')
    const result = await broker.publish({ topic, payload: '{"state":"failed"}', retain: true })
    expect(result).toMatchObject({ ok: false, fault: { code: 'broker-unreachable' } })
    const folder = mkdtempSync(join(tmpdir(), 'broker-'))
    const file = join(folder, 'again.conf')
    writeFileSync(file, `listener ${first.port} 127.0.0.1\nallow_anonymous true\n`)
    const again = spawn('mosquitto', ['-c', file], { stdio: 'ignore' })
    cleanUp.push(() => {
      again.kill('SIGKILL')
      removeFolder(folder)
    })
    await until(broker, true)
    expect(await mosquittoSub(first.port, 1, topic)).toEqual([`${topic} {"state":"failed"}`])
  })

  test('a daemon that says good-bye leaves offline behind, and hears what it subscribed to', async (ctx) => {
    if (!hasMosquitto()) ctx.skip(NEEDS_MOSQUITTO)
    const { port } = await mosquitto()
    const broker = open(port)
    await until(broker, true)
    const heard = new Promise<string>((resolve) => {
      broker.subscribe('bleepbridge/demo/+/status', (_, payload) => resolve(Buffer.from(payload).toString()))
    })
    expect(await heard).toBe('online')
    await broker.close()
    expect(await mosquittoSub(port, 1, 'bleepbridge/demo/north/status')).toEqual([
      'bleepbridge/demo/north/status offline',
    ])
  })
})

test('a broker that knows only MQTT 3.1.1 is spoken to in 3.1.1, and keeps our will', async () => {
  const aedes = await Aedes.createBroker()
  const versions: number[] = []
  const willed = new Promise<string>((resolve) => {
    aedes.on('publish', (packet) => {
      const text = `${packet.topic} ${packet.payload} ${packet.retain}`
      if (text.includes('offline')) resolve(text)
    })
  })
  aedes.on('client', (client) => versions.push(client.version ?? 0))
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    aedes.handle(socket)
  })
  cleanUp.push(() => new Promise<void>((done) => aedes.close(() => done())))
  const broker = open(await listening(server))
  await until(broker, true)
  expect(versions).toEqual([4])
  const dropped = until(broker, false)
  for (const socket of sockets) socket.destroy()
  await dropped
  await until(broker, true)
  expect(await willed).toBe('bleepbridge/demo/north/status offline true')
  expect(await broker.publish({ topic: 'bleepbridge/demo/north/x', payload: '1', retain: false })).toEqual({
    ok: true,
    value: undefined,
  })
})

test('a broker that hangs up without a word costs neither the process nor a waiting caller', async () => {
  let calls = 0
  const server = createServer((socket) => {
    calls += 1
    socket.destroy()
  })
  const port = await listening(server)
  const broker = open(port)
  const result = await broker.publish({ topic: 'x', payload: '1', retain: false })
  expect(result).toMatchObject({ ok: false, fault: { code: 'broker-unreachable' } })
  while (calls < 3) await new Promise((done) => setTimeout(done, 20))
  expect(broker.connected).toBe(false)
})

test('a broker that never confirms is given up by our own deadline', async () => {
  const CONNACK_3 = Buffer.from('20020000', 'hex')
  const CONNACK_5 = Buffer.from('2003000000', 'hex')
  const server = createServer((socket) => {
    socket.once('data', (connect) => socket.write(connect[8] === 5 ? CONNACK_5 : CONNACK_3))
    socket.on('error', () => undefined)
  })
  const broker = open(await listening(server), { deadline: 100 })
  await until(broker, true)
  expect(await broker.publish({ topic: 'x', payload: '1', retain: false })).toMatchObject({
    ok: false,
    fault: { code: 'broker-timeout' },
  })
})

test('a broker that refuses our name is told as that, and not as one that is away', async () => {
  // CONNACK with "not authorised": 135 in MQTT 5.0 (3.2.2.2), 5 in MQTT 3.1.1 (3.2.2.3).
  const server = createServer((socket) => {
    socket.once('data', (connect) =>
      socket.end(Buffer.from(connect[8] === 5 ? '2003008700' : '20020005', 'hex')),
    )
    socket.on('error', () => undefined)
  })
  const port = await listening(server)
  const broker = open(port)
  await expect.poll(() => broker.trouble).toBe('broker-refused')
})
