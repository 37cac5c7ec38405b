import type { Config } from '../config/load.ts'
import type { Whole } from '../config/whole.ts'
import { given } from '../core/given.ts'
import type { AccessRole } from '../core/govern/permit.ts'
import { MINUTE, type Millis } from '../core/instant.ts'
import { createProofs } from '../io/identity/proofs.ts'
import { openProvider } from '../io/identity/provider.ts'
import { vaultOf } from '../io/seal/vault.ts'
import type { SignIn } from '../ports/sign-in.ts'
import type { Vouch } from '../ports/vouch.ts'
import { createSignIn } from '../run/desk/sign-in.ts'
import { createVouch } from '../run/desk/vouch.ts'
import type { Trail } from '../run/keep/trail.ts'
import { watchIdentity } from '../run/watch/identity-watch.ts'
import { auditSecret } from './audit-key.ts'
import { digest, hmac } from './digest.ts'
import type { Ground } from './ground.ts'

/** How browsers call us: passkeys are made for it, and links lead to it. */
export function originOf({ http }: Config): string {
  const { baseUrl, tls, port } = http
  return new URL(baseUrl ?? `${tls ? 'https' : 'http'}://localhost:${port}`).origin
}

/** Without a session key each start makes another, and what was begun before it is begun anew. */
function signer({ whole, random }: Ground): (text: string) => string {
  const key = whole.config.http.sessionKey ?? Buffer.from(random.bytes(32)).toString('hex')
  return (text) => hmac(key, text)
}

/** People coming in by accounts that we keep. */
export function signInOf(ground: Ground, trail: Trail): SignIn {
  const { store, clock, random, whole } = ground
  const proofs = createProofs(originOf(whole.config))
  const secret = auditSecret(whole, true)
  const vault = secret === undefined ? undefined : vaultOf(secret)
  return createSignIn({
    ...{ store, clock, random, trail, digest, proofs, sign: signer(ground) },
    ...given({ vault }),
  })
}

/** People coming in by the trust's own provider, where there is one. */
export function vouchOf(ground: Ground, trail: Trail): { readonly vouch?: Vouch } {
  const { store, clock, random, whole, roster } = ground
  const { provider } = whole.config.identity
  if (provider === undefined) return {}
  const { title, phones, claims, roles, lastsMinutes, clientSecret, ...settings } = provider
  return {
    vouch: createVouch({
      ...{ store, clock, random, trail, roster, title, phones, digest },
      provider: watchIdentity(
        openProvider({ ...settings, ...(clientSecret === undefined ? {} : { clientSecret }) }, clock),
        ground,
      ),
      rules: { ...claims, roles },
      lasts: lastsMinutes * MINUTE,
      back: `${originOf(whole.config)}/api/v1/provider/back`,
      sign: signer(ground),
    }),
  }
}

/** How long a console of each role may be left alone before words are hidden. */
export function shutAfterOf({ config }: Whole): Readonly<Partial<Record<AccessRole, Millis>>> {
  const { wordsMinutes } = config.identity
  return Object.fromEntries(Object.entries(wordsMinutes).map(([role, minutes]) => [role, minutes * MINUTE]))
}
