import type { DeviceClass } from '../directory/trust.ts'
import type { DeviceId, PersonId, RoleId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { ChannelId } from './channels.ts'

/** What showed that a way rings: a real call's receipt, its holder's self-test, the roll-call of the shift. */
type ProofBy = 'ring' | 'self-test' | 'roll-call'

/** When a way to a device was last shown to work: the device itself said that a ring had come by it. */
export interface Proof {
  readonly at: Instant
  readonly by: ProofBy
}

/** What a person said when they were asked whether they had heard it: nothing else proves sound. */
export interface Heard {
  readonly at: Instant
  readonly heard: boolean
}

/** A thing that can ring: a person's, or whoever holds a role (shared ward handset, baton device, display). */
export interface Device {
  readonly id: DeviceId
  readonly owner:
    | { readonly kind: 'person'; readonly person: PersonId }
    | { readonly kind: 'role'; readonly role: RoleId }
    /** The screen of a ward: it asks and is told, and is never rung for a bleep. */
    | { readonly kind: 'ward'; readonly ward: string }
  readonly label: string
  readonly channel: ChannelId
  /** Provider token, push subscription or nudge number, as that channel's adapter understands it. */
  readonly address: string
  /** `waiting`: nothing goes to it until its person has said on another phone that it is theirs. */
  readonly state: 'active' | 'waiting' | 'signed-out' | 'revoked' | 'dead'
  /** It came beside other phones of its person, and nobody has said yet that it is theirs. */
  readonly unconfirmed?: true
  readonly enrolled: Instant
  /** Where its holder wants it among their ways: 1 is tried first; absent: by the site's order. */
  readonly rank?: number
  /** When its push address was given to us; absent: when it was enrolled. */
  readonly subscribed?: Instant
  /** When its provider first said that the address is gone; not believed at once (gone.ts). */
  readonly saidGone?: Instant
  readonly seen?: Instant
  /** Device clock minus ours, and half the round trip it was measured over. */
  readonly clock?: { readonly offset: number; readonly uncertainty: number }
  /** When each way to it was last shown to work. */
  readonly proved?: Readonly<Partial<Record<ChannelId, Proof>>>
  /** Whether its holder heard it when they were last asked; absent: nobody has ever said. */
  readonly sound?: Heard
  /** Its last self-test, and when it said that it rang. */
  readonly tested?: { readonly at: Instant; readonly heard?: Instant }
  /** What it holds leaves it then, unless the duty goes on (core/govern/shift-end.ts). */
  readonly keepsUntil?: Instant
  /** What it was told up to then is gone from it and is not given again. */
  readonly cleared?: Instant
}

/** A person's, a role's or a ward's id, whichever it is. */
export function ownerId(owner: Device['owner']): string {
  if (owner.kind === 'person') return owner.person
  return owner.kind === 'role' ? owner.role : owner.ward
}

/** As a policy tells devices apart; a ward's screen is shared. */
export const deviceClass = ({ owner }: Pick<Device, 'owner'>): DeviceClass =>
  owner.kind === 'person' ? 'own' : 'shared'
