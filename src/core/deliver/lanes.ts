import { z } from 'zod'
import type { DeviceId } from '../ids.ts'
import { type Instant, type Millis, SECOND } from '../instant.ts'
import { readJson } from '../json.ts'
import type { Outcome } from './attempt.ts'
import { traitsOf } from './channels.ts'
import type { Device } from './device.ts'
import { RADIO_DEVICE } from './plan.ts'

/** Hand-overs under way to one device: further ones wait, so that a hanging phone cannot fill the outbox; emergencies go. */
const PER_DEVICE = 4
/** So many different devices must fail in a row before their provider, not a phone, is held to be ill. */
const DEVICES = 3
const FAILURES = 5
/** One hand-over is tried so often while a provider is ill. */
const PROBE: Millis = 2 * SECOND
/** More devices than this are not named to the database; they are met and left again. */
const NAMED = 2000

interface Lane {
  /** Whose attempts wait because the lane is ill. */
  readonly waiting: Set<DeviceId>
  readonly failed: Set<DeviceId>
  failures: number
  probed: Instant
}

/** What devices share on their way out: a push service's address, or the channel. */
export function laneOf({ channel, address }: Pick<Device, 'channel' | 'address'>): string {
  if (traitsOf(channel).manyProviders !== true) return channel
  const known = origins.get(address)
  if (known !== undefined) return `${channel} ${known}`
  const read = endpointSchema.safeParse(address)
  if (!read.success) return channel
  const { origin } = new URL(read.data)
  if (origins.size >= REMEMBERED) origins.clear()
  origins.set(address, origin)
  return `${channel} ${origin}`
}

/** Asked several times for each push; an address never changes what it says. */
const origins = new Map<string, string>()
const REMEMBERED = 5000

const endpointSchema = z
  .string()
  .transform(readJson)
  .pipe(z.object({ endpoint: z.url() }).transform(({ endpoint }) => endpoint))

/**
 * Which hand-overs can go now. A phone that hangs holds up its own, a provider that answers nobody those of its phones;
 * only what can go is claimed, and what waited goes the moment one gets through. Emergencies and the radio do not ask.
 */
export class Lanes {
  readonly #flying = new Map<DeviceId, number>()
  readonly #lanes = new Map<string, Lane>()

  /** Whether there is a place for one more to this device, whatever its lane. */
  room(device: DeviceId, more = 0): boolean {
    return device === RADIO_DEVICE || (this.#flying.get(device) ?? 0) + more < PER_DEVICE
  }

  /** Whether the lane takes anything now; asking lets one trial through where it is ill. */
  open(device: Device, now: Instant): boolean {
    const lane = this.#lanes.get(laneOf(device))
    if (lane === undefined || !isIll(lane)) return true
    if (isTrialDue(lane, now)) {
      lane.probed = now
      return true
    }
    lane.waiting.add(device.id)
    return false
  }

  /** Devices of which nothing but emergencies need be claimed. One device of an ill lane is left out when a trial is due. */
  held(now: Instant): readonly DeviceId[] {
    const held = [...this.#flying]
      .filter(([device, n]) => device !== RADIO_DEVICE && n >= PER_DEVICE)
      .map(([d]) => d)
    for (const lane of this.#lanes.values())
      if (isIll(lane) && !isTrialDue(lane, now)) held.push(...lane.waiting)
    return held.slice(0, NAMED)
  }

  began(device: DeviceId): void {
    this.#flying.set(device, (this.#flying.get(device) ?? 0) + 1)
  }

  /** @returns the devices whose attempts need wait no longer, where this was the first to get through an ill lane */
  ended(device: Device, outcome: Outcome, now: Instant): readonly DeviceId[] | undefined {
    const left = (this.#flying.get(device.id) ?? 1) - 1
    if (left > 0) this.#flying.set(device.id, left)
    else this.#flying.delete(device.id)
    const key = laneOf(device)
    const lane = this.#lanes.get(key)
    if (outcome.kind !== 'later') {
      this.#lanes.delete(key)
      return lane && [...new Set([...lane.waiting, ...lane.failed])]
    }
    if (outcome.fault === 'provider-circuit-open') return undefined
    const known = lane ?? { waiting: new Set(), failed: new Set(), failures: 0, probed: now }
    this.#lanes.set(key, known)
    known.failed.add(device.id)
    known.failures += 1
    if (isIll(known)) known.waiting.add(device.id)
    return undefined
  }
}

function isIll({ failures, failed }: Lane): boolean {
  return failures >= FAILURES && failed.size >= DEVICES
}

/** Either way: a clock that was set back an hour would keep a provider that is well again from a trial for as long. */
function isTrialDue({ probed }: Lane, now: Instant): boolean {
  return Math.abs(now - probed) >= PROBE
}
