import type { OperatorRole } from '../govern/permit.ts'
import type { PersonId } from '../ids.ts'
import type { Instant } from '../instant.ts'

/** By what somebody came in. */
export type SignInWay = 'password' | 'passkey' | 'provider'

/** A session at the console of somebody who is a person to us, as the database keeps it. */
export interface Session {
  readonly id: string
  /** As the record names them. */
  readonly who: string
  readonly role: OperatorRole
  readonly person?: PersonId
  readonly way: SignInWay
  readonly began: Instant
  readonly until: Instant
  /** Of an account: its stamp then. */
  readonly stamp?: string
  /** Where a provider vouches: who it says this is, and its own name for the session. */
  readonly subject?: string
  readonly sid?: string
  readonly breakGlass?: true
}
