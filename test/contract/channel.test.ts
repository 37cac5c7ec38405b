import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { type Interference, startPushService } from '../../hardware/simulators/push-service.ts'
import type { VoiceInput } from '../../src/core/deliver/voice-call.ts'
import { asId } from '../../src/core/ids.ts'
import { apn } from '../../src/io/channels/apn.ts'
import { fcm } from '../../src/io/channels/fcm.ts'
import { modem } from '../../src/io/channels/modem.ts'
import { mqttChannel } from '../../src/io/channels/mqtt.ts'
import { notify } from '../../src/io/channels/notify.ts'
import { ntfy } from '../../src/io/channels/ntfy.ts'
import { nudge } from '../../src/io/channels/nudge.ts'
import { radioChannel } from '../../src/io/channels/radio.ts'
import type { Line } from '../../src/io/channels/sip-line.ts'
import { socketChannel } from '../../src/io/channels/socket.ts'
import { voice } from '../../src/io/channels/voice.ts'
import { webPush } from '../../src/io/channels/webpush.ts'
import { systemClock } from '../../src/io/clock.ts'
import { openBroker } from '../../src/io/mqtt/client.ts'
import type { Outcome } from '../../src/ports/channel.ts'
import type { RadioAnswer } from '../../src/ports/radio.ts'
import { aedes, hasMosquitto, mosquitto, type TestBroker } from '../support/brokers.ts'
import { aPhone, SECRET_TEXT } from '../support/delivery.ts'
import { removeFolder } from '../support/folders.ts'
import { APNS_TOPIC, type ApnsMood, fakeApns } from '../support/providers/apns.ts'
import { type FcmMood, fakeFcm } from '../support/providers/fcm.ts'
import { fakeNotify, NOTIFY_KEY, NOTIFY_TEMPLATE } from '../support/providers/notify.ts'
import { fakeNtfy, NTFY_TOKEN } from '../support/providers/ntfy.ts'
import { fakeGateway } from '../support/providers/sms.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'
import { channelContract, type Mood, type Trial } from './channel.ts'

const clock = systemClock(() => {})

const gone: Outcome = { kind: 'dead', fault: 'push-address-dead' }
const down: Outcome = { kind: 'later', fault: 'provider-unavailable' }
const late: Outcome = { kind: 'later', fault: 'provider-timeout' }
const keys: Outcome = { kind: 'refused', fault: 'provider-credentials' }
const busy: Outcome = { kind: 'later', fault: 'provider-busy', after: 7000 }

/** HTTP/1.1 troubles, for Web Push and the nudge hook. */
const TROUBLES: Readonly<Record<Exclude<Mood, 'well'>, Interference>> = {
  gone: (_request, response) => end(response, 410),
  busy: (_request, response) => end(response, 429, { 'retry-after': '7' }),
  down: (_request, response) => end(response, 503),
  forbidden: (_request, response) => end(response, 403),
  silent: () => true,
  drips: (_request, response) => {
    response.writeHead(201)
    const drip = setInterval(() => response.write('.'), 20)
    response.on('close', () => clearInterval(drip))
    return true
  },
  cut: (_request, response) => {
    response.writeHead(201, { 'content-length': '100' })
    response.write('half of it', () => response.destroy())
    return true
  },
}

function end(
  response: Parameters<Interference>[1],
  status: number,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, headers)
  response.end()
  return true
}

channelContract('webpush', {
  async fresh(): Promise<Trial> {
    const service = await startPushService()
    const vapid = vapidKeys()
    const phone = service.subscribe(vapid.publicKey)
    const channel = webPush({ subject: 'mailto:it@hospital.example', ...vapid }, clock, {
      ca: service.ca,
      connections: 8,
    })
    return {
      channel,
      device: aPhone('phone', 'webpush', phone.subscription),
      be: (mood) => service.interfere(mood === 'well' ? undefined : TROUBLES[mood]),
      received: () => phone.pushes.map((push) => JSON.stringify(push)),
      faults: () => service.faults,
      async close() {
        await channel.close()
        await service.close()
      },
    }
  },
  outcomes: {
    gone,
    busy,
    down,
    forbidden: keys,
    silent: late,
    drips: late,
    cut: { kind: 'later', fault: 'provider-unreachable' },
  },
  unreadable: '{"endpoint":"http://not-secure.example/","keys":{}}',
})

