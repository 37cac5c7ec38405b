import type { Bleep } from '../../core/bleep/bleep.ts'
import { type Attempt, stepAttempt } from '../../core/deliver/attempt.ts'
import { type ChannelId, isOnAir } from '../../core/deliver/channels.ts'
import type { Device } from '../../core/deliver/device.ts'
import { isReachable } from '../../core/deliver/gone.ts'
import type { Lanes } from '../../core/deliver/lanes.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'
import type { Channel } from '../../ports/channel.ts'
import type { Holder, Tx } from '../../ports/store.ts'
import type { Ready } from './outbox-rows.ts'

/** An attempt that is about to be stored, with the device it is for. */
export interface Asked {
  readonly attempt: Attempt
  readonly device: Device
}

/** Hand-overs that begin with the very transaction that asks for them: no second look, no second commit. */
export interface Ahead {
  /**
   * Stores attempts. Those that can go at once are stored as handed over by us and are given back; whoever commits calls
   * `setOff` with them once that is durable, and nobody does where it is not. The others wait to be claimed.
   */
  store(tx: Tx, asked: readonly Asked[], bleep: Bleep, now: Instant): Promise<readonly Ready[]>
  setOff(ready: readonly Ready[]): void
}

export interface AheadTools {
  readonly channels: ReadonlyMap<ChannelId, Channel>
  readonly lanes: Lanes
  /** Places that are free for this class now. */
  readonly free: (attempt: Attempt) => number
  readonly holder: (now: Instant) => Holder
}

/** Of these, what can go now, stepped as handed over. What is refused is left to the loop, which says why. */
function ready(asked: readonly Asked[], bleep: Bleep, now: Instant, tools: AheadTools): readonly Ready[] {
  const { channels, lanes, free } = tools
  const more = new Map<DeviceId, number>()
  const going: Ready[] = []
  for (const { attempt, device } of asked) {
    const channel = channels.get(attempt.channel)
    // The radio remembers what it puts on the air, so that it is known again when it is heard.
    if (channel === undefined || isOnAir(attempt.channel) || !isReachable(device, attempt.channel)) continue
    if (free(attempt) <= going.length || attempt.due > now) continue
    const n = more.get(device.id) ?? 0
    const isFree = attempt.class === 'emergency' || (lanes.room(device.id, n) && lanes.open(device, now))
    const [leased] = stepAttempt(attempt, { kind: 'leased', at: now })
    if (!isFree || leased.state !== 'leased') continue
    more.set(device.id, n + 1)
    const [handed] = stepAttempt(leased, { kind: 'handed', at: now })
    going.push({ attempt: handed, device, bleep, channel })
  }
  return going
}

export async function storeAhead(
  tx: Tx,
  asked: readonly Asked[],
  bleep: Bleep,
  now: Instant,
  tools: AheadTools,
): Promise<readonly Ready[]> {
  const going = ready(asked, bleep, now, tools)
  const gone = new Set(going.map((one) => one.attempt.id))
  const waiting = asked.map((one) => one.attempt).filter(({ id }) => !gone.has(id))
  await tx.attempts.add(waiting)
  // A key that is known already is an attempt of somebody else's.
  const added = new Set(
    await tx.attempts.addHeld(
      going.map((one) => one.attempt),
      tools.holder(now),
    ),
  )
  return going.filter((one) => added.has(one.attempt.id))
}
