import type { Purpose } from '../alert/alert.ts'
import type { Class } from '../bleep/bleep.ts'
import type { FaultCode } from '../faults.ts'
import type { AlertId, AttemptId, DeviceId, PersonId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'

/** How a device is reached. `webpush`, `apn`, `fcm` go by a provider; `socket`, `mqtt` stay on the LAN; `radio` is the pager. */
export type ChannelId = 'webpush' | 'apn' | 'fcm' | 'socket' | 'mqtt' | 'nudge' | 'radio'

/**
 * `queued` → `leased` → `handed` (given to the channel) → `taken` (it said yes: not delivered) → `on-device` →
 * `presented` → `opened`; or `refused` (another way is needed), `dead` (stop using this device), `expired`.
 */
export type AttemptState =
  | 'queued'
  | 'leased'
  | 'handed'
  | 'taken'
  | 'on-device'
  | 'presented'
  | 'opened'
  | 'refused'
  | 'dead'
  | 'expired'

/** One alert to one device by one channel. */
export interface Attempt {
  readonly id: AttemptId
  /** The deliver effect's key and the device: unique for ever. */
  readonly key: string
  readonly alert: AlertId
  readonly person: PersonId
  readonly device: DeviceId
  readonly channel: ChannelId
  readonly purpose: Purpose
  readonly class: Class
  readonly state: AttemptState
  readonly try: number
  readonly created: Instant
  /** Not before this. */
  readonly due: Instant
  /** Ringing after this would mislead: never send. */
  readonly expires: Instant
  readonly reason: ReasonCode
  readonly fault?: FaultCode
}
