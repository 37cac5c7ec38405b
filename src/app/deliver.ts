import { traitsOf } from '../core/deliver/channels.ts'
import { uuid7 } from '../core/ids.ts'
import type { Channels } from '../io/channels/registry.ts'
import type { Ahead } from '../run/deliver/ahead.ts'
import { startOutbox } from '../run/deliver/outbox.ts'
import { keepReports } from '../run/deliver/provider-reports.ts'
import { ringBy } from '../run/deliver/self-test.ts'
import { startWarm } from '../run/deliver/warm.ts'
import { startDeliveryFigures } from '../run/watch/delivery-figures.ts'
import type { Evidence } from '../run/watch/evidence.ts'
import { watchProviders } from '../run/watch/provider-watch.ts'
import type { AlertPart } from './alert.ts'
import type { Ground } from './ground.ts'

/** How an alert reaches devices. */
export function startDeliverPart(
  ground: Ground,
  channels: Channels,
  { alerts }: AlertPart,
  sign: Evidence['sign'],
): { readonly ahead: Ahead; stop(): Promise<void> } {
  const { whole, metrics, clock } = ground
  const providers = watchProviders(metrics, { clock, sign })
  const silently = ringBy(channels.all, clock, 'roll-call')
  const outbox = startOutbox({
    ...ground,
    metrics: providers,
    refused: providers.refused,
    channels: channels.all,
    privacy: whole.config.privacy.push,
    // Whatever else a device is, it would draw it, and sound.
    probe: async (device) =>
      traitsOf(device.channel).quiet === true
        ? silently(device, `roll-${uuid7(clock.now(), ground.random.bytes(10))}`, device.channel)
        : undefined,
    apply: async (alert, event) => void (await alerts.apply(alert, event)),
  })
  channels.onReport(keepReports(ground))
  const warm = startWarm({ ...ground, channels: channels.all })
  const figures = startDeliveryFigures(ground)
  return {
    ahead: outbox.ahead,
    async stop() {
      await Promise.all([outbox.stop(), warm.stop(), figures.stop()])
    },
  }
}
