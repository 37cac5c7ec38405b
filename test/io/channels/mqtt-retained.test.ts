import { afterEach, expect, test } from 'vitest'
import { prefixOf } from '../../../src/core/measure/telemetry.ts'
import { mqttChannel } from '../../../src/io/channels/mqtt.ts'
import { systemClock } from '../../../src/io/clock.ts'
import { openBroker } from '../../../src/io/mqtt/client.ts'
import { aedes } from '../../support/brokers.ts'
import { startGate } from '../../support/providers/gate.ts'
import { listeningMetrics, quietLog, quietMetrics } from '../../support/quiet.ts'

const ORIGIN = { site: 'here', node: 'one' }
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

test('an answer and a receipt that the broker kept are passed over and counted, each time the link is renewed', async () => {
  const broker = await aedes()
  const gate = await startGate()
  gate.lead(broker.port)
  const clock = systemClock(() => undefined)
  const open = (port: number, node: string) => {
    const link = openBroker(
      { url: `mqtt://127.0.0.1:${port}`, origin: { ...ORIGIN, node } },
      { clock, log: quietLog, metrics: quietMetrics },
    )
    closers.push(() => link.close())
    return link
  }
  closers.push(
    () => broker.close(),
    () => gate.close(),
  )
  const display = open(broker.port, 'display')
  const until = (look: () => unknown) => expect.poll(look)
  await until(() => display.connected).toBe(true)
  const says = (leaf: 'answer' | 'receipt', word: object, retain: boolean) =>
    display.publish({
      topic: `${prefixOf(ORIGIN)}/device/d1/${leaf}`,
      payload: JSON.stringify({ mac: 'm', ...word }),
      retain,
    })
  await says('answer', { attempt: 'old', answer: 'accepted' }, true)
  await says('receipt', { attempt: 'old', stage: 'presented' }, true)

  const heard: string[] = []
  const metrics = listeningMetrics()
  const link = open(gate.port, 'one')
  const stop = mqttChannel(link, ORIGIN, clock, { log: quietLog, metrics }).listen({
    vouches: async () => true,
    receipt: async (_, attempt, stage) => void heard.push(`${attempt} ${stage}`),
    answer: async (_, attempt, answer) => {
      heard.push(`${attempt} ${answer}`)
      return 'applied'
    },
  })
  const passed = () =>
    metrics.counted
      .filter(([name]) => name === 'bleepbridge_mqtt_retained_total')
      .map(([, labels]) => labels?.leaf)
      .toSorted()
  await until(passed).toEqual(['answer', 'receipt'])
  gate.freeze()
  await gate.close()
  const again = await startGate(gate.port)
  closers.push(() => again.close())
  again.lead(broker.port)
  await until(passed).toEqual(['answer', 'answer', 'receipt', 'receipt'])
  expect(heard).toEqual([])
  await says('answer', { attempt: 'new', answer: 'accepted' }, false)
  await until(() => heard).toEqual(['new accepted'])
  stop()
})
