import type { OperatorRole } from '../govern/permit.ts'
import type { PersonId } from '../ids.ts'
import { DAY, type Instant, type Millis } from '../instant.ts'

/** One person's way in to the console, kept by us: for sites without a provider, and for the day the provider is down. */
export interface Account {
  /** As it is typed: lower case. */
  readonly name: string
  readonly role: OperatorRole
  /** Who of the directory it is, where that is known. */
  readonly person?: PersonId
  readonly made: Instant
  readonly by: string
  readonly expires?: Instant
  readonly revoked?: Instant
  /** For when the provider is down: each use is told aloud. */
  readonly breakGlass?: true
  /** A code, by its digest, with which its person sets it up once. */
  readonly invite?: { readonly digest: string; readonly until: Instant }
  /** Salted and stretched; see `Proofs`. */
  readonly password?: string
  /** Secret of the authenticator app, base32, and the last step of time that was used. */
  readonly totp?: { readonly secret: string; readonly used: number }
  readonly passkeys: readonly Passkey[]
  /** Sessions carry it: another one ends them all. */
  readonly stamp: string
  readonly seen?: Instant
}

/** A credential of a device or of a key fob (WebAuthn); it proves its holder by itself, with a PIN or a finger. */
export interface Passkey {
  /** Base64url, as the browser gives it. */
  readonly id: string
  readonly publicKey: string
  /** Rises with each use where the device counts. */
  readonly counter: number
  readonly label: string
  readonly made: Instant
  readonly used?: Instant
}

/** How long a code to set up an account works. */
export const INVITE_LASTS: Millis = DAY
/** NIST SP 800-63B, 3.1.1.2: length is what counts; no rule on signs. */
export const PASSWORD_LEAST = 12
const NAME = /^[a-z0-9][a-z0-9._@-]{1,63}$/

/** The name as it is kept; undefined where it can be none. */
export function accountName(typed: string): string | undefined {
  const name = typed.trim().toLowerCase()
  return NAME.test(name) ? name : undefined
}

export type AccountState = 'active' | 'invited' | 'expired' | 'revoked'

/** Whether somebody can come in by it now, and why not. */
export function accountState(account: Account, now: Instant): AccountState {
  if (account.revoked !== undefined) return 'revoked'
  if (account.expires !== undefined && account.expires <= now) return 'expired'
  return account.password === undefined && account.passkeys.length === 0 ? 'invited' : 'active'
}

/** What was shown besides the name. */
export type Shown =
  | { readonly kind: 'password'; readonly good: boolean; readonly step?: number | 'wrong' }
  | { readonly kind: 'passkey'; readonly id: string; readonly counter: number }

export type Entry =
  | { readonly ok: true; readonly account: Account }
  | { readonly ok: false; readonly code: 'key-wrong' | 'second-factor-wanted' | 'second-factor-wrong' }

/**
 * Whether what was shown lets somebody in. A password alone never does; a code of the authenticator app counts once, and
 * so does each count of a passkey that counts. Every account that cannot be used looks like one that is not there.
 */
export function enter(account: Account | undefined, shown: Shown, now: Instant): Entry {
  const wrong = { ok: false, code: 'key-wrong' } as const
  if (account === undefined || accountState(account, now) !== 'active') return wrong
  if (shown.kind === 'passkey') {
    const passkey = account.passkeys.find(({ id }) => id === shown.id)
    if (passkey === undefined) return wrong
    if (shown.counter <= passkey.counter && (shown.counter !== 0 || passkey.counter !== 0)) return wrong
    const passkeys = account.passkeys.map((one) =>
      one === passkey ? { ...one, counter: shown.counter, used: now } : one,
    )
    return { ok: true, account: { ...account, passkeys, seen: now } }
  }
  if (!shown.good || account.totp === undefined) return wrong
  if (shown.step === undefined) return { ok: false, code: 'second-factor-wanted' }
  if (shown.step === 'wrong' || shown.step <= account.totp.used)
    return { ok: false, code: 'second-factor-wrong' }
  return { ok: true, account: { ...account, totp: { ...account.totp, used: shown.step }, seen: now } }
}
