import type { Attempt, ChannelId, Outcome } from '../core/deliver/attempt.ts'
import type { Device } from '../core/deliver/device.ts'

export type { Outcome } from '../core/deliver/attempt.ts'

/** What a provider-bound push may hold: nothing that tells a stranger more than that someone is called (deliver/payload.ts). */
export interface Doorbell {
  /** Opaque: the attempt id. */
  readonly id: string
  readonly class: Attempt['class']
  readonly purpose: Attempt['purpose']
  /** Only where the site's privacy level allows it. */
  readonly place?: string
}

/** One way to a device. `send` always settles before `signal` aborts plus one turn of the loop, and never throws. */
export interface Channel {
  readonly id: ChannelId
  send(attempt: Attempt, device: Device, bell: Doorbell, signal: AbortSignal): Promise<Outcome>
  close(): Promise<void>
}
