import { createSign } from 'node:crypto'
import { type Agent, request } from 'node:https'
import { z } from 'zod'
import type { ServiceAccount } from '../../config/push.ts'
import { say } from '../../core/catalogue/say.ts'
import { MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'

export interface AccessToken {
  readonly access_token: string
  readonly expires_in: number
}

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging'
const LIFE: Millis = 60 * MINUTE
/** A token this close to its end is not used: it might end on the way. */
const MARGIN: Millis = 2 * MINUTE
const TIMEOUT: Millis = 5 * SECOND

/**
 * OAuth 2.0 access tokens by a signed assertion (RFC 7523 clause 2.1), one at a time and kept while they last. The push
 * library would ask for a new one with every alert, from a fixed host and past any proxy.
 */
export function accessTokens(
  account: ServiceAccount,
  agent: Agent,
  clock: Clock,
): () => Promise<AccessToken> {
  let kept: { readonly token: AccessToken; readonly until: number } | undefined
  let asking: Promise<AccessToken> | undefined

  const ask = async (): Promise<AccessToken> => {
    const asked = clock.now()
    const token = tokenSchema.parse(
      JSON.parse(await post(account.token_uri, assertion(account, asked), agent)),
    )
    kept = { token, until: asked + token.expires_in * SECOND - MARGIN }
    return token
  }
  return async () => {
    if (kept && clock.now() < kept.until) return kept.token
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
}

const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

function assertion(account: ServiceAccount, now: number): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const iat = Math.floor(now / SECOND)
  const claims = {
    iss: account.client_email,
    scope: SCOPE,
    aud: account.token_uri,
    iat,
    exp: iat + LIFE / SECOND,
  }
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`
  return `${signed}.${createSign('sha256').update(signed).sign(account.private_key, 'base64url')}`
}

function post(uri: string, jwt: string, agent: Agent): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: jwt,
  }).toString()
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(Buffer.byteLength(body)),
  }
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT)
    const call = request(uri, { method: 'POST', headers, agent, signal }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('error', reject)
      response.on('end', () =>
        response.statusCode === 200 ? resolve(text) : reject(new TokenRefused(response.statusCode ?? 0)),
      )
    })
    call.on('error', reject)
    call.end(body)
  })
}

/** The token endpoint answered, and said no. */
export class TokenRefused extends Error {
  readonly status: number
  constructor(status: number) {
    super(say('watch.tokenEndpointAnswered', { status }))
    this.name = 'TokenRefused'
    this.status = status
  }
}
