import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { startPushService } from '../../hardware/simulators/push-service.ts'
import type { Device } from '../../src/core/deliver/device.ts'
import { buildDirectory } from '../../src/core/directory/build.ts'
import { trustSchema } from '../../src/core/directory/trust.ts'
import { asId } from '../../src/core/ids.ts'
import { modem } from '../../src/io/channels/modem.ts'
import { mqttChannel } from '../../src/io/channels/mqtt.ts'
import { notify } from '../../src/io/channels/notify.ts'
import { ntfy } from '../../src/io/channels/ntfy.ts'
import { nudge } from '../../src/io/channels/nudge.ts'
import { socketChannel } from '../../src/io/channels/socket.ts'
import { voice } from '../../src/io/channels/voice.ts'
import { webPush } from '../../src/io/channels/webpush.ts'
import { systemClock } from '../../src/io/clock.ts'
import type { Channel } from '../../src/ports/channel.ts'
import { aPhone, deliveryRig } from '../support/delivery.ts'
import { removeFolder } from '../support/folders.ts'
import { fakeNotify, NOTIFY_KEY, NOTIFY_TEMPLATE } from '../support/providers/notify.ts'
import { fakeNtfy, NTFY_TOKEN } from '../support/providers/ntfy.ts'
import { fakeGateway } from '../support/providers/sms.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'
import { aLine, aPerson, aRole, smallSite } from '../support/small-site.ts'

/*
 * What the trust's policy lets each way say, held to the bytes that arrive at the far end of each: decrypted pushes,
 * texts, what a call speaks, what the broker and the ntfy server are given. The site's own setting lets places out.
 */

const PLACE = 'WARD 7B BED 3'
/** What must leave by no way, whatever is set. */
const NEVER = /ZYXWVUT|943 476 5919|CARDIAC|1113|Person p1/

const clock = systemClock(() => {})
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** Every way with a far end of its own, and what that has received. */
async function farEnds() {
  const shelf = mkdtempSync(join(tmpdir(), 'bleep-spool-'))
  const at = (name: string) => join(shelf, name)
  for (const name of ['outbox', 'sent', 'error']) mkdirSync(at(name))
  const got = new Map<string, string[]>()
  const take = (way: string) => (said: string) => void got.set(way, [...(got.get(way) ?? []), said])

  const service = await startPushService()
  const keys = vapidKeys()
  const push = service.subscribe(keys.publicKey, (one) => take('webpush')(JSON.stringify(one)))
  const shared = service.subscribe(keys.publicKey, (one) => take('shared')(JSON.stringify(one)))
  const gateway = await fakeGateway()
  const texts = await fakeNotify()
  const topics = await fakeNtfy()
  const socket = socketChannel()
  socket.attach(asId('p-socket'), (data) => take('socket')(data) === undefined)
  const spool = setInterval(() => {
    for (const name of readdirSync(at('outbox')).filter((one) => one.startsWith('OUT'))) {
      take('modem')(readFileSync(join(at('outbox'), name), 'utf8'))
      renameSync(join(at('outbox'), name), join(at('sent'), name))
    }
  }, 5)
  const broker = {
    publish: async ({ payload }: { payload: string }) => {
      take('mqtt')(payload)
      return { ok: true, value: undefined } as const
    },
    ...{
      connected: true,
      trouble: undefined,
      subscribe: () => () => {},
      watch: () => () => {},
      close: async () => {},
    },
  }
  const line = () => ({
    call: async (_: string, sound: string) => take('voice')(sound) === undefined,
    ...{ say: () => {}, hangUp: () => {}, close: () => {} },
  })
  const speech = { of: async (text: string) => ({ file: text, lasts: 1 }), close: async () => {} }
  const account = { account: 'sip:bridge@pbx', register: false, lines: 1, program: '', modules: '' }
  const channels: readonly Channel[] = [
    webPush({ subject: 'mailto:it@hospital.example', ...keys }, clock, { ca: service.ca }),
    nudge({ url: gateway.url, token: 'letmein' }, clock, { ca: gateway.ca }),
    notify(
      { apiKey: NOTIFY_KEY, template: NOTIFY_TEMPLATE, url: texts.url, replies: false },
      ...([clock, { ca: texts.ca }, { report: () => {}, spent: () => {} }] as const),
    ),
    ntfy(
      { url: topics.url, token: NTFY_TOKEN, app: 'https://bleeps.example' },
      clock,
      { ca: topics.ca },
      () => 'mac',
    ),
    modem({ outbox: at('outbox'), sent: at('sent'), error: at('error'), penceEach: 0 }, clock),
    mqttChannel(broker, { site: 'here', node: 'a' }, clock, { log: quietLog, metrics: quietMetrics }),
    voice(
      { ...account, speech: '', voice: '' },
      clock,
      () => {},
      () => {},
      { line, speech },
    ),
    socket,
  ]
  const reg = { kind: 'role', role: asId<never>('reg') } as const
  const devices: readonly Device[] = [
    aPhone('p-webpush', 'webpush', push.subscription),
    { ...aPhone('p-shared', 'webpush', shared.subscription), owner: reg },
    { ...aPhone('p-socket', 'socket'), address: '' },
    { ...aPhone('p-mqtt', 'mqtt'), address: '' },
    { ...aPhone('p-ntfy', 'ntfy'), address: 't'.repeat(43) },
    { ...aPhone('p-nudge', 'nudge'), address: '+447700900123' },
    { ...aPhone('p-notify', 'notify'), address: '+447700900124' },
    { ...aPhone('p-modem', 'modem'), address: '+447700900125' },
    { ...aPhone('p-voice', 'voice'), address: '4421' },
  ]
  ends.push(async () => {
    clearInterval(spool)
    for (const one of channels) await one.close()
    for (const one of [service, gateway, texts, topics]) await one.close()
    removeFolder(shelf)
  })
  const received = () =>
    new Map([...got, ['nudge', gateway.received], ['notify', texts.received], ['ntfy', topics.received]])
  return { channels, devices, received }
}

