import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as real } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { type PushService, startPushService } from '../../hardware/simulators/push-service.ts'
import type { Attempt } from '../../src/core/deliver/attempt.ts'
import { type SocketChannel, socketChannel } from '../../src/io/channels/socket.ts'
import { webPush } from '../../src/io/channels/webpush.ts'
import type { Channel } from '../../src/ports/channel.ts'
import { aPhone, type DeliveryRig, deliveryRig } from '../support/delivery.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

/**
 * Real sockets, TLS and name look-ups that fail in real ways, while retries and deadlines run on the test's own clock.
 */
const keys = vapidKeys()
let clock: VirtualClock
let service: PushService
let push: Channel
let socket: SocketChannel
let rig: DeliveryRig
const cleanUp: (() => unknown)[] = []

beforeEach(async () => {
  clock = new VirtualClock()
  service = await startPushService({ now: () => clock.now() })
  push = webPush({ subject: 'mailto:it@hospital.example', ...keys }, clock, {
    ca: service.ca,
    connections: 4,
  })
  socket = socketChannel()
  rig = await deliveryRig(clock, [push, socket])
  rig.start()
})

afterEach(async () => {
  service.interfere(undefined)
  const closed = rig.close()
  for (let i = 0; i < 20; i++) await clock.elapse(1000)
  await closed
  await push.close()
  await service.close()
  for (const undo of cleanUp.splice(0)) await undo()
})

const byPush = async (alert: string): Promise<Attempt> =>
  (await rig.attempts(alert)).find((attempt) => attempt.channel === 'webpush')!

/** Lets the network work until the alert's push is as wanted; the test's own limit ends it when it never is. */
async function until(alert: string, wanted: (attempt: Attempt) => boolean): Promise<Attempt> {
  for (;;) {
    const attempt = await byPush(alert)
    if (wanted(attempt)) return attempt
    await clock.elapse(0)
    await real(2)
  }
}

const isTried = (attempt: Attempt) => attempt.try > 0 || attempt.state === 'taken'

/** Moves time on in steps, letting every hand-over that began come to its end on the network. */
async function pass(alert: string, ms: number, step = 500): Promise<void> {
  for (let at = 0; at < ms; at += step) {
    await clock.elapse(step)
    await until(alert, ({ state }) => state !== 'handed' && state !== 'leased')
  }
}

test('a provider that answers 503 for two minutes: an emergency is tried until it is taken', async () => {
  let asked = 0
  service.interfere((_request, response) => {
    asked += 1
    response.writeHead(503)
    response.end()
    return true
  })
  const phone = service.subscribe(keys.publicKey)
  await rig.ask('a', 'emergency', [aPhone('phone', 'webpush', phone.subscription)])
  await until('a', isTried)
  await pass('a', 120_000)
  expect(await byPush('a')).toMatchObject({ state: 'queued', fault: 'provider-unavailable' })
  expect(asked).toBeGreaterThan(25)
  expect(asked).toBeLessThan(120)
  service.interfere(undefined)
  await pass('a', 5000)
  expect(await byPush('a')).toMatchObject({ state: 'taken' })
  expect(phone.pushes).toHaveLength(1)
})

test('with the way out cut, an emergency still rings over the hospital network, and nobody is called unreachable', async () => {
  const rung: string[] = []
  const gone = { endpoint: 'https://push.invalid/x', keys: service.subscribe().subscription.keys }
  const phone = aPhone('phone', 'webpush', gone)
  socket.attach(phone.id, (data) => rung.push(data) > 0)
  await rig.ask('a', 'emergency', [phone])
  expect(await until('a', isTried)).toMatchObject({ state: 'queued', fault: 'provider-unreachable' })
  expect(rung).toHaveLength(1)
  expect((await rig.attempts('a')).map(({ channel, state }) => `${channel} ${state}`)).toContain(
    'socket taken',
  )
  await pass('a', 300_000, 4000)
  expect(await byPush('a')).toMatchObject({ state: 'expired' })
  expect(rig.told).toEqual([])
})

