import { generateKeyPairSync } from 'node:crypto'
import {
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { selfSigned } from '../../../hardware/simulators/certificate.ts'
import { readToken } from './jwt.ts'

interface ApnsAnswer {
  readonly status: number
  readonly reason?: string
  /** Sent in place of a reason: what a proxy or load balancer would write. */
  readonly html?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** `hang` never answers, `drips` never ends its answer, `goaway` ends the session first. */
export type ApnsMood = ApnsAnswer | 'hang' | 'drips' | 'goaway'

export interface FakeApns {
  /** How the channel is told to come here. */
  readonly reach: { readonly host: string; readonly port: number; readonly ca: string }
  readonly credentials: { readonly key: string; readonly keyId: string; readonly teamId: string }
  /** Headers and body of every push, as text. */
  readonly received: readonly string[]
  readonly pushes: readonly {
    readonly token: string
    readonly headers: IncomingHttpHeaders
    readonly body: unknown
  }[]
  /** Anything the protocol forbids. */
  readonly faults: readonly string[]
  readonly sessions: number
  /** Pushes that wait for their answer, or for the rest of it. */
  readonly open: number
  /** How pushes are answered from now on, and those to one device, by its token. */
  answer: ApnsMood
  readonly answers: Map<string, ApnsMood>
  /** The phone, which gets what it is sent. */
  onPush?: (token: string, body: unknown) => void
  close(): Promise<void>
}

export const APNS_TOPIC = 'uk.example.bleep'

const bodySchema = z.object({
  aps: z.strictObject({
    alert: z.strictObject({ title: z.string(), body: z.string() }),
    sound: z.strictObject({
      critical: z.union([z.literal(0), z.literal(1)]),
      name: z.string(),
      volume: z.number(),
    }),
    'mutable-content': z.literal(1),
    'interruption-level': z.enum(['critical', 'time-sensitive', 'active']),
    'thread-id': z.string(),
    category: z.string(),
  }),
})

/** Apple, "Pushing background updates to your App": `content-available` alone, no alert, badge or sound. */
const backgroundSchema = z.looseObject({
  aps: z.strictObject({ 'content-available': z.literal(1), 'thread-id': z.undefined().optional() }),
})

/** Apple's provider interface over HTTP/2 with TLS, token authentication checked; strict about everything. */
export async function fakeApns(): Promise<FakeApns> {
  const identity = selfSigned()
  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const [keyId, teamId] = ['ABC123DEFG', 'TEAM123456']
  const received: string[] = []
  const pushes: { token: string; headers: IncomingHttpHeaders; body: unknown }[] = []
  const faults: string[] = []
  const sessions = new Set<ServerHttp2Session>()
  let count = 0
  let open = 0

  const check = (headers: IncomingHttpHeaders, text: string): string => {
    if (headers[':method'] !== 'POST') throw new Error('method is not POST')
    if (headers[':scheme'] !== 'https') throw new Error(`scheme is ${headers[':scheme']}`)
    const token = /^\/3\/device\/([0-9a-f]{64,200})$/.exec(headers[':path'] ?? '')?.[1]
    if (token === undefined) throw new Error(`path is ${headers[':path']}`)
    const bearer = /^bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
    const { head, claims } = readToken(bearer, 'ES256', signing.publicKey)
    if (head.kid !== keyId || claims.iss !== teamId) throw new Error('token names another key or team')
    if (typeof claims.iat !== 'number' || Math.abs(Date.now() / 1000 - claims.iat) > 3600)
      throw new Error('token is older than an hour')
    if (headers['apns-topic'] !== APNS_TOPIC) throw new Error(`topic is ${headers['apns-topic']}`)
    const background = headers['apns-push-type'] === 'background'
    if (!background && headers['apns-push-type'] !== 'alert') throw new Error('push type is neither')
    if (headers['apns-priority'] !== (background ? '5' : '10')) throw new Error('priority does not fit')
    if (!(Number(headers['apns-expiration']) > Date.now() / 1000))
      throw new Error('expiration is past or missing')
    if (!/^[\w-]{1,64}$/.test(String(headers['apns-collapse-id']))) throw new Error('collapse id is too long')
    if (Buffer.byteLength(text) > 4096) throw new Error('payload is too large')
    ;(background ? backgroundSchema : bodySchema).parse(JSON.parse(text))
    return token
  }

  const server = createSecureServer({ cert: identity.cert, key: identity.key, allowHTTP1: false })
  server.on('session', (session) => {
    count += 1
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    session.on('error', () => {})
  })
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    let text = ''
    open += 1
    stream.on('close', () => {
      open -= 1
    })
    stream.on('error', () => {})
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      text += chunk
    })
    stream.on('end', () => {
      received.push(JSON.stringify(headers) + text)
      let token: string
      try {
        token = check(headers, text)
        pushes.push({ token, headers, body: JSON.parse(text) })
        fake.onPush?.(token, JSON.parse(text))
      } catch (error) {
        faults.push(error instanceof Error ? error.message : String(error))
        stream.respond({ ':status': 400 })
        stream.end(JSON.stringify({ reason: 'BadMessageId' }))
        return
      }
      const how = fake.answers.get(token) ?? fake.answer
      if (how === 'hang') return
      if (how === 'drips') {
        stream.respond({ ':status': 200 })
        const drip = setInterval(() => stream.write(' '), 5)
        stream.on('close', () => clearInterval(drip))
        return
      }
      if (how === 'goaway') return stream.session?.destroy()
      stream.respond({ ':status': how.status, 'apns-id': 'c0ffee', ...how.headers })
      if (how.html !== undefined) stream.end(how.html)
      else stream.end(how.reason === undefined ? '' : JSON.stringify({ reason: how.reason }))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const fake: FakeApns = {
    reach: { host: 'localhost', port: (server.address() as AddressInfo).port, ca: identity.cert },
    credentials: {
      key: signing.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      keyId,
      teamId,
    },
    received,
    pushes,
    faults,
    get sessions() {
      return count
    },
    get open() {
      return open
    },
    answer: { status: 200 },
    answers: new Map(),
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        for (const session of sessions) session.destroy()
      }),
  }
  return fake
}
