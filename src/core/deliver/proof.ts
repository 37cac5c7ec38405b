import { given } from '../given.ts'
import type { DeviceId } from '../ids.ts'
import { HOUR, type Instant, type Millis } from '../instant.ts'
import type { ReceiptWay } from '../vocabulary.ts'
import { type Attempt, FAILED } from './attempt.ts'
import { CHANNELS, type ChannelId, traitsOf } from './channels.ts'
import type { Device, Heard, Proof } from './device.ts'
import { isReachable, stillThere } from './gone.ts'

/** A way by which a device rings, with the app closed (a push) or open (the hospital network). */
export interface ProvedWay {
  readonly channel: ChannelId
  readonly proof?: Proof
  /** Whether its holder heard it, when they were last asked. */
  readonly sound?: Heard
  /** When its provider said that the address is gone; nothing has come by it since. */
  readonly gone?: Instant
}

/** `proved`: shown to work within `PROVES`; `not-since`: once, and not since; `none`: never, or there is no way. */
export type WayState = 'proved' | 'not-since' | 'none'

/** The longest shift and its hand-over: what was shown when the shift began holds until it ends. */
const PROVES: Millis = 13 * HOUR
/** A way is not written down as proved again within this: a busy phone would be written at every ring. */
const AGAIN: Millis = 60_000

/** Where the rings of a device's last roll-call are noted, by their ids, for its receipts. */
export const rollKey = (device: DeviceId): string => `roll-call/${device}`

/** The device with this way shown to work; the same object when that was known. */
export function provedBy(device: Device, channel: ChannelId, proof: Proof): Device {
  const known = device.proved?.[channel]
  if (known !== undefined && known.by === proof.by && proof.at - known.at < AGAIN) return device
  return { ...device, proved: { ...device.proved, [channel]: proof } }
}

/**
 * Which way a device's receipt shows to work. What is told goes to an app by several ways at once, and the first brings
 * all of it: what came by the open line says nothing of the push.
 * @param by as the device says; an app that does not say is believed only where no other way was open
 * @param listens its open line is with us now
 */
export function wayShown(
  { channel, state }: Pick<Attempt, 'channel' | 'state'>,
  by: ReceiptWay | undefined,
  listens: boolean,
): ChannelId | undefined {
  const { hasSocket, isSocket } = traitsOf(channel)
  if (!hasSocket) return channel
  if (by === 'pull') return undefined
  if (by === 'stream' || isSocket) return by === 'push' ? undefined : 'socket'
  return by === 'push' || !(listens || FAILED.includes(state)) ? channel : undefined
}

/** A new address is a new way: what was shown of the old one says nothing of it. */
export function readdressed(device: Device, channel: ChannelId, address: string, at: Instant): Device {
  const moved = { ...stillThere(device), channel, address, state: 'active' as const, subscribed: at }
  if (device.channel === channel && device.address === address) return moved
  const { [channel]: _, ...proved } = device.proved ?? {}
  return { ...moved, proved }
}

/** The ways of a device that may be tried: its own channel while its address is good, and the hospital network where it has our app. */
export function waysTo(device: Device): readonly ProvedWay[] {
  const channels = new Set<ChannelId>()
  if (isReachable(device, device.channel)) channels.add(device.channel)
  // A number that is texted has no app to listen.
  if (CHANNELS[device.channel].hasSocket && isReachable(device, 'socket')) channels.add('socket')
  return [...channels].map((channel) => ({
    channel,
    ...given({
      ...{ proof: device.proved?.[channel], sound: device.sound },
      gone: channel === device.channel ? goneSince(device) : undefined,
    }),
  }))
}

/** Since when a push address is said to be gone: once is enough to prove nothing any more, until something comes by it. */
export function goneSince({ channel, proved, saidGone }: Device): Instant | undefined {
  return saidGone !== undefined && (proved?.[channel]?.at ?? 0) <= saidGone ? saidGone : undefined
}

/** How well somebody can be rung: by the best of their ways. */
export function stateOf(ways: readonly ProvedWay[], now: Instant): WayState {
  if (lastProof(ways) === undefined) return 'none'
  const stands = lastProof(ways.filter(({ gone }) => gone === undefined))
  return stands !== undefined && now - stands.at < PROVES ? 'proved' : 'not-since'
}

/** The latest thing that showed one of these ways to ring; undefined: nothing ever did. */
export function lastProof(ways: readonly ProvedWay[]): Proof | undefined {
  return (
    ways
      // A phone that nobody hears does not ring, whatever it reports.
      .filter(({ sound }) => sound?.heard !== false)
      .flatMap(({ proof }) => proof ?? [])
      .toSorted((a, b) => b.at - a.at)
      .at(0)
  )
}
