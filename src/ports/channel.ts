import type { Attempt, Outcome } from '../core/deliver/attempt.ts'
import type { ChannelId } from '../core/deliver/channels.ts'
import type { Device } from '../core/deliver/device.ts'
import type { Doorbell } from '../core/deliver/payload.ts'

export type { Outcome } from '../core/deliver/attempt.ts'

/** One way to a device. `send` always resolves before `signal` aborts plus one turn of the loop, and never throws. */
export interface Channel {
  readonly id: ChannelId
  send(attempt: Attempt, device: Device, bell: Doorbell, signal: AbortSignal): Promise<Outcome>
  /** Has connections ready to where these addresses lead, so that the first push is as quick as the tenth. Never throws. */
  warm?(addresses: readonly string[]): void
  close(): Promise<void>
}
