import type { JWTVerifyGetKey } from 'jose'
import type { Configuration } from 'openid-client'
import { failed, ok, type Result } from '../../core/faults.ts'
import { type Millis, SECOND } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Provider } from '../../ports/provider.ts'

export interface ProviderSettings {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string
  readonly scope: string
  /** How far the provider's clock may be from ours, seconds. */
  readonly skewSeconds: number
}

const WITHIN = 8
/** A key that we do not know is asked for at once, but not oftener than this. */
const KEYS_AGAIN: Millis = 2 * SECOND
/** What the provider says of itself may change. */
const KNOWN_FOR: Millis = 3600 * SECOND
/** A sign-out is said at once: an old one is somebody's who kept it, seconds. */
const LOGOUT_LASTS = 600
/** Providers of before the type was named send the general one (Back-Channel Logout 1.0, 2.4). */
const LOGOUT_KINDS: ReadonlySet<string> = new Set(['logout+jwt', 'jwt'])
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'

const library = () => import('openid-client')
const jose = () => import('jose')

/**
 * A provider by its address. What it says of itself is asked for with the first sign-in and kept an hour; while it is
 * down nothing here throws, and everybody who is in stays in. Signatures are checked although the answer came by TLS.
 */
export function openProvider(settings: ProviderSettings, clock: Clock): Provider {
  const { issuer, clientId, clientSecret, scope, skewSeconds } = settings
  let known:
    | { readonly at: number; readonly config: Promise<Configuration>; keys?: JWTVerifyGetKey }
    | undefined

  const discover = async (): Promise<Configuration> => {
    const oidc = await library()
    return oidc.discovery(
      new URL(issuer),
      clientId,
      { [oidc.clockTolerance]: skewSeconds },
      clientSecret === undefined ? oidc.None() : oidc.ClientSecretPost(clientSecret),
      {
        timeout: WITHIN,
        // Only on this machine: `check` refuses it elsewhere.
        ...(issuer.startsWith('http:') ? { execute: [oidc.allowInsecureRequests] } : {}),
      },
    )
  }
  const current = async () => {
    if (known === undefined || clock.now() - known.at > KNOWN_FOR || clock.now() < known.at) {
      const mine = { at: clock.now(), config: discover() }
      known = mine
      mine.config.catch(() => {
        if (known === mine) known = undefined
      })
    }
    const mine = known
    const config = await mine.config
    const { createRemoteJWKSet } = await jose()
    mine.keys ??= createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri ?? issuer), {
      cooldownDuration: KEYS_AGAIN,
      timeoutDuration: WITHIN * SECOND,
    })
    return { config, keys: mine.keys }
  }
  const verify = async (token: string, lasts?: number) => {
    const { config, keys } = await current()
    const { jwtVerify } = await jose()
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      ...{ issuer: config.serverMetadata().issuer, audience: clientId, clockTolerance: skewSeconds },
      currentDate: new Date(clock.now()),
      ...(lasts === undefined ? {} : { maxTokenAge: lasts }),
    })
    return { payload, kind: protectedHeader.typ }
  }

  return {
    async begin(back, again) {
      try {
        const oidc = await library()
        const { config } = await current()
        const away = {
          ...{ state: oidc.randomState(), nonce: oidc.randomNonce() },
          verifier: oidc.randomPKCECodeVerifier(),
        }
        const url = oidc.buildAuthorizationUrl(config, {
          ...{ redirect_uri: back, scope, state: away.state, nonce: away.nonce },
          code_challenge: await oidc.calculatePKCECodeChallenge(away.verifier),
          code_challenge_method: 'S256',
          ...(again ? { prompt: 'login', max_age: '0' } : {}),
        })
        return ok({ url: url.href, away })
      } catch (error) {
        return ill(error)
      }
    },

    async finish(at, { state, nonce, verifier }) {
      try {
        const oidc = await library()
        const { config } = await current()
        const tokens = await oidc.authorizationCodeGrant(config, new URL(at), {
          ...{ pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce },
          idTokenExpected: true,
        })
        const { payload: claims } = await verify(tokens.id_token ?? '')
        const { iss, sub, sid, auth_time: proved } = claims
        if (iss === undefined || sub === undefined) return failed('provider-refused')
        return ok({
          subject: `${iss} ${sub}`,
          ...(typeof sid === 'string' ? { sid } : {}),
          ...(typeof proved === 'number' ? { proved: proved * SECOND } : {}),
          claims,
        })
      } catch (error) {
        return ill(error)
      }
    },

    async loggedOut(token) {
      try {
        const { payload, kind } = await verify(token, LOGOUT_LASTS)
        if (kind !== undefined && !LOGOUT_KINDS.has(kind.toLowerCase())) return undefined
        const { iss, sub, sid, jti, events, nonce } = payload
        const event = events !== null && typeof events === 'object' && LOGOUT_EVENT in events
        // An identity token is signed by the same keys and must not end anybody's session (2.4).
        if (!event || nonce !== undefined || jti === undefined) return undefined
        if (sub === undefined && typeof sid !== 'string') return undefined
        return {
          id: jti,
          ...(sub === undefined ? {} : { subject: `${iss} ${sub}` }),
          ...(typeof sid === 'string' ? { sid } : {}),
        }
      } catch {
        return undefined
      }
    },
  }
}

/** Down, or not satisfied; what exactly is in the code, and never in words of theirs. */
function ill(error: unknown): Result<never> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  const name = error instanceof Error ? error.name : ''
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined
  const away =
    name === 'TimeoutError' ||
    code === 'OAUTH_TIMEOUT' ||
    code === 'ERR_JWKS_TIMEOUT' ||
    code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' ||
    error instanceof TypeError ||
    cause instanceof TypeError
  return failed(away ? 'provider-down' : 'provider-refused', code.slice(0, 60))
}
