import type { DeviceId, PersonId, RoleId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { ChannelId } from './attempt.ts'

/** A thing that can ring: a person's, or whoever holds a role (shared ward handset, baton device, display). */
export interface Device {
  readonly id: DeviceId
  readonly owner:
    | { readonly kind: 'person'; readonly person: PersonId }
    | { readonly kind: 'role'; readonly role: RoleId }
  readonly label: string
  readonly channel: ChannelId
  /** Provider token or push subscription, as that channel's adapter understands it. JSON text. */
  readonly address: string
  readonly state: 'active' | 'signed-out' | 'revoked' | 'dead'
  readonly enrolled: Instant
  readonly seen?: Instant
  /** Device clock minus ours, and half the round trip it was measured over. */
  readonly clock?: { readonly offset: number; readonly uncertainty: number }
  /** Its last self-test, and when it said that it rang. */
  readonly tested?: { readonly at: Instant; readonly heard?: Instant }
  /** What it holds leaves it then, unless the duty goes on (core/govern/shift-end.ts). */
  readonly keepsUntil?: Instant
  /** What it was told up to then is gone from it and is not given again. */
  readonly cleared?: Instant
}
