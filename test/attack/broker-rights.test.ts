import { readFileSync } from 'node:fs'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/io/clock.ts'
import { openBroker } from '../../src/io/mqtt/client.ts'
import { hasMosquitto, mosquitto, NEEDS_MOSQUITTO, type TestBroker } from '../support/brokers.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'

/** The rights as config/security.md has them for a site to copy, held to a real mosquitto. */
const written = /```\n(user bleepd\n[^`]+)```/.exec(readFileSync('config/security.md', 'utf8'))?.[1] ?? ''
const NODE = 'bleepbridge/here/north'
const acl = written.replaceAll('SITE', 'here').replaceAll('NODE', 'north')
const USERS = { bleepd: 'b', 'display-1': 'one', 'display-2': 'two' }

let server: TestBroker
let bleepd: MqttClient
let display: MqttClient
const ends: (() => unknown)[] = []

const login = async (username: keyof typeof USERS, password: string = USERS[username]) => {
  const client = await connectAsync(
    `mqtt://127.0.0.1:${server.port}`,
    { protocolVersion: 5, reconnectPeriod: 0, username, password },
    false,
  )
  ends.push(() => client.endAsync(true))
  return client
}

beforeAll(async () => {
  if (!hasMosquitto()) return
  server = await mosquitto({ acl, users: USERS })
  bleepd = await login('bleepd')
  display = await login('display-1')
})
afterAll(async () => {
  for (const end of ends.reverse()) await end()
  await server?.close()
})

/** Topics of these filters that somebody is given when each of `said` is published by the daemon. */
async function given(
  client: MqttClient,
  filters: readonly string[],
  said: readonly string[],
): Promise<string[]> {
  const heard: string[] = []
  const on = (topic: string) => void heard.push(topic)
  client.on('message', on)
  for (const filter of filters) await client.subscribeAsync(filter, { qos: 1 }).catch(() => undefined)
  for (const topic of said) await bleepd.publishAsync(topic, 'x', { qos: 1 })
  // The last that the daemon says to this display: all before it has been given by then.
  const own = `${NODE}/device/display-1/answered`
  const told = async () => {
    await bleepd.publishAsync(own, 'x', { qos: 1 })
    return heard.includes(own)
  }
  await expect.poll(told).toBe(true)
  client.off('message', on)
  return [...new Set(heard)].filter((topic) => topic !== own)
}

/** Whether the broker lets somebody write there: MQTT 5.0, 3.4.2.1, reason code 135 is "Not authorized". */
const mayWrite = (client: MqttClient, topic: string) =>
  client.publishAsync(topic, 'x', { qos: 1 }).then(
    (packet) => packet === undefined || !('reasonCode' in packet) || packet.reasonCode !== 135,
    () => false,
  )

test('the page has rights to copy', () => {
  expect(written.split('\n').filter((line) => line.startsWith('pattern'))).toHaveLength(4)
})

test('a display is given its own bells and answers, and nothing else of the site', async (ctx) => {
  if (!hasMosquitto()) return ctx.skip(NEEDS_MOSQUITTO)
  const all = ['display-1', 'display-2'].flatMap((id) =>
    ['bell', 'answered', 'receipt', 'answer'].map((leaf) => `${NODE}/device/${id}/${leaf}`),
  )
  const own = [`${NODE}/device/display-1/bell`]
  const other = all.filter((topic) => topic.includes('display-2'))
  const site = ['health', 'status', 'bleep', 'alert'].map((leaf) => `${NODE}/${leaf}`)
  expect(await given(display, ['#', '+/+/+/#', ...all, ...site], [...own, ...other, ...site])).toEqual(own)
})

test('a display says what it has to say for itself, and nothing for others or in our name', async (ctx) => {
  if (!hasMosquitto()) return ctx.skip(NEEDS_MOSQUITTO)
  const writes = (topic: string) => mayWrite(display, `${NODE}/${topic}`)
  for (const leaf of ['receipt', 'answer']) {
    expect([leaf, await writes(`device/display-1/${leaf}`)]).toEqual([leaf, true])
    expect([leaf, await writes(`device/display-2/${leaf}`)]).toEqual([leaf, false])
  }
  for (const topic of [
    'device/display-1/bell',
    'device/display-2/bell',
    'device/display-1/answered',
    'health',
    'status',
  ])
    expect([topic, await writes(topic)]).toEqual([topic, false])
})

test('whoever has no name or a wrong password is not let in', async (ctx) => {
  if (!hasMosquitto()) return ctx.skip(NEEDS_MOSQUITTO)
  await expect(login('display-2', 'guessed')).rejects.toMatchObject({ code: 135 })
  const nobody = connectAsync(
    `mqtt://127.0.0.1:${server.port}`,
    { protocolVersion: 5, reconnectPeriod: 0 },
    false,
  )
  await expect(nobody).rejects.toMatchObject({ code: 135 })
})

test('the daemon does with these rights all that it has to, its status among it', async (ctx) => {
  if (!hasMosquitto()) return ctx.skip(NEEDS_MOSQUITTO)
  const link = openBroker(
    {
      ...{ url: `mqtt://127.0.0.1:${server.port}`, origin: { site: 'here', node: 'north' } },
      ...{ username: 'bleepd', password: USERS.bleepd },
    },
    { clock: systemClock(() => {}), log: quietLog, metrics: quietMetrics },
  )
  ends.push(() => link.close())
  const heard: string[] = []
  link.subscribe(`${NODE}/device/+/receipt`, (topic) => void heard.push(topic))
  await expect.poll(() => link.connected).toBe(true)
  expect(
    (await link.publish({ topic: `${NODE}/device/display-1/bell`, payload: '{}', retain: false })).ok,
  ).toBe(true)
  await expect
    .poll(async () => {
      await mayWrite(display, `${NODE}/device/display-1/receipt`)
      return heard.length > 0
    })
    .toBe(true)
})
