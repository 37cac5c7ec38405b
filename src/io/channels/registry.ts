import { PUSH_KINDS, type PushKind, type PushSettings } from '../../config/push.ts'
import type { Mac } from '../../core/deliver/answer-token.ts'
import type { ChannelId } from '../../core/deliver/channels.ts'
import type { Origin } from '../../core/measure/telemetry.ts'
import type { Broker } from '../../ports/broker.ts'
import type { Channel } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Metrics } from '../../ports/metrics.ts'
import type { RadioOut } from '../../ports/radio.ts'
import { apn } from './apn.ts'
import { fcm } from './fcm.ts'
import { modem } from './modem.ts'
import type { HeedText } from './modem-inbox.ts'
import { type MqttChannel, mqttChannel } from './mqtt.ts'
import { notify } from './notify.ts'
import { ntfy } from './ntfy.ts'
import { nudge } from './nudge.ts'
import type { Reach } from './provider.ts'
import { radioChannel } from './radio.ts'
import { type SocketChannel, socketChannel } from './socket.ts'
import { type Pressed, type Report, type VoiceChannel, voice } from './voice.ts'
import { webPush } from './webpush.ts'

/** Opens each kind that leans on somebody outside, by its settings in `config/push.ts`; a telephone line can do more, and is opened by itself. */
const OPEN: {
  readonly [K in Exclude<PushKind, 'voice'>]: (
    settings: PushSettings[K],
    clock: Clock,
    reach: Reach,
    tools: Tools,
  ) => Channel
} = {
  webpush: (settings, clock, reach, { app }) => webPush(settings, clock, reach, app),
  apn,
  fcm,
  notify: (settings, clock, reach, { heedText, report, spent }) =>
    notify(settings, clock, reach, { heed: heedText, report, spent: (pence) => spent('notify', pence) }),
  modem: (settings, clock, _reach, { heedText, spent }) =>
    modem(settings, clock, heedText, () => spent('modem', settings.penceEach)),
  nudge,
  ntfy: (settings, clock, reach, { mac }) => ntfy(settings, clock, reach, mac),
}

interface Tools {
  readonly heedText: HeedText
  readonly app: string | undefined
  readonly mac: Mac
  readonly pressed: Pressed
  readonly report: Report
  readonly spent: (channel: ChannelId, pence: number) => void
}

/** Settings of the kinds a site uses. */
export type Providers = { readonly [K in PushKind]?: PushSettings[K] | undefined }

export interface Channels {
  readonly all: ReadonlyMap<ChannelId, Channel>
  /** The LAN socket's hub, for the event stream to attach devices to. Always there: it needs nothing from outside. */
  readonly socket: SocketChannel
  /** Present when there is a broker: `listen` for receipts and answers. */
  readonly mqtt?: MqttChannel
  /** Who heeds the keys that are pressed in telephone calls. */
  onKey(heed: Pressed): void
  /** Who heeds texts that come back. */
  onText(heed: HeedText): void
  /** Who keeps what networks say of an attempt later on. */
  onReport(heed: Report): void
  /** Tells somebody something by telephone; absent: there is no exchange. */
  readonly speaks?: VoiceChannel['tell']
  close(): Promise<void>
}

export interface ChannelParts {
  readonly clock: Clock
  /** Absent: what texts cost is not counted. */
  readonly metrics?: Pick<Metrics, 'count'>
  /** How each kind is reached from here; absent: straight out. */
  readonly reach?: (kind: PushKind) => Reach
  /** How phones reach us; absent: no push says where to look. */
  readonly app?: string
  /** Signs what buttons may do; absent: nobody believes them. */
  readonly mac?: Mac
  /** For displays and wearables, where the site has a broker. */
  readonly broker?: {
    readonly link: Broker
    readonly origin: Origin
    readonly log: Log
    readonly metrics: Pick<Metrics, 'count'>
  }
  /** Ways on to the air for a page that must go out again, best first. */
  readonly radio?: readonly RadioOut[]
}

/** Makes the channels that are configured. To add one: its file, its row above. */
export function openChannels(
  providers: Providers,
  { clock, metrics, reach, app, mac, broker, radio }: ChannelParts,
): Channels {
  const socket = socketChannel()
  const all = new Map<ChannelId, Channel>([[socket.id, socket]])
  let onKey: Pressed = () => {}
  let onReport: Report = () => {}
  let onText: HeedText = async () => false
  const tools: Tools = {
    ...{ app, mac: mac ?? (() => '') },
    pressed: (...press) => onKey(...press),
    report: (...said) => onReport(...said),
    heedText: (...text) => onText(...text),
    spent: (channel, pence) => {
      if (pence > 0) metrics?.count('bleepbridge_text_pence_total', { channel }, pence)
    },
  }
  const open = <K extends Exclude<PushKind, 'voice'>>(kind: K): void => {
    const settings = providers[kind]
    if (settings) all.set(kind, OPEN[kind](settings, clock, reach?.(kind) ?? {}, tools))
  }
  for (const kind of PUSH_KINDS) if (kind !== 'voice') open(kind)
  const telephone = providers.voice && voice(providers.voice, clock, tools.pressed, tools.report)
  if (telephone) all.set('voice', telephone)
  const speaks = telephone?.tell
  if (radio && radio.length > 0) all.set('radio', radioChannel(radio))
  const mqtt = broker && mqttChannel(broker.link, broker.origin, clock, broker)
  if (mqtt) all.set('mqtt', mqtt)
  return {
    all,
    socket,
    onKey: (heed) => {
      onKey = heed
    },
    onText: (heed) => {
      onText = heed
    },
    onReport: (heed) => {
      onReport = heed
    },
    ...(speaks === undefined ? {} : { speaks }),
    ...(mqtt ? { mqtt } : {}),
    async close() {
      await Promise.all([...all.values()].map((channel) => channel.close()))
    },
  }
}
