import { readPem } from '../config/authority.ts'
import { PUSH_KINDS, type PushKind } from '../config/push.ts'
import type { Whole } from '../config/whole.ts'
import { addressBy } from '../core/bleep/address.ts'
import type { Page } from '../core/bleep/bleep.ts'
import { CHANNELS } from '../core/deliver/channels.ts'
import type { Directory } from '../core/directory/directory.ts'
import { given } from '../core/given.ts'
import type { Reach } from '../io/channels/provider.ts'
import { type Channels, openChannels } from '../io/channels/registry.ts'
import type { Broker } from '../ports/broker.ts'
import type { RadioAnswer, RadioOut } from '../ports/radio.ts'
import type { Tools } from '../ports/tools.ts'
import type { RunningFeed } from '../run/line/feeds.ts'
import { answerMac } from './answer-mac.ts'

export interface ChannelTools extends Tools {
  readonly broker: Broker | undefined
  /** The feeds as they are by the time a page must go out again. */
  readonly feeds: () => readonly RunningFeed[]
  readonly directory: () => Directory
}

/** Opens every way to a device that the configuration names. */
export function channelsOf(whole: Whole, tools: ChannelTools): Channels {
  const { clock, log, metrics, broker } = tools
  const { config } = whole
  const origin = { site: config.site.id, node: config.node }
  return openChannels(config.push, {
    ...{ clock, metrics },
    reach: (kind) => reachIn(whole, kind),
    ...given({ mac: answerMac(whole), app: config.http.baseUrl?.replace(/\/+$/, '') }),
    ...(broker && config.mqtt?.channel ? { broker: { link: broker, origin, log, metrics } } : {}),
    ...(config.radio ? { radio: [radioBy(config.radio.feed, tools)] } : {}),
  })
}

/** By the site's proxy; a push service inside the hospital has the site's own certificate authority. */
function reachIn({ config }: Whole, kind: PushKind): Reach {
  const settings = config.push[kind]
  const ca = settings && 'ca' in settings ? settings.ca : undefined
  // What the site has inside is reached by no proxy.
  const proxy = CHANNELS[kind].by === 'network' ? undefined : config.push.proxy
  return {
    ...(proxy === undefined ? {} : { proxy }),
    ...given({ ca: readPem(config.folder, ca) }),
  }
}

/**
 * Pages again through a feed that can send: ESPA control, a TAP client, an encoder link, a transmitter's input. A call
 * heard on the air is named by its bleep number where the feed needs that, and the other way about.
 */
function radioBy(id: string, { feeds, directory, clock }: ChannelTools): RadioOut {
  return {
    name: id,
    async send({ to: heard, number, type, text, fields }, signal): Promise<RadioAnswer> {
      const feed = feeds().find((one) => one.id === id)
      const to = feed?.sends && addressBy(feed.sends, heard, number, directory())
      if (feed === undefined || to === undefined) return 'refused'
      const now = clock.now()
      const page: Page = {
        to,
        type,
        text,
        fields: heard.scheme === 'number' && to === heard ? fields : besides(fields),
        quality: 'clean',
        corrected: 0,
        firstByte: now,
        lastByte: now,
      }
      const late = new Promise<RadioAnswer>((done) =>
        signal.addEventListener('abort', () => done('no-answer'), { once: true }),
      )
      return Promise.race([feed.send(page).then(({ outcome }) => outcome), late])
    },
  }
}

/** How senders name the bleep and its function in their own terms: the address to send to has said it for this link. */
const OWN_TERMS: readonly string[] = ['address', 'callAddress', 'function', 'beep']

function besides(fields: Page['fields']): Page['fields'] {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !OWN_TERMS.includes(name)))
}

/** Open channels that lean on somebody outside, the hospital's own transmitter among them. */
export const providersOf = ({ all }: Channels) =>
  ([...PUSH_KINDS, 'radio'] as const).filter((id) => all.has(id))
