import { type Attempt, stepAttempt } from '../../core/deliver/attempt.ts'
import { type ChannelId, isOnAir } from '../../core/deliver/channels.ts'
import { isReachable } from '../../core/deliver/gone.ts'
import type { Lanes } from '../../core/deliver/lanes.ts'
import type { FaultCode } from '../../core/faults.ts'
import type { Instant } from '../../core/instant.ts'
import type { Channel } from '../../ports/channel.ts'
import type { Tx } from '../../ports/store.ts'
import { type bleepReader, deviceOf, type Ready, rememberRePage } from './outbox-rows.ts'

export interface PrepareTools {
  readonly channels: ReadonlyMap<ChannelId, Channel>
  readonly lanes: Lanes
  count(channel: ChannelId, result: string): void
}

/** Steps one claimed attempt on, in the transaction that claimed it: ready to hand over, or ended without. */
export async function prepare(
  tx: Tx,
  bleepOf: ReturnType<typeof bleepReader>,
  claimed: Attempt,
  now: Instant,
  { channels, lanes, count }: PrepareTools,
): Promise<Ready | Attempt> {
  const save = async (attempt: Attempt) => {
    await tx.attempts.save(attempt, claimed.state, now)
    return attempt
  }
  const end = (attempt: Attempt) => {
    count(attempt.channel, attempt.state === 'expired' ? 'expired' : 'refused')
    return save(attempt)
  }
  const refuse = (fault: FaultCode) => end(refused(claimed, fault, now))

  const [leased] = stepAttempt(claimed, { kind: 'leased', at: now })
  if (leased.state === 'expired') return end(leased)
  const channel = channels.get(claimed.channel)
  if (channel === undefined) return refuse('channel-absent')
  const bleep = await bleepOf(claimed.alert)
  const device = bleep && (await deviceOf(tx, claimed, bleep))
  if (bleep === undefined || device === undefined || !isReachable(device, claimed.channel))
    return refuse('device-absent')
  if (claimed.class !== 'emergency' && !lanes.open(device, now)) {
    await save(stepAttempt(claimed, { kind: 'put-back', at: now })[0])
    return claimed
  }
  const [attempt] = stepAttempt(leased, { kind: 'handed', at: now })
  await save(attempt)
  if (isOnAir(attempt.channel)) await rememberRePage(tx, attempt, bleep, now)
  return { attempt, device, bleep, channel }
}

/** Refused before any channel was asked. */
export function refused(attempt: Attempt, fault: FaultCode, at: Instant): Attempt {
  return stepAttempt(attempt, { kind: 'outcome', outcome: { kind: 'refused', fault }, at, random: 0 })[0]
}
