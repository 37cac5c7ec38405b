import type { Attempt, Outcome } from '../../core/deliver/attempt.ts'
import { type ChannelId, traitsOf } from '../../core/deliver/channels.ts'
import type { Device } from '../../core/deliver/device.ts'
import { doorbell } from '../../core/deliver/payload.ts'
import { type AlertId, type AttemptId, asId, type PersonId } from '../../core/ids.ts'
import { HOUR, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { ReasonCode } from '../../core/reasons.ts'
import type { Channel } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'

/** Somebody stands there waiting, so a test that takes longer than this has failed. */
const WITHIN: Millis = 5 * SECOND

/** Why a device is rung for no alert, and how long a provider may still try. */
const SORTS = {
  'self-test': { purpose: 'ask', expires: MINUTE },
  /** Once a month by each way that can answer: a key, a button, a text. */
  'way-proof': { purpose: 'ask', expires: 10 * MINUTE },
  /** Silent: the app behind it knows it by its id, and the receipt that comes back by itself is what counts. */
  'roll-call': { purpose: 'ask', expires: 10 * MINUTE },
  /** A role is offered or given: our own app knows it by its id, and any other says that there is something to read. */
  'hand-over': { purpose: 'ask', expires: 10 * MINUTE },
  /** Another phone was set up for its holder: whoever has this one is asked whether it is theirs. */
  'new-phone': { purpose: 'ask', expires: 10 * MINUTE },
  /** Whoever asked has an answer: our own app knows it by its id and fetches which. */
  'asker-rung': { purpose: 'ask', expires: 10 * MINUTE },
  /** The push carries nothing that a phone would show by itself. Only our own app reads it. */
  'shift-ended': { purpose: 'update', expires: 4 * HOUR },
} as const satisfies Partial<Record<ReasonCode, { purpose: Attempt['purpose']; expires: Millis }>>

/**
 * Rings one device by its own channel and over the LAN, exactly as a test call would, but for no alert: it proves the
 * way there. `only` one channel, or all there are. True when any channel took it; the device's own receipt proves the rest.
 */
export function createRinger(
  channels: ReadonlyMap<ChannelId, Channel>,
  clock: Clock,
  reason: keyof typeof SORTS = 'self-test',
): (device: Device, test: string, only?: ChannelId) => Promise<boolean> {
  const ring = ringBy(channels, clock, reason)
  return async (device, test, only) => {
    const all = only === undefined ? [device.channel, 'socket' as const] : [only]
    const ways = [...new Set<ChannelId>(all)].filter((id) => LOUD.has(reason) || traitsOf(id).quiet === true)
    const taken = await Promise.all(
      ways.map(async (id) => {
        const rung = ring(device, test, id)
        // A telephone rings for longer than anybody waits for an answer here: it is under way.
        return traitsOf(id).deadline === undefined ? rung : Promise.race([rung, underWay(clock)])
      }),
    )
    return taken.some((outcome) => outcome?.kind === 'taken')
  }
}

/** Tests of which something is heard: whoever has the device says so. */
const LOUD: ReadonlySet<string> = new Set(['self-test', 'way-proof', 'hand-over', 'new-phone', 'asker-rung'])

const underWay = (clock: Clock): Promise<Outcome> =>
  new Promise((done) => void clock.after(WITHIN, () => done({ kind: 'taken' })))

/** The same by one channel, with what that said of it; undefined where there is no such channel. */
export function ringBy(
  channels: ReadonlyMap<ChannelId, Channel>,
  clock: Clock,
  reason: keyof typeof SORTS,
): (device: Device, test: string, channel: ChannelId) => Promise<Outcome | undefined> {
  const sort = SORTS[reason]
  return async (device, test, id) => {
    const now = clock.now()
    const abort = new AbortController()
    const timer = clock.after(traitsOf(id).deadline ?? WITHIN, () => abort.abort())
    const attempt: Attempt = {
      id: asId<AttemptId>(test),
      key: `${reason}/${test}/${id}`,
      alert: asId<AlertId>(test),
      person: asId<PersonId>(reason),
      device: device.id,
      channel: id,
      purpose: sort.purpose,
      class: 'test',
      state: 'leased',
      try: 1,
      created: now,
      due: now,
      expires: now + sort.expires,
      reason,
    }
    const bell = doorbell(attempt, 'opaque', undefined)
    const outcome = await channels.get(id)?.send(attempt, device, bell, abort.signal)
    timer.cancel()
    return outcome
  }
}