const APNS: Readonly<Partial<Record<Mood, ApnsMood>>> = {
  well: { status: 200 },
  gone: { status: 410, reason: 'Unregistered' },
  busy: { status: 429, reason: 'TooManyRequests', headers: { 'retry-after': '7' } },
  down: { status: 503, reason: 'ServiceUnavailable' },
  forbidden: { status: 403, reason: 'InvalidProviderToken' },
  silent: 'hang',
  drips: 'drips',
  cut: 'goaway',
}

channelContract('apn', {
  async fresh(): Promise<Trial> {
    const apple = await fakeApns()
    const channel = apn({ ...apple.credentials, topic: APNS_TOPIC, sandbox: false }, clock, apple.reach)
    return {
      channel,
      device: { ...aPhone('phone', 'apn'), address: 'ab'.repeat(32) },
      be: (mood) => {
        apple.answer = APNS[mood] ?? { status: 500 }
      },
      received: () => apple.received,
      faults: () => apple.faults,
      async close() {
        await channel.close()
        await apple.close()
      },
    }
  },
  // An HTTP/2 session that ends is told apart from one that is silent.
  outcomes: {
    gone,
    busy,
    down,
    forbidden: keys,
    silent: late,
    drips: late,
    cut: { kind: 'later', fault: 'provider-unreachable' },
  },
  unreadable: 'not hexadecimal',
})

const FCM: Readonly<Partial<Record<Mood, FcmMood>>> = {
  well: { status: 200 },
  gone: { status: 404, errorCode: 'UNREGISTERED' },
  busy: { status: 429, errorCode: 'QUOTA_EXCEEDED', headers: { 'retry-after': '7' } },
  down: { status: 503, errorCode: 'UNAVAILABLE' },
  forbidden: { status: 401, errorCode: 'THIRD_PARTY_AUTH_ERROR' },
  silent: 'hang',
  drips: 'drips',
}

channelContract('fcm', {
  async fresh(): Promise<Trial> {
    const google = await fakeFcm()
    const channel = fcm({ serviceAccount: google.serviceAccount }, clock, google.reach)
    return {
      channel,
      device: aPhone('phone', 'fcm', { token: 'registration-token-of-a-phone' }),
      be: (mood) => {
        google.answer = FCM[mood] ?? { status: 500 }
      },
      received: () => google.received,
      faults: () => google.faults,
      async close() {
        await channel.close()
        await google.close()
      },
    }
  },
  outcomes: { gone, busy, down, forbidden: keys, silent: late, drips: late },
  unreadable: '{"token":7}',
})

channelContract('ntfy', {
  async fresh(): Promise<Trial> {
    const server = await fakeNtfy()
    const settings = { url: server.url, token: NTFY_TOKEN, app: 'https://bleeps.example' }
    const channel = ntfy(settings, clock, { ca: server.ca }, (text) => `mac${text.length}`)
    return {
      channel,
      device: { ...aPhone('phone', 'ntfy'), address: 't'.repeat(43) },
      be: (mood) => server.interfere(mood === 'well' ? undefined : TROUBLES[mood]),
      received: () => server.received,
      faults: () => server.faults,
      async close() {
        await channel.close()
        await server.close()
      },
    }
  },
  outcomes: {
    gone: { kind: 'refused', fault: 'push-refused' },
    busy,
    down,
    forbidden: keys,
    silent: late,
    drips: { kind: 'taken' },
  },
  unreadable: 'too-short',
  // One sequence for an alert, so that what comes later takes the place of what is shown.
  knownBy: '0190aaaabbbb7ccc8dddeeeeffff0000',
})

/** Nobody listens to what became of a text. */
const NOT_HEARD = { report: () => {}, spent: () => {} }

channelContract('notify', {
  async fresh(): Promise<Trial> {
    const service = await fakeNotify()
    const settings = { apiKey: NOTIFY_KEY, template: NOTIFY_TEMPLATE, url: service.url, replies: false }
    const channel = notify(settings, clock, { ca: service.ca }, NOT_HEARD)
    return {
      channel,
      device: { ...aPhone('number', 'notify'), address: '+447700900123' },
      be: (mood) => service.interfere(mood === 'well' ? undefined : TROUBLES[mood]),
      received: () => service.received,
      faults: () => service.faults,
      async close() {
        await channel.close()
        await service.close()
      },
    }
  },
  outcomes: {
    gone: { kind: 'refused', fault: 'push-refused' },
    busy,
    down,
    forbidden: keys,
    silent: late,
    drips: late,
  },
  unreadable: 'staff-4711',
})

