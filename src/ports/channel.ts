import type { Attempt, ChannelId } from '../core/deliver/attempt.ts'
import type { Device } from '../core/deliver/device.ts'
import type { FaultCode } from '../core/faults.ts'
import type { Millis } from '../core/instant.ts'

/** What a provider-bound push may hold: nothing that tells a stranger more than that someone is called (deliver/payload.ts). */
export interface Doorbell {
  /** Opaque: the attempt id. */
  readonly id: string
  readonly class: Attempt['class']
  readonly purpose: Attempt['purpose']
  /** Only where the site's privacy level allows it. */
  readonly place?: string
}

/**
 * `taken`: the provider accepted it, which is not delivery. `later`: try again, not before `after`.
 * `dead`: this address will never work again (404, 410 and their kin). `refused`: this attempt cannot succeed; the
 * device may still be good (bad payload, wrong credentials).
 */
export type Outcome =
  | { readonly kind: 'taken'; readonly provider?: string }
  | { readonly kind: 'later'; readonly after?: Millis; readonly fault: FaultCode }
  | { readonly kind: 'dead'; readonly fault: FaultCode }
  | { readonly kind: 'refused'; readonly fault: FaultCode }

/** One way to a device. `send` always settles before `signal` aborts plus one turn of the loop, and never throws. */
export interface Channel {
  readonly id: ChannelId
  send(attempt: Attempt, device: Device, bell: Doorbell, signal: AbortSignal): Promise<Outcome>
  close(): Promise<void>
}
