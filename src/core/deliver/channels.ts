import type { Millis } from '../instant.ts'
import { MODEM_DEADLINE, RADIO_DEADLINE, VOICE_DEADLINE } from './urgency.ts'

/** What a channel can do, for everybody who would otherwise ask for its name. A new one is a row of these. */
export interface ChannelTraits {
  /** Where it goes: through somebody else's service, over the hospital's own network, or out on the air. */
  readonly by: 'provider' | 'network' | 'air'
  /** The far end is our own app: it fetches its inbox, and says by itself that it rang. */
  readonly ourApp: boolean
  /** It can be rung without a sound or a notice, by which the app behind it says that it was reached. */
  readonly quiet?: true
  /** A device of this channel can also be reached by the socket of its app. */
  readonly hasSocket: boolean
  /** The socket itself: whichever device has one is reached by it as long as it is open. It has no address. */
  readonly isSocket?: true
  /** Reached and heard by the site's broker: it is told of what changes too, and signs what it says. */
  readonly byBroker?: true
  /** Its addresses are made with our push key, and work only with that. */
  readonly ourKey?: true
  /** It reads its inbox here: without, it is told to look somewhere else, or answers by other means. */
  readonly reads: boolean
  /** Its holder can answer by it. */
  readonly answers: boolean
  /** What the switchboard enters to enrol it: a telephone number, or a topic that is made here and kept secret. */
  readonly entered?: 'number' | 'topic'
  /** A text: answered by one, where the way brings it back. */
  readonly texts?: true
  /** Rings when nothing else has given a sign, or for whoever has nothing else; without, at once. */
  readonly last?: true
  /** There is something on the device to type a code into, so it enrols itself. */
  readonly enrolsItself: boolean
  /** People read it in passing or on a number that is not ours: what names a patient or a caller is masked. */
  readonly masked: boolean
  /** One far end for each device's address (a push service's origin), not one for the channel. */
  readonly manyProviders?: true
  /** How long one hand-over may take; missing: by the urgency of the call. */
  readonly deadline?: Millis
}

const PHONE = {
  by: 'provider',
  ourApp: false,
  quiet: true,
  hasSocket: true,
  reads: true,
  answers: true,
  enrolsItself: true,
  masked: false,
} as const

/** Somebody else's program: no app of ours is behind it. */
const BARE = { ourApp: false, hasSocket: false, reads: false, enrolsItself: false, masked: true } as const

/** Every channel, in the order in which people read them. */
export const CHANNELS = {
  webpush: { ...PHONE, ourApp: true, manyProviders: true, ourKey: true },
  apn: PHONE,
  // Data alone wakes it: it draws what it shows by itself, and can be rung without a sound.
  fcm: { ...PHONE, ourApp: true },
  socket: { ...PHONE, by: 'network', ourApp: true, isSocket: true },
  mqtt: { ...BARE, by: 'network', byBroker: true, reads: true, answers: true, enrolsItself: true },
  ntfy: { ...BARE, by: 'network', answers: true, entered: 'topic' },
  notify: { ...BARE, by: 'provider', answers: false, entered: 'number', last: true, texts: true },
  modem: {
    ...{ ...BARE, by: 'network', answers: false, entered: 'number', last: true, texts: true },
    deadline: MODEM_DEADLINE,
  },
  voice: {
    ...{ ...BARE, by: 'network', answers: true, entered: 'number', last: true },
    deadline: VOICE_DEADLINE,
  },
  nudge: { ...BARE, by: 'provider', answers: false, entered: 'number', last: true },
  radio: { ...BARE, by: 'air', answers: false, masked: false, deadline: RADIO_DEADLINE },
} as const satisfies Readonly<Record<string, ChannelTraits>>

export type ChannelId = keyof typeof CHANNELS

/** The row of a channel, with what only some rows say. */
export const traitsOf = (channel: ChannelId): ChannelTraits => CHANNELS[channel]

/** Whether a way rings our app while it is closed, or only while it is open; undefined: no app is behind it. */
export function appOf(channel: ChannelId): 'closed' | 'open' | undefined {
  const { hasSocket, isSocket } = traitsOf(channel)
  if (!hasSocket) return undefined
  return isSocket === true ? 'open' : 'closed'
}

/** Everybody with the bleep hears it: nobody's device, and so nobody's name. */
export const isOnAir = (channel: ChannelId): boolean => CHANNELS[channel].by === 'air'

export const CHANNEL_IDS = Object.keys(CHANNELS) as ChannelId[]

type SelfEnrolled = {
  [Id in ChannelId]: (typeof CHANNELS)[Id]['enrolsItself'] extends true ? Id : never
}[ChannelId]

/** Channels of devices that enrol themselves with a code. */
export const SELF_ENROLLED = CHANNEL_IDS.filter((id): id is SelfEnrolled => CHANNELS[id].enrolsItself)

type Entered = {
  [Id in ChannelId]: (typeof CHANNELS)[Id] extends { readonly entered: string } ? Id : never
}[ChannelId]

/** Channels of what the switchboard enters for somebody. */
export const ENTERED = CHANNEL_IDS.filter((id): id is Entered => traitsOf(id).entered !== undefined)
