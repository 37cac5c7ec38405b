import { expect, test } from 'vitest'
import { ok } from '../../src/core/faults.ts'
import { type Message, topicFits } from '../../src/core/measure/telemetry.ts'
import { mqttTelemetry } from '../../src/io/mqtt/telemetry.ts'
import type { Broker, OnMessage } from '../../src/ports/broker.ts'

const ORIGIN = { site: 'demo', node: 'north' }
const OURS = 'bleepbridge/demo/north'
const ENTITY = 'homeassistant/binary_sensor/bleepbridge_demo_north'

/** A broker that keeps what it was told to retain, over runs of ours. */
function keeper() {
  const kept = new Map<string, string>()
  const open = (): Broker => {
    const on: { filter: string; run: OnMessage }[] = []
    return {
      connected: true,
      trouble: undefined,
      async publish({ topic, payload, retain }: Message) {
        if (retain && payload === '') kept.delete(topic)
        else if (retain) kept.set(topic, payload)
        for (const { filter, run } of on)
          if (topicFits(filter, topic)) run(topic, Buffer.from(payload), false)
        return ok(undefined)
      },
      subscribe(filter, run) {
        on.push({ filter, run })
        for (const [topic, payload] of [...kept])
          if (topicFits(filter, topic)) run(topic, Buffer.from(payload), true)
        return () =>
          void on.splice(
            on.findIndex((one) => one.run === run),
            1,
          )
      },
      watch: () => () => undefined,
      close: async () => undefined,
    }
  }
  return { kept, open }
}

const feed = (subject: string) => ({ sort: 'feed' as const, subject, label: subject })
const state = { sort: 'feed', state: 'good', since: 0 } as const

test('what is there no more is taken from the broker at the next start, and nobody else’s', () => {
  const { kept, open } = keeper()
  const before = mqttTelemetry(open(), ORIGIN, { version: '1' })
  before.announce([feed('air'), feed('old')])
  for (const subject of ['air', 'old']) before.state({ ...state, subject })
  kept.set(`${OURS}/feed/old/figures`, '{}')
  const others = [
    'bleepbridge/demo/south/feed/old/state',
    `${OURS.replace('demo', 'other')}/feed/old/figures`,
  ]
  for (const topic of others) kept.set(topic, '{}')

  const now = mqttTelemetry(open(), ORIGIN, { version: '1' })
  now.announce([feed('air')])
  expect([...kept.keys()].filter((topic) => /old/.test(topic))).toEqual(others)
  expect(kept.has(`${OURS}/feed/air/state`)).toBe(true)
  expect(kept.has(`${ENTITY}/feed_air/config`)).toBe(true)
  // Without Home Assistant nothing is left there, and our own topics stay.
  mqttTelemetry(open(), ORIGIN, { version: '1', discovery: false }).announce([feed('air')])
  expect([...kept.keys()].filter((topic) => topic.startsWith('homeassistant'))).toEqual([])
  expect(kept.has(`${OURS}/feed/air/state`)).toBe(true)
})

test('after a reload the same goes for what this run told, and what came is announced', () => {
  const { kept, open } = keeper()
  const telemetry = mqttTelemetry(open(), ORIGIN, { version: '1' })
  telemetry.announce([feed('air'), feed('old')])
  for (const subject of ['air', 'old']) telemetry.state({ ...state, subject })
  telemetry.announce([feed('air'), feed('new')])
  telemetry.state({ ...state, subject: 'new' })
  expect([...kept.keys()].filter((topic) => /old/.test(topic))).toEqual([])
  for (const subject of ['air', 'new'])
    expect([kept.has(`${OURS}/feed/${subject}/state`), kept.has(`${ENTITY}/feed_${subject}/config`)]).toEqual(
      [true, true],
    )
  // One that comes back is told whole.
  telemetry.announce([feed('air'), feed('old')])
  telemetry.state({ ...state, subject: 'old' })
  expect(kept.has(`${OURS}/feed/old/state`)).toBe(true)
})