channelContract('modem', {
  async fresh(): Promise<Trial> {
    const root = mkdtempSync(join(tmpdir(), 'spool-'))
    const at = (name: string) => join(root, name)
    for (const name of ['outbox', 'sent', 'error']) mkdirSync(at(name))
    const received: string[] = []
    let mood: Mood = 'well'
    const daemon = setInterval(() => {
      for (const name of readdirSync(at('outbox')).filter((one) => one.startsWith('OUT'))) {
        if (mood === 'silent') continue
        received.push(name + readFileSync(join(at('outbox'), name), 'utf8'))
        renameSync(join(at('outbox'), name), join(at(mood === 'well' ? 'sent' : 'error'), name))
      }
    }, 3)
    const channel = modem({ outbox: at('outbox'), sent: at('sent'), error: at('error'), penceEach: 0 }, clock)
    return {
      channel,
      device: { ...aPhone('number', 'modem'), address: '+447700900123' },
      be(next) {
        // Each mood is about the next text: what was said of the one before is gone.
        for (const name of ['sent', 'error'])
          for (const one of readdirSync(at(name))) rmSync(join(at(name), one))
        mood = next
      },
      received: () => received,
      faults: () => [],
      async close() {
        clearInterval(daemon)
        removeFolder(root)
      },
    }
  },
  outcomes: {
    forbidden: { kind: 'refused', fault: 'text-not-sent' },
    silent: { kind: 'later', fault: 'modem-silent' },
  },
  unreadable: 'staff-4711',
})

/** Why a call ends, as an exchange says it; `silent` rings and rings. */
const EXCHANGE: Readonly<Partial<Record<Mood, string>>> = {
  gone: '404 Not Found',
  busy: '486 Busy Here',
  down: '503 Service Unavailable',
  forbidden: '403 Forbidden',
}

channelContract('voice', {
  async fresh(): Promise<Trial> {
    let mood: Mood = 'well'
    const received: string[] = []
    const open = new Set<(input: VoiceInput) => void>()
    const line = (): Line => {
      let heard: (input: VoiceInput) => void = () => {}
      const end = (input: VoiceInput) => {
        open.delete(end)
        heard(input)
      }
      return {
        async call(uri, sound, hear) {
          heard = hear
          if (mood === 'cut') return false
          received.push(`${uri} ${sound}`)
          open.add(end)
          const said = EXCHANGE[mood]
          if (said !== undefined) setImmediate(() => end({ kind: 'closed', said }))
          else if (mood === 'well') setImmediate(() => hear({ kind: 'picked-up' }))
          else setImmediate(() => hear({ kind: 'rings' }))
          return true
        },
        say: () => {},
        hangUp: () => setImmediate(() => end({ kind: 'closed', said: '' })),
        close: () => {},
      }
    }
    const speech = { of: async (text: string) => ({ file: text, lasts: 60_000 }), close: async () => {} }
    const settings = { account: 'sip:bridge@pbx', register: false, lines: 4 }
    const programs = { program: '', modules: '', speech: '', voice: '' }
    const ignore = () => {}
    const channel = voice({ ...settings, ...programs }, clock, ignore, ignore, { line, speech })
    return {
      channel,
      device: { ...aPhone('desk', 'voice'), address: '4421' },
      be(next) {
        mood = next
        // Whoever was on the telephone has rung off.
        for (const end of [...open]) end({ kind: 'closed', said: '' })
      },
      received: () => received,
      faults: () => [],
      close: () => channel.close(),
    }
  },
  outcomes: {
    gone: { kind: 'refused', fault: 'voice-number-wrong' },
    busy: { kind: 'refused', fault: 'voice-engaged' },
    down: { kind: 'later', fault: 'voice-exchange-gone' },
    forbidden: keys,
    silent: { kind: 'refused', fault: 'voice-no-answer' },
    cut: { kind: 'later', fault: 'voice-client-gone' },
  },
  unreadable: 'staff-4711',
  knownBy: 'sip:4421@pbx',
})

