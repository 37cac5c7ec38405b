import type { ServerResponse } from 'node:http'
import { selfSigned } from '../../../hardware/simulators/certificate.ts'
import { vapidKeys } from '../../../hardware/simulators/push-crypto.ts'
import { type Interference, startPushService } from '../../../hardware/simulators/push-service.ts'
import type { PushKind } from '../../../src/config/push.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import { apn } from '../../../src/io/channels/apn.ts'
import { fcm } from '../../../src/io/channels/fcm.ts'
import { notify } from '../../../src/io/channels/notify.ts'
import { ntfy } from '../../../src/io/channels/ntfy.ts'
import { nudge } from '../../../src/io/channels/nudge.ts'
import type { Reach } from '../../../src/io/channels/provider.ts'
import { webPush } from '../../../src/io/channels/webpush.ts'
import type { Channel } from '../../../src/ports/channel.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import { aPhone } from '../delivery.ts'
import { APNS_TOPIC, fakeApns } from './apns.ts'
import { fakeFcm } from './fcm.ts'
import { type Gate, startGate } from './gate.ts'
import { fakeNotify, NOTIFY_KEY, NOTIFY_TEMPLATE } from './notify.ts'
import { fakeNtfy, NTFY_TOKEN } from './ntfy.ts'
import { fakeGateway } from './sms.ts'

/** `down` answers 503; `drips` answers a byte at a time, for ever. */
type Weather = 'well' | 'down' | 'drips'

/** How the channel is led there: as it should be, to a certificate nobody vouches for, to a name that is gone, to a port that nobody listens on. */
export type Way = 'straight' | 'untrusted' | 'nowhere' | 'refused'

/** A channel with its provider and the network in between, to fail in real ways. */
export interface FarEnd {
  readonly channel: Channel
  /** A device the provider knows; the same for the same name. */
  device(name: string): Device
  /** How everybody is answered from now on, or one device. */
  be(weather: Weather, name?: string): void
  /** Pushes that came as far as the provider. */
  asked(): number
  /** Of those, how many it still answers. */
  open(): number
  /** Whatever the channel did that the protocol forbids. */
  faults(): readonly string[]
  freeze(): void
  /** Connections made so far. */
  lines(): number
  close(): Promise<void>
}

/** RFC 6761 clause 6.4: never a name of anything. */
const NOWHERE = 'push.invalid'
const NOBODYS_PORT = 1

/** Answers of the HTTP/1.1 providers, by what a request is for. */
function weatherVane(nameOf: (path: string) => string) {
  const of = new Map<string, Weather>()
  const seen = { asked: 0, open: 0 }
  let all: Weather = 'well'
  const interfere: Interference = ({ url = '' }, response: ServerResponse) => {
    seen.asked += 1
    seen.open += 1
    let drip: NodeJS.Timeout | undefined
    response.on('close', () => {
      seen.open -= 1
      clearInterval(drip)
    })
    const weather = of.get(nameOf(url)) ?? all
    if (weather === 'well') return false
    response.writeHead(weather === 'down' ? 503 : 201)
    if (weather === 'down') response.end()
    else drip = setInterval(() => response.write('.'), 5)
    return true
  }
  const be = (weather: Weather, name?: string) => {
    if (name === undefined) all = weather
    else of.set(name, weather)
  }
  return { interfere, be, asked: () => seen.asked, open: () => seen.open }
}

type Start = (clock: Clock, way: Way) => Promise<FarEnd>

/** What all of them share: the gate, and a device for each name. */
function farEnd(
  gate: Gate,
  channel: Channel,
  make: (name: string) => Device,
  rest: Pick<FarEnd, 'be' | 'asked' | 'open' | 'faults' | 'close'>,
): FarEnd {
  const known = new Map<string, Device>()
  return {
    ...rest,
    channel,
    device(name) {
      const device = known.get(name) ?? make(name)
      known.set(name, device)
      return device
    },
    freeze: () => gate.freeze(),
    lines: () => gate.made,
    async close() {
      await channel.close()
      await gate.close()
      await rest.close()
    },
  }
}

const placeBy = (gate: Gate, way: Way) => ({
  host: way === 'nowhere' ? NOWHERE : 'localhost',
  port: way === 'refused' ? NOBODYS_PORT : gate.port,
})

const reachBy = (gate: Gate, way: Way, ca: string): Reach => ({
  ...placeBy(gate, way),
  connections: 4,
  ...(way === 'untrusted' ? {} : { ca }),
})

