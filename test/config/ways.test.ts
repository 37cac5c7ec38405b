import { expect, test } from 'vitest'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { channelsOf } from '../../src/app/channels.ts'
import { waysOf } from '../../src/config/ways.ts'
import { loadWhole, type Whole } from '../../src/config/whole.ts'
import { buildDirectory } from '../../src/core/directory/build.ts'
import { ok } from '../../src/core/faults.ts'
import type { Broker } from '../../src/ports/broker.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'
import { smallSite } from '../support/small-site.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

type Ways = Pick<Whole['config'], 'push' | 'mqtt' | 'radio'>

const read = loadWhole('config/bridge.example.yaml', Date.UTC(2026, 10, 21))
if (!read.ok) throw new Error('the example cannot be read')
const example = read.value

/** What the daemon opens of a configuration that is the example but for its ways. */
async function opened(ways: Ways): Promise<readonly string[]> {
  const whole = { ...example, config: { ...example.config, ...ways } }
  const broker: Broker = {
    ...{ connected: true, trouble: undefined, publish: async () => ok(undefined) },
    ...{ subscribe: () => () => {}, watch: () => () => {}, close: async () => {} },
  }
  const channels = channelsOf(whole, {
    ...{ clock: new VirtualClock(), log: quietLog, metrics: quietMetrics, feeds: () => [] },
    ...{ directory: () => buildDirectory(smallSite()), broker: ways.mqtt ? broker : undefined },
  })
  await channels.close()
  return [...channels.all.keys()].sort()
}

test('the ways that a dry run counts are those that the daemon opens', async () => {
  const { mqtt: _, radio: __, ...none } = example.config
  const push = {
    webpush: { subject: 'mailto:it@hospital.example', ...vapidKeys() },
    nudge: { url: 'https://sms.hospital.example/send' },
  }
  const mqtt = { url: 'mqtt://broker.hospital.example', channel: true, homeAssistant: false }
  const all: readonly (readonly [Ways, readonly string[]])[] = [
    [{ ...none, push: {} }, ['socket']],
    [{ push, mqtt: { ...mqtt, channel: false } }, ['nudge', 'socket', 'webpush']],
    [{ push: {}, mqtt, radio: { feed: 'espa' } }, ['mqtt', 'radio', 'socket']],
  ]
  for (const [ways, expected] of all) {
    expect([...waysOf(ways)].sort()).toEqual(expected)
    expect(await opened(ways)).toEqual(expected)
  }
})
