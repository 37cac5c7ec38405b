import type { Session, SignInWay } from '../core/identity/session.ts'
import type { Outcome } from './desk.ts'
import type { Json } from './identity.ts'

/** What the sign-in page offers here. */
interface SignInWays {
  readonly accounts: boolean
}

/** What the authenticator app and the browser need to set an account up. */
interface SetUp {
  readonly name: string
  readonly secret: string
  readonly link: string
  /** To be sent back beside the browser's answer. */
  readonly challenge: string
  readonly options: Json
}

/** A password with the app that goes with it, or a passkey. */
export type Chosen =
  | { readonly password: string; readonly secret: string; readonly code: string }
  | { readonly challenge: string; readonly answer: Json; readonly label: string }

/** One's own account. */
export interface OwnAccount {
  readonly name: string
  /** Whether password and passkeys are kept here; false for people whom a provider vouches for. */
  readonly kept: boolean
  readonly password: boolean
  readonly app: boolean
  readonly passkeys: { readonly id: string; readonly label: string; readonly used?: string }[]
  /** Where one is signed in, the newest first; `own` is the one that asks. */
  readonly sessions: {
    readonly id: string
    readonly began: string
    readonly way: SignInWay
    readonly own: boolean
  }[]
}

/** People coming in by accounts that we keep. Whoever is wrong is told no more than that. */
export interface SignIn {
  ways(): Promise<SignInWays>
  byPassword(name: string, password: string, code: string | undefined): Promise<Outcome<Session>>
  /** A challenge for a passkey of anybody. */
  ask(): Promise<{ readonly challenge: string; readonly options: Json }>
  byPasskey(challenge: string, answer: Json): Promise<Outcome<Session>>
  beginSetUp(name: string, code: string): Promise<Outcome<SetUp>>
  setUp(name: string, code: string, chosen: Chosen): Promise<Outcome<Session>>
  /** The session of this name while it stands: an account that was revoked or changed has none. */
  find(session: string): Promise<Session | undefined>
  account(session: string): Promise<Outcome<OwnAccount>>
  /** Ends another session of the same person, by what `OwnAccount` calls it; one that is over is no fault. */
  endSession(session: string, other: string): Promise<Outcome<OwnAccount>>
  /** Another password ends every session of the account but the new one that it gives. */
  changePassword(session: string, before: string, password: string): Promise<Outcome<Session>>
  beginPasskey(session: string): Promise<Outcome<{ readonly challenge: string; readonly options: Json }>>
  addPasskey(
    session: string,
    made: { readonly challenge: string; readonly answer: Json; readonly label: string },
  ): Promise<Outcome<OwnAccount>>
  removePasskey(session: string, id: string): Promise<Outcome<OwnAccount>>
}
