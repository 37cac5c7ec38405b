import type { Account, Passkey } from '../core/identity/account.ts'
import type { Session } from '../core/identity/session.ts'
import type { Instant } from '../core/instant.ts'

export interface AccountTable {
  /** False where there is one of that name. */
  add(account: Account): Promise<boolean>
  get(name: string): Promise<Account | undefined>
  /** The account that this passkey is of. */
  byPasskey(id: string): Promise<Account | undefined>
  save(account: Account): Promise<void>
  list(): Promise<readonly Account[]>
  /** Takes it out, with its name wherever calls hold it. */
  forget(name: string): Promise<void>
}

export interface SessionTable {
  add(session: Session): Promise<void>
  get(id: string): Promise<Session | undefined>
  /** Ends one. */
  end(id: string): Promise<void>
  /** Ends those of a person at the provider, or of one session there; gives how many. */
  endOf(whose: { readonly subject?: string; readonly sid?: string }): Promise<number>
  /** Those that are not over, the newest first. */
  list(now: Instant): Promise<readonly Session[]>
  forget(before: Instant): Promise<void>
}

/** Options and answers of WebAuthn as JSON of the browser: only the library reads them. */
export type Json = Readonly<Record<string, unknown>>

/** What shows who somebody is: passwords, authenticator apps, passkeys. Nothing here decides who may come in. */
export interface Proofs {
  /** Stretched one at a time; takes a good part of a second. Rejects with nothing. */
  hash(password: string): Promise<string>
  /** Whether it is known from leaks or soon guessed, also from words about its person. */
  guessable(password: string, about: readonly string[]): Promise<boolean>
  /** Takes as long where there is nothing to compare with. */
  matches(password: string, hash: string | undefined): Promise<boolean>
  /** How many passwords wait to be compared. */
  readonly waiting: number
  newSecret(): string
  /** `otpauth:` address of a secret, for the app. */
  secretLink(secret: string, account: string): string
  /** The step of time that this code is of; undefined where it is wrong. One step to either side is taken. */
  stepOf(secret: string, code: string, now: Instant): number | undefined
  passkeyOptions(challenge: string, account: string, known: readonly Passkey[]): Promise<Json>
  /** The new passkey; undefined where the answer is not one to this challenge from our own page. */
  readPasskey(
    challenge: string,
    answer: Json,
  ): Promise<Pick<Passkey, 'id' | 'publicKey' | 'counter'> | undefined>
  askOptions(challenge: string): Promise<Json>
  /** The new count; undefined where the answer is not this passkey's to this challenge. */
  provePasskey(challenge: string, answer: Json, passkey: Passkey): Promise<number | undefined>
}
