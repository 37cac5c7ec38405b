import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import Provider, { type Configuration } from 'oidc-provider'

/** A real provider of OpenID Connect on this machine: whoever is named signs in at once. */
export interface OidcBed {
  readonly issuer: string
  /** What it says of people, by their name there. */
  readonly people: Map<string, Record<string, unknown>>
  /** Who is at the browser. */
  who: string
  /** Another browser, in which nobody has signed in there. */
  browser(): void
  /** Walks a browser through a sign-in: from our start to the address that brings it back to us. */
  walk(url: string): Promise<string>
  /** New keys; the old ones sign nothing any more. */
  rotate(): Promise<void>
  /** Ends the session of the person there, which tells us by the back channel. */
  signOut(): Promise<void>
  down(): Promise<void>
  close(): Promise<void>
}

const key = (kid: string) => ({
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
  ...{ kid, use: 'sig', alg: 'RS256' },
})

export async function openProviderBed(client: {
  readonly redirect: string
  readonly backChannel?: string
}): Promise<OidcBed> {
  const server: Server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const issuer = `http://localhost:${typeof address === 'object' && address ? address.port : 0}`
  const people: OidcBed['people'] = new Map()
  let jar = new Map<string, string>()
  let keys = 0
  const shut = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise<void>((done) => server.close(() => done()))
  }
  const bed: OidcBed = {
    ...{ issuer, people, who: 'jo' },
    browser() {
      jar = new Map()
    },
    async walk(url) {
      for (let at = url, i = 0; i < 12; i++) {
        const answer = await fetch(at, {
          redirect: 'manual',
          headers: { cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; ') },
        })
        for (const one of answer.headers.getSetCookie()) {
          const [pair = ''] = one.split(';')
          const [name = '', ...value] = pair.split('=')
          if (/expires=Thu, 01 Jan 1970/i.test(one) || value.join('=') === '') jar.delete(name)
          else jar.set(name, value.join('='))
        }
        const to = answer.headers.get('location')
        if (to === null) throw new Error(`${answer.status} ${await answer.text()}`)
        const next = new URL(to, at).href
        if (next.startsWith(client.redirect)) return next
        at = next
      }
      throw new Error('too many redirects')
    },
    async rotate() {
      serve()
    },
    async signOut() {
      const end = new URL(`${issuer}/session/end`)
      const headers = { cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; ') }
      const page = await fetch(end, { headers })
      const html = await page.text()
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? ''
      for (const one of page.headers.getSetCookie()) {
        const [name = '', value = ''] = (one.split(';')[0] ?? '').split('=')
        jar.set(name, value)
      }
      await fetch(`${issuer}/session/end/confirm`, {
        ...{ method: 'POST', redirect: 'manual' },
        headers: {
          cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; '),
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ xsrf, logout: 'yes' }),
      })
      jar = new Map()
    },
    down: shut,
    close: shut,
  }

  const serve = (): void => {
    const settings: Configuration = {
      clients: [
        {
          ...{ client_id: 'bleeps', client_secret: 'a secret for tests', redirect_uris: [client.redirect] },
          token_endpoint_auth_method: 'client_secret_post',
          ...(client.backChannel === undefined
            ? {}
            : { backchannel_logout_uri: client.backChannel, backchannel_logout_session_required: true }),
        },
      ],
      jwks: { keys: [key(`key-${++keys}`)] },
      pkce: { required: () => true },
      conformIdTokenClaims: false,
      claims: { profile: ['preferred_username', 'employee_id', 'groups'], auth_time: null },
      features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: false } },
      findAccount: (_, id) => ({
        accountId: id,
        claims: () => ({ sub: id, ...people.get(id) }),
      }),
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      cookies: { keys: ['a key for tests'] },
      // The client here is the daemon of a test on this machine.
      fetch: (url, { dispatcher: _, ...options }: RequestInit & { dispatcher?: unknown } = {}) =>
        fetch(url, options),
    }
    const provider = new Provider(issuer, settings)
    provider.proxy = true
    const answer = provider.callback()
    server.removeAllListeners('request')
    server.on('request', async (request, response) => {
      if (!request.url?.startsWith('/interaction/')) return answer(request, response)
      const { prompt, params, session, grantId } = await provider.interactionDetails(request, response)
      if (prompt.name === 'login')
        return provider.interactionFinished(request, response, { login: { accountId: bed.who } })
      const grant =
        (grantId === undefined ? undefined : await provider.Grant.find(grantId)) ??
        new provider.Grant({ accountId: session?.accountId ?? bed.who, clientId: String(params.client_id) })
      grant.addOIDCScope('openid profile')
      return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
    })
  }
  serve()
  return bed
}
