import { z } from 'zod'
import type { ChannelId } from '../../core/deliver/attempt.ts'
import { privacySchema } from '../../core/deliver/payload.ts'
import type { Origin } from '../../core/measure/telemetry.ts'
import type { Broker } from '../../ports/broker.ts'
import type { Channel } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { RadioOut } from '../../ports/radio.ts'
import { apn, apnSchema } from './apn.ts'
import { fcm, fcmSchema } from './fcm.ts'
import { type MqttChannel, mqttChannel } from './mqtt.ts'
import { nudge, nudgeSchema } from './nudge.ts'
import { radioChannel } from './radio.ts'
import { type SocketChannel, socketChannel } from './socket.ts'
import { webPush, webPushSchema } from './webpush.ts'

/** Every channel's settings. Secrets arrive resolved; a channel that is left out is not used. */
const channelsSchema = z.strictObject({
  privacy: privacySchema
    .default('opaque')
    .describe('What may leave the building: opaque (an id and the class) or place (also where)'),
  webpush: webPushSchema.optional(),
  apn: apnSchema.optional(),
  fcm: fcmSchema.optional(),
  nudge: nudgeSchema.optional(),
})
export type ChannelsConfig = z.infer<typeof channelsSchema>

export interface Channels {
  readonly all: ReadonlyMap<ChannelId, Channel>
  /** The LAN socket's hub, for the event stream to attach devices to. Always there: it needs nothing from outside. */
  readonly socket: SocketChannel
  /** Present when there is a broker: `listen` for receipts and answers. */
  readonly mqtt?: MqttChannel
  close(): Promise<void>
}

export interface ChannelParts {
  readonly clock: Clock
  /** For displays and wearables, where the site has a broker. */
  readonly broker?: { readonly link: Broker; readonly origin: Origin; readonly log: Log }
  /** Ways on to the air for a page that must go out again, best first. */
  readonly radio?: readonly RadioOut[]
}

/** Makes the channels that are configured. To add one: its file, its line here. */
export function openChannels(config: ChannelsConfig, { clock, broker, radio }: ChannelParts): Channels {
  const socket = socketChannel()
  const all = new Map<ChannelId, Channel>([[socket.id, socket]])
  if (config.webpush) all.set('webpush', webPush(config.webpush, clock))
  if (config.apn) all.set('apn', apn(config.apn, clock))
  if (config.fcm) all.set('fcm', fcm(config.fcm, clock))
  if (config.nudge) all.set('nudge', nudge(config.nudge, clock))
  if (radio && radio.length > 0) all.set('radio', radioChannel(radio))
  const mqtt = broker && mqttChannel(broker.link, broker.origin, clock, broker.log)
  if (mqtt) all.set('mqtt', mqtt)
  return {
    all,
    socket,
    ...(mqtt ? { mqtt } : {}),
    async close() {
      await Promise.all([...all.values()].map((channel) => channel.close()))
    },
  }
}
