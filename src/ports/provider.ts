import type { Result } from '../core/faults.ts'
import type { Claims } from '../core/identity/claims.ts'
import type { Instant } from '../core/instant.ts'

/** What the browser keeps between leaving for the provider and coming back. */
export interface Away {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

interface Vouched {
  /** Issuer and subject: who it is at the provider, for ever. */
  readonly subject: string
  /** The provider's own session, where it names one. */
  readonly sid?: string
  /** When they last showed the provider who they are, where it says so. */
  readonly proved?: Instant
  readonly claims: Claims
}

/** A provider of OpenID Connect (Core 1.0; code flow with PKCE). Nothing here decides who may come in. */
export interface Provider {
  /** Where to send the browser; `again`: whoever is there has to show anew who they are. */
  begin(back: string, again: boolean): Promise<Result<{ readonly url: string; readonly away: Away }>>
  /** @param at the address that the browser came back by, with what the provider added */
  finish(at: string, away: Away): Promise<Result<Vouched>>
  /** Reads a logout token (OpenID Connect Back-Channel Logout 1.0); undefined where it is none of theirs. */
  loggedOut(
    token: string,
  ): Promise<{ readonly subject?: string; readonly sid?: string; readonly id: string } | undefined>
}
