import { generateKeyPairSync } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { selfSigned } from '../../../hardware/simulators/certificate.ts'
import { readToken } from './jwt.ts'

interface FcmAnswer {
  readonly status: number
  /** FCM v1 `ErrorCode`, inside the google.rpc.Status that the service sends. */
  readonly errorCode?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** `hang` never answers, `drips` never ends its answer. */
export type FcmMood = FcmAnswer | 'hang' | 'drips'

export interface FakeFcm {
  /** How the channel is told to come here. */
  readonly reach: { readonly host: string; readonly port: number; readonly ca: string }
  /** The file that Google would give for an account that may send. */
  readonly serviceAccount: string
  readonly received: readonly string[]
  readonly pushes: readonly z.infer<typeof messageSchema>[]
  readonly faults: readonly string[]
  readonly tokensGiven: number
  readonly connections: number
  /** Pushes that wait for their answer, or for the rest of it. */
  readonly open: number
  /** How pushes are answered from now on, and those to one device, by its token. */
  answer: FcmMood
  readonly answers: Map<string, FcmMood>
  /** The phone, which gets the data that it is sent. */
  onPush?: (token: string, data: unknown) => void
  /** Status of the token endpoint. */
  tokenStatus: number
  close(): Promise<void>
}

/** Exactly what may be sent: a key more is a fault. */
const messageSchema = z.strictObject({
  message: z.strictObject({
    token: z.string(),
    data: z.record(z.string(), z.string()),
    android: z.strictObject({
      collapse_key: z.string(),
      priority: z.literal('high'),
      ttl: z.string().regex(/^\d+(\.\d+)?s$/),
      data: z.record(z.string(), z.string()),
    }),
  }),
})

/** Google's token endpoint and FCM HTTP v1 over TLS, assertion and access token checked; strict about everything. */
export async function fakeFcm(): Promise<FakeFcm> {
  const identity = selfSigned(['fcm.googleapis.com'])
  const account = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const [projectId, clientEmail] = ['ward-bleeps', 'bridge@ward-bleeps.example']
  const received: string[] = []
  const pushes: z.infer<typeof messageSchema>[] = []
  const faults: string[] = []
  const access = new Set<string>()
  let connections = 0
  let tokenUri = ''
  let open = 0

  const giveToken = (body: string) => {
    const form = new URLSearchParams(body)
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
      throw new Error('grant type is not the assertion’s')
    const { claims } = readToken(form.get('assertion') ?? '', 'RS256', account.publicKey)
    if (claims.iss !== clientEmail) throw new Error('assertion is from another account')
    if (claims.aud !== tokenUri) throw new Error('assertion is for another audience')
    if (claims.scope !== 'https://www.googleapis.com/auth/firebase.messaging')
      throw new Error('scope is wrong')
    if (!(Number(claims.exp) - Number(claims.iat) <= 3600)) throw new Error('assertion lasts over an hour')
    const token = `access-${access.size + 1}`
    access.add(token)
    return token
  }

  const take = (request: IncomingMessage, response: ServerResponse, body: string) => {
    const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify(value))
    }
    if (request.url === '/token') {
      if (fake.tokenStatus !== 200) return json(fake.tokenStatus, { error: 'invalid_grant' })
      return json(200, { access_token: giveToken(body), expires_in: 3599, token_type: 'Bearer' })
    }
    received.push(JSON.stringify(request.headers) + body)
    open += 1
    response.on('close', () => {
      open -= 1
    })
    if (request.method !== 'POST' || request.url !== `/v1/projects/${projectId}/messages:send`)
      throw new Error(`${request.method} ${request.url}`)
    if (!/^fcm\.googleapis\.com(:\d+)?$/.test(request.headers.host ?? ''))
      throw new Error('host is not FCM’s')
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
    if (!access.has(bearer)) throw new Error('access token was never given')
    if (Buffer.byteLength(body) > 8192) throw new Error('message is too large')
    const message = messageSchema.parse(JSON.parse(body))
    pushes.push(message)
    fake.onPush?.(message.message.token, { ...message.message.data, ...message.message.android.data })
    const how = fake.answers.get(message.message.token) ?? fake.answer
    if (how === 'hang') return
    if (how === 'drips') {
      response.writeHead(200, { 'content-type': 'application/json' })
      const drip = setInterval(() => response.write(' '), 5)
      response.on('close', () => clearInterval(drip))
      return
    }
    if (how.status === 200) return json(200, { name: `projects/${projectId}/messages/${pushes.length}` })
    const details = how.errorCode
      ? [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: how.errorCode }]
      : []
    json(
      how.status,
      { error: { code: how.status, message: 'no', status: how.errorCode, details } },
      how.headers,
    )
  }

  const server = createServer({ cert: identity.cert, key: identity.key }, (request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      try {
        take(request, response, body)
      } catch (error) {
        faults.push(error instanceof Error ? error.message : String(error))
        response.writeHead(400, { 'content-type': 'application/json' })
        response.end('{"error":{"status":"INVALID_ARGUMENT"}}')
      }
    })
  })
  server.on('secureConnection', () => {
    connections += 1
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  tokenUri = `https://localhost:${port}/token`
  const fake: FakeFcm = {
    reach: { host: 'localhost', port, ca: identity.cert },
    serviceAccount: JSON.stringify({
      type: 'service_account',
      project_id: projectId,
      client_email: clientEmail,
      private_key: account.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      token_uri: tokenUri,
    }),
    received,
    pushes,
    faults,
    get tokensGiven() {
      return access.size
    },
    get connections() {
      return connections
    },
    get open() {
      return open
    },
    answer: { status: 200 },
    answers: new Map(),
    tokenStatus: 200,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
  return fake
}
