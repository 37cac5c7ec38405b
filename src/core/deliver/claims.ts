import { DAY, type Instant, MINUTE, type Millis } from '../instant.ts'
import type { Attempt } from './attempt.ts'
import type { Device } from './device.ts'

/** A clock further from ours than this tells no time: what it says is not taken. */
export const CLOCK_WITHIN: Millis = DAY

/** Two clocks that were compared may still differ a little. */
const SLACK: Millis = MINUTE

/**
 * When a device says that it had an attempt, by our clock; undefined where that cannot be: before the attempt was made,
 * or after now. It is a claim and is kept beside our own stamp.
 */
export function claimedAt(
  { created }: Pick<Attempt, 'created'>,
  { clock }: Pick<Device, 'clock'>,
  claimed: Instant | undefined,
  now: Instant,
): Instant | undefined {
  if (claimed === undefined) return undefined
  const at = claimed - (clock?.offset ?? 0)
  return at >= created - SLACK && at <= now + SLACK ? at : undefined
}