const WAYS = ['webpush', 'shared', 'socket', 'mqtt', 'ntfy', 'nudge', 'notify', 'modem', 'voice'] as const

/** Rings every way of one person under a policy; gives what each far end got and whether the place was in it. */
async function rung(policy: object): Promise<Record<string, boolean>> {
  const { channels, devices, received } = await farEnds()
  const directory = buildDirectory(
    smallSite({
      people: [aPerson('p1', { staffGroup: 'porter' })],
      roles: [aRole('reg')],
      rota: [aLine('reg', 'p1', 'day'), aLine('reg', 'p1', 'night')],
      trust: trustSchema.parse({ title: 'Bleeps', version: '1', ...policy }),
    }),
  )
  const rig = await deliveryRig(clock, channels)
  ends.push(() => rig.close())
  rig.start({ privacy: 'place', directory: () => directory })
  // The last path: everything that this person has.
  await rig.ask('a1', 'emergency', devices, { path: 9 })
  await expect.poll(() => WAYS.filter((way) => (received().get(way) ?? []).length === 0)).toEqual([])
  const bytes = received()
  for (const way of WAYS)
    expect([way, bytes.get(way)?.join('\n')]).not.toEqual([way, expect.stringMatching(NEVER)])
  return Object.fromEntries(WAYS.map((way) => [way, bytes.get(way)?.join('\n').includes(PLACE) === true]))
}

const everywhere = (says: boolean) => Object.fromEntries(WAYS.map((way) => [way, says]))

test('where nothing is laid down each way says what the site lets it say, and the words leave by none', async () => {
  expect(await rung({})).toEqual(everywhere(true))
})

test('content by way: texts and calls say no place where the policy keeps it from them', async () => {
  const quiet = ['nudge', 'notify', 'modem', 'voice', 'ntfy'] as const
  expect(await rung({ content: [{ ways: [...quiet], push: 'opaque' }] })).toEqual({
    ...everywhere(true),
    ...Object.fromEntries(quiet.map((way) => [way, false])),
  })
})

test('content by whose a device is and by staff group', async () => {
  expect(await rung({ content: [{ devices: 'shared', push: 'opaque' }] })).toEqual({
    ...everywhere(true),
    shared: false,
  })
  expect(await rung({ content: [{ staffGroups: ['doctor'], push: 'opaque' }] })).toEqual(everywhere(true))
  expect(await rung({ content: [{ staffGroups: ['porter'], push: 'opaque' }] })).toEqual(everywhere(false))
})

test('to people of another organisation no way says a place', async () => {
  expect(await rung({ organisations: [{ id: 'labs', name: 'Labs', roles: ['reg'] }] })).toEqual(
    everywhere(false),
  )
})
