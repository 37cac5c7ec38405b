import type { Channels } from '../io/channels/registry.ts'
import { startOutbox } from '../run/deliver/outbox.ts'
import { startDeliveryFigures } from '../run/watch/delivery-figures.ts'
import type { Evidence } from '../run/watch/evidence.ts'
import { watchProviders } from '../run/watch/provider-watch.ts'
import type { AlertPart } from './alert.ts'
import type { Ground } from './ground.ts'

/** How an alert reaches devices; gives what stops it. */
export function startDeliverPart(
  ground: Ground,
  channels: Channels,
  { alerts }: AlertPart,
  sign: Evidence['sign'],
): () => Promise<void> {
  const { whole, metrics, clock } = ground
  const providers = watchProviders(metrics, { clock, sign })
  const outbox = startOutbox({
    ...ground,
    metrics: providers,
    refused: providers.refused,
    channels: channels.all,
    privacy: whole.config.privacy.push,
    apply: async (alert, event) => void (await alerts.apply(alert, event)),
  })
  const figures = startDeliveryFigures(ground)
  return async () => void (await Promise.all([outbox.stop(), figures.stop()]))
}
