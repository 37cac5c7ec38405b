import type { Config } from '../config/load.ts'
import { createProofs } from '../io/identity/proofs.ts'
import type { SignIn } from '../ports/sign-in.ts'
import { createSignIn } from '../run/desk/sign-in.ts'
import type { Trail } from '../run/keep/trail.ts'
import { digest, hmac } from './digest.ts'
import type { Ground } from './ground.ts'

/** How browsers call us: passkeys are made for it, and links lead to it. */
function originOf({ http }: Config): string {
  const { baseUrl, tls, port } = http
  return new URL(baseUrl ?? `${tls ? 'https' : 'http'}://localhost:${port}`).origin
}

/** People coming in. Without a session key each start makes another, and what was begun before it is begun anew. */
export function signInOf(ground: Ground, trail: Trail): SignIn {
  const { store, clock, random, whole } = ground
  const key = whole.config.http.sessionKey ?? Buffer.from(random.bytes(32)).toString('hex')
  return createSignIn({
    ...{ store, clock, random, trail, digest },
    proofs: createProofs(originOf(whole.config)),
    sign: (text) => hmac(key, text),
  })
}