channelContract('nudge', {
  async fresh(): Promise<Trial> {
    const gateway = await fakeGateway()
    const channel = nudge({ url: gateway.url, token: 'letmein' }, clock, { ca: gateway.ca })
    return {
      channel,
      device: { ...aPhone('number', 'nudge'), address: '+447700900123' },
      be: (mood) => {
        gateway.interfere(mood === 'well' ? undefined : TROUBLES[mood])
      },
      received: () => gateway.received,
      faults: () => gateway.faults,
      async close() {
        await channel.close()
        await gateway.close()
      },
    }
  },
  outcomes: {
    gone: { kind: 'refused', fault: 'push-refused' },
    busy,
    down,
    forbidden: keys,
    silent: late,
    // Its status is its whole word: what it goes on to say is not waited for.
    drips: { kind: 'taken' },
  },
  unreadable: '07700 9001',
})

channelContract('socket', {
  async fresh(): Promise<Trial> {
    const channel = socketChannel()
    const received: string[] = []
    const device = aPhone('phone', 'socket')
    const ring = (data: string) => received.push(data) > 0
    let leave = channel.attach(device.id, ring)
    return {
      channel,
      device,
      be(mood) {
        leave()
        if (mood === 'well') leave = channel.attach(device.id, ring)
      },
      received: () => received,
      faults: () => [],
      close: () => channel.close(),
    }
  },
  outcomes: { gone: { kind: 'refused', fault: 'socket-absent' } },
})

channelContract('radio', {
  async fresh(): Promise<Trial> {
    const received: string[] = []
    let answer: RadioAnswer = 'taken'
    const channel = radioChannel([
      {
        name: 'encoder',
        async send(page) {
          received.push(JSON.stringify(page))
          return answer
        },
      },
    ])
    const address = {
      number: '1113',
      to: { scheme: 'ric', ric: 1_234_000, fn: 2 },
      type: 'alpha',
      text: SECRET_TEXT,
      fields: { beep: '3' },
      reason: 'No device could be reached this way',
    }
    return {
      channel,
      device: { ...aPhone('radio', 'radio', address), id: asId('radio') },
      be: (mood) => {
        answer = mood === 'well' ? 'taken' : mood === 'silent' ? 'no-answer' : 'refused'
      },
      received: () => received,
      faults: () => [],
      close: () => channel.close(),
    }
  },
  outcomes: {
    forbidden: { kind: 'refused', fault: 'radio-refused' },
    silent: { kind: 'later', fault: 'radio-no-answer' },
  },
})

const overMqtt = (start: () => Promise<TestBroker>) => async (): Promise<Trial> => {
  const origin = { site: 'st-elsewhere', node: 'north' }
  const server = await start()
  const tools = { clock, log: quietLog, metrics: quietMetrics }
  const url = `mqtt://127.0.0.1:${server.port}`
  const link = openBroker({ url, origin }, tools)
  const display = openBroker({ url, origin: { ...origin, node: 'display' } }, tools)
  for (const one of [link, display]) await connected(one)
  const received: string[] = []
  const topic = 'bleepbridge/st-elsewhere/north/device/display-1/bell'
  let marks = 0
  display.subscribe(topic, (_topic, payload) => {
    if (payload.length === 1) marks += 1
    else received.push(Buffer.from(payload).toString())
  })
  // One byte of our own comes after everything published before it; the first few may come before the subscription.
  const settle = async () => {
    const seen = marks
    while (marks === seen) {
      await link.publish({ topic, payload: 'x', retain: false })
      await new Promise((turn) => setTimeout(turn, 5))
    }
  }
  await settle()
  const channel = mqttChannel(link, origin, clock, { log: quietLog, metrics: quietMetrics })
  return {
    channel,
    device: aPhone('display-1', 'mqtt'),
    be: () => void link.close(),
    received: () => received,
    settle,
    faults: () => [],
    async close() {
      await link.close()
      await display.close()
      await server.close()
    },
  }
}

function connected(link: ReturnType<typeof openBroker>): Promise<void> {
  return new Promise((done) => {
    if (link.connected) return done()
    const off = link.watch((now) => {
      if (!now) return
      off()
      done()
    })
  })
}

channelContract('mqtt over aedes (3.1.1)', { fresh: overMqtt(aedes), outcomes: {} })
channelContract(
  'mqtt over mosquitto (5)',
  { fresh: overMqtt(mosquitto), outcomes: {} },
  hasMosquitto() ? undefined : 'needs mosquitto',
)