test('a certificate nobody vouches for: nothing is sent, and the fault says so', async () => {
  const stranger = await startPushService()
  cleanUp.push(() => stranger.close())
  const phone = stranger.subscribe()
  await rig.ask('a', 'urgent', [aPhone('phone', 'webpush', phone.subscription)])
  expect(await until('a', isTried)).toMatchObject({ state: 'queued', fault: 'provider-untrusted' })
  expect(phone.pushes).toEqual([])
})

test('a port that nobody listens on', async () => {
  const phone = service.subscribe()
  const subscription = { ...phone.subscription, endpoint: 'https://127.0.0.1:1/push' }
  await rig.ask('a', 'urgent', [aPhone('phone', 'webpush', subscription)])
  expect(await until('a', isTried)).toMatchObject({ state: 'queued', fault: 'provider-unreachable' })
})

test('slow loris: phones of the same service are not held up, and the line is freed at the deadline', async () => {
  const slow = service.subscribe(keys.publicKey)
  const slowPath = new URL(slow.subscription.endpoint).pathname
  let open = 0
  service.interfere((request, response) => {
    if (request.url !== slowPath) return false
    open += 1
    response.writeHead(201)
    const drip = setInterval(() => response.write('.'), 5)
    response.on('close', () => {
      open -= 1
      clearInterval(drip)
    })
    return true
  })
  await rig.ask('slow', 'urgent', [aPhone('slow', 'webpush', slow.subscription)])
  while (open === 0) await real(2)
  for (let i = 0; i < 8; i++) {
    const good = service.subscribe(keys.publicKey)
    await rig.ask(`good-${i}`, 'urgent', [aPhone(`good-${i}`, 'webpush', good.subscription)])
    await until(`good-${i}`, ({ state }) => state === 'taken')
  }
  expect(await byPush('slow')).toMatchObject({ state: 'handed' })
  await clock.elapse(8000)
  expect(await until('slow', isTried)).toMatchObject({ state: 'queued', fault: 'provider-timeout' })
  while (open > 0) await real(2)
})

test('a half-open line: the kept connection swallows the push, the next try takes a new one', async () => {
  const gate = await freezableGate(Number(new URL(service.origin).port))
  cleanUp.push(() => gate.close())
  // The name in the token is the gate's, so the service is asked to check nothing here but what it decrypts.
  const phone = service.subscribe(keys.publicKey)
  const endpoint = phone.subscription.endpoint.replace(service.origin, `https://127.0.0.1:${gate.port}`)
  let arrived = 0
  service.interfere((request, response) => {
    request.resume()
    request.on('end', () => {
      arrived += 1
      response.writeHead(201)
      response.end()
    })
    return true
  })
  const device = aPhone('phone', 'webpush', { ...phone.subscription, endpoint })
  await rig.ask('first', 'urgent', [device])
  await until('first', ({ state }) => state === 'taken')
  gate.freeze()
  await rig.ask('second', 'urgent', [device])
  await until('second', ({ state }) => state === 'handed')
  await clock.elapse(8000)
  expect(await until('second', isTried)).toMatchObject({ state: 'queued', fault: 'provider-timeout' })
  await pass('second', 1000)
  expect(await byPush('second')).toMatchObject({ state: 'taken', try: 1 })
  expect(arrived).toBe(2)
})

/** Forwards connections; frozen ones stay open and carry nothing any more, as when a firewall forgets them. */
async function freezableGate(to: number) {
  const pairs = new Set<readonly [Socket, Socket]>()
  const server: Server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    const pair = [near, far] as const
    pairs.add(pair)
    for (const side of pair) side.on('error', () => {})
    near.pipe(far)
    far.pipe(near)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    freeze() {
      for (const [near, far] of pairs) {
        near.unpipe(far)
        far.unpipe(near)
        near.pause()
      }
    },
    async close() {
      for (const pair of pairs) for (const side of pair) side.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}