export const FAR_ENDS: Readonly<Record<Exclude<PushKind, 'modem' | 'voice'>, Start>> = {
  async webpush(clock, way) {
    const gate = await startGate()
    const service = await startPushService({
      now: () => clock.now(),
      origin: `https://127.0.0.1:${gate.port}`,
    })
    gate.lead(service.port)
    const keys = vapidKeys()
    const names = new Map<string, string>()
    const vane = weatherVane((path) => names.get(path) ?? '')
    service.interfere(vane.interfere)
    // This machine may be reached where a certificate of the site is set: here one that vouches for somebody else.
    const ca = way === 'untrusted' ? selfSigned().cert : service.ca
    const channel = webPush({ subject: 'mailto:it@hospital.example', ...keys, services: [NOWHERE] }, clock, {
      ...reachBy(gate, way, ca),
      ca,
    })
    const make = (name: string) => {
      const { endpoint, keys: own } = service.subscribe(keys.publicKey).subscription
      names.set(new URL(endpoint).pathname, name)
      const { host, port } = placeBy(gate, way)
      const at = way === 'nowhere' ? host : `${host}:${port}`
      const led = way === 'straight' ? endpoint : `https://${at}/push`
      return aPhone(name, 'webpush', { endpoint: led, keys: own })
    }
    return farEnd(gate, channel, make, {
      ...vane,
      faults: () => service.faults,
      close: () => service.close(),
    })
  },

  async apn(clock, way) {
    const gate = await startGate()
    const apple = await fakeApns()
    gate.lead(apple.reach.port)
    const channel = apn(
      { ...apple.credentials, topic: APNS_TOPIC, sandbox: false },
      clock,
      reachBy(gate, way, apple.reach.ca),
    )
    const token = (name: string) => Buffer.from(name).toString('hex').padEnd(64, '0')
    const words = {
      well: { status: 200 },
      down: { status: 503, reason: 'ServiceUnavailable' },
      drips: 'drips',
    } as const
    return farEnd(gate, channel, (name) => ({ ...aPhone(name, 'apn'), address: token(name) }), {
      be(weather, name) {
        if (name === undefined) apple.answer = words[weather]
        else apple.answers.set(token(name), words[weather])
      },
      asked: () => apple.received.length,
      open: () => apple.open,
      faults: () => apple.faults,
      close: () => apple.close(),
    })
  },

  async fcm(clock, way) {
    const gate = await startGate()
    const google = await fakeFcm()
    gate.lead(google.reach.port)
    const channel = fcm({ serviceAccount: google.serviceAccount }, clock, reachBy(gate, way, google.reach.ca))
    const token = (name: string) => `registration-token-of-${name}`
    const words = {
      well: { status: 200 },
      down: { status: 503, errorCode: 'UNAVAILABLE' },
      drips: 'drips',
    } as const
    return farEnd(gate, channel, (name) => aPhone(name, 'fcm', { token: token(name) }), {
      be(weather, name) {
        if (name === undefined) google.answer = words[weather]
        else google.answers.set(token(name), words[weather])
      },
      asked: () => google.received.length,
      open: () => google.open,
      faults: () => google.faults,
      close: () => google.close(),
    })
  },

  async ntfy(clock, way) {
    const gate = await startGate()
    const server = await fakeNtfy()
    gate.lead(Number(new URL(server.url).port))
    // All topics are published to one address.
    const vane = weatherVane(() => '')
    server.interfere(vane.interfere)
    const { host, port } = placeBy(gate, way)
    const channel = ntfy(
      { url: `https://${host}:${port}`, token: NTFY_TOKEN, app: 'https://bleeps.example' },
      clock,
      way === 'untrusted' ? {} : { ca: server.ca, connections: 4 },
      (text) => `mac${text.length}`,
    )
    return farEnd(gate, channel, (name) => ({ ...aPhone(name, 'ntfy'), address: name.padEnd(40, '-') }), {
      ...vane,
      faults: () => server.faults,
      close: () => server.close(),
    })
  },

  async notify(clock, way) {
    const gate = await startGate()
    const service = await fakeNotify()
    gate.lead(Number(new URL(service.url).port))
    const known = new Map<string, string>()
    const numberOf = (name: string) => {
      const number = known.get(name) ?? `+4477009${String(10_000 + known.size)}`
      known.set(name, number)
      return number
    }
    const vane = weatherVane(() => '')
    // What became of a text is asked for beside: only texts are counted, and only they meet the weather.
    service.interfere((request, response) => request.method === 'POST' && vane.interfere(request, response))
    const { host, port } = placeBy(gate, way)
    const channel = notify(
      { apiKey: NOTIFY_KEY, template: NOTIFY_TEMPLATE, url: `https://${host}:${port}`, replies: false },
      clock,
      way === 'untrusted' ? {} : { ca: service.ca, connections: 4 },
      { report: () => {}, spent: () => {} },
    )
    return farEnd(gate, channel, (name) => ({ ...aPhone(name, 'notify'), address: numberOf(name) }), {
      ...vane,
      faults: () => service.faults,
      close: () => service.close(),
    })
  },

  async nudge(clock, way) {
    const gate = await startGate()
    const gateway = await fakeGateway()
    gate.lead(Number(new URL(gateway.url).port))
    // A gateway has one address for everybody: who a message is for is in its body.
    const vane = weatherVane(() => '')
    gateway.interfere(vane.interfere)
    const { host, port } = placeBy(gate, way)
    const channel = nudge(
      { url: `https://${host}:${port}/sms`, token: 'letmein' },
      clock,
      way === 'untrusted' ? {} : { ca: gateway.ca, connections: 4 },
    )
    return farEnd(gate, channel, (name) => ({ ...aPhone(name, 'nudge'), address: `staff-${name}` }), {
      ...vane,
      faults: () => gateway.faults,
      close: () => gateway.close(),
    })
  },
}
