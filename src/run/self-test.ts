import type { Attempt, ChannelId } from '../core/deliver/attempt.ts'
import type { Device } from '../core/deliver/device.ts'
import { doorbell } from '../core/deliver/payload.ts'
import { type AlertId, type AttemptId, asId, type PersonId } from '../core/ids.ts'
import { MINUTE, type Millis, SECOND } from '../core/instant.ts'
import type { Channel } from '../ports/channel.ts'
import type { Clock } from '../ports/clock.ts'

/** A person stands there and waits: longer than this is a failed test. */
const WITHIN: Millis = 5 * SECOND

/**
 * Rings one device by its own channel and over the LAN, exactly as a test call would, but for no alert: it proves the
 * way there. True when any channel took it; the device's own receipt proves the rest.
 */
export function createRinger(
  channels: ReadonlyMap<ChannelId, Channel>,
  clock: Clock,
): (device: Device, test: string) => Promise<boolean> {
  return async (device, test) => {
    const now = clock.now()
    const abort = new AbortController()
    const timer = clock.after(WITHIN, () => abort.abort())
    const by = async (id: ChannelId): Promise<boolean> => {
      const attempt: Attempt = {
        id: asId<AttemptId>(test),
        key: `self-test/${test}/${id}`,
        alert: asId<AlertId>(test),
        person: asId<PersonId>('self-test'),
        device: device.id,
        channel: id,
        purpose: 'ask',
        class: 'test',
        state: 'leased',
        try: 1,
        created: now,
        due: now,
        expires: now + MINUTE,
        reason: 'self-test',
      }
      const outcome = await channels
        .get(id)
        ?.send(attempt, device, doorbell(attempt, 'opaque', undefined), abort.signal)
      return outcome?.kind === 'taken'
    }
    const ways = [...new Set<ChannelId>([device.channel, 'socket'])]
    const taken = await Promise.all(ways.map(by))
    timer.cancel()
    return taken.includes(true)
  }
}
