import { createPrivateKey } from 'node:crypto'
import * as oauth from 'oauth4webapi'
import { MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import { type Exchange, ExchangeFailed } from './exchange.ts'

export interface TokenSettings {
  readonly url: string
  readonly clientId: string
  readonly secret?: string | undefined
  readonly key?: string | undefined
  readonly keyId?: string | undefined
  readonly scope?: string | undefined
}

export interface AccessTokens {
  /** Rejects with `ExchangeFailed`. */
  get(signal: AbortSignal): Promise<string>
  /** What we have was refused: the next one is asked for anew. */
  forget(): void
}

/** One this close to its end is not used: it might end on the way. */
const MARGIN: Millis = 30 * SECOND
/** Kept for so long where the server does not say. */
const UNSAID: Millis = 5 * MINUTE

/** OAuth 2.0 client credentials (RFC 6749 clause 4.4), by a secret or a signed assertion (RFC 7523); kept while they last. */
export function accessTokens(settings: TokenSettings, exchange: Exchange, clock: Clock): AccessTokens {
  const { url, clientId, scope } = settings
  const server: oauth.AuthorizationServer = { issuer: new URL(url).origin, token_endpoint: url }
  const client: oauth.Client = { client_id: clientId }
  let kept: { readonly token: string; readonly until: number } | undefined
  let proof: Promise<oauth.ClientAuth> | undefined

  return {
    async get(signal) {
      if (kept !== undefined && clock.now() < kept.until) return kept.token
      const asked = clock.now()
      try {
        proof ??= proofOf(settings)
        const response = await oauth.clientCredentialsGrantRequest(
          server,
          client,
          await proof,
          scope === undefined ? {} : { scope },
          {
            signal,
            // Only for this machine: config/filing.ts refuses any other address without TLS.
            [oauth.allowInsecureRequests]: url.startsWith('http:'),
            [oauth.customFetch]: (to, options) => asFetch(exchange, to, options, signal),
          },
        )
        const read = await oauth.processClientCredentialsResponse(server, client, response)
        const lasts = read.expires_in === undefined ? UNSAID : read.expires_in * SECOND
        kept = { token: read.access_token, until: asked + lasts - MARGIN }
        return read.access_token
      } catch (error) {
        if (error instanceof ExchangeFailed) throw error
        if (error instanceof oauth.ResponseBodyError || error instanceof oauth.WWWAuthenticateChallengeError)
          throw new ExchangeFailed(error.status >= 500 ? 'filing-away' : 'filing-credentials')
        throw new ExchangeFailed('filing-answer-unreadable')
      }
    },
    forget() {
      kept = undefined
    },
  }
}

async function proofOf({ secret, key, keyId }: TokenSettings): Promise<oauth.ClientAuth> {
  if (key === undefined) return oauth.ClientSecretBasic(secret ?? '')
  const pem = createPrivateKey(key)
  const bytes = new Uint8Array(pem.export({ format: 'der', type: 'pkcs8' }))
  const how =
    pem.asymmetricKeyType === 'ec'
      ? { name: 'ECDSA', namedCurve: 'P-256' }
      : // As NHS England asks for its APIs.
        { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' }
  const signer = await crypto.subtle.importKey('pkcs8', bytes, how, false, ['sign'])
  return oauth.PrivateKeyJwt(keyId === undefined ? signer : { key: signer, kid: keyId })
}

/** By the same connections and trust as everything else that goes there. */
async function asFetch(
  exchange: Exchange,
  to: string,
  { method, headers, body }: oauth.CustomFetchOptions<'POST', URLSearchParams>,
  signal: AbortSignal,
): Promise<Response> {
  const said = await exchange.ask(to, { method, headers, body: body.toString() }, signal)
  return new Response(said.body, { status: said.status, headers: said.headers })
}
