import { isNudge } from '../../core/deliver/device.ts'
import type { Directory } from '../../core/directory/directory.ts'
import { HOUR, MINUTE, type Millis } from '../../core/instant.ts'
import type { DeviceCount, Store } from '../../ports/store.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import type { Supervision } from './supervision.ts'

export interface PhoneWatchParts extends LoopTools {
  readonly store: Store
  readonly directory: () => Directory
  readonly sign: Supervision['sign']
}

/** Thousands of phones are counted each time, and what is looked for takes hours to come about. */
const EVERY: Millis = MINUTE
/** A phone that was heard in this time is in use: people work in shifts of up to twelve hours. */
const SEEN_WITHIN: Millis = 24 * HOUR
/** Fewer than this share of a group's phones in use: the group's network or app has a fault, not one person's battery. */
const ENOUGH = 0.5
/** Devices that belong to a role and not to a person. */
const SHARED_PHONES = 'shared'

/** Tells how many devices are enrolled, and signs for each group of phones. */
export function startPhoneWatch(parts: PhoneWatchParts): Loop {
  const { store, clock, metrics, directory, sign } = parts
  const told = new Map<string, Pick<DeviceCount, 'channel' | 'state'>>()

  const tell = (counts: readonly DeviceCount[]): void => {
    const alike = Map.groupBy(counts, ({ channel, state }) => `${channel} ${state}`)
    for (const [key, [one]] of alike) if (one !== undefined) told.set(key, one)
    // A sort of which the last one has gone is told as none.
    for (const [key, { channel, state }] of told)
      metrics.gauge('bleepbridge_devices', sum(alike.get(key), 'count'), { channel, device: state })
  }

  return startLoop(
    'phone-watch',
    [],
    EVERY,
    async () => {
      const at = clock.now()
      const counts = await store.transact((tx) => tx.devices.tally(at - SEEN_WITHIN))
      tell(counts)
      const groups = byGroup(counts, directory())
      for (const group of phoneGroups(directory())) {
        const phones = groups.get(group)
        const seen = sum(phones, 'seen')
        if (phones === undefined) sign('phones', group, { kind: 'idle', at })
        else if (seen >= ENOUGH * sum(phones, 'count')) sign('phones', group, { kind: 'said', at })
        else sign('phones', group, { kind: 'said', at, fault: 'phones-unseen', works: seen > 0 })
      }
    },
    parts,
  )
}

/** The groups of phones that are watched: one for each staff group, and the shared ones. */
export function phoneGroups(directory: Directory): readonly string[] {
  return [...new Set([...directory.people.values()].map((p) => p.staffGroup)), SHARED_PHONES]
}

function byGroup(counts: readonly DeviceCount[], { people }: Directory): Map<string, DeviceCount[]> {
  return Map.groupBy(
    // A number that is texted is never heard of.
    counts.filter((c) => c.state === 'active' && !isNudge(c)),
    ({ owner }) =>
      owner.kind === 'person' ? (people.get(owner.person)?.staffGroup ?? SHARED_PHONES) : SHARED_PHONES,
  )
}

function sum(counts: readonly DeviceCount[] = [], what: 'count' | 'seen'): number {
  return counts.reduce((all, one) => all + one[what], 0)
}
