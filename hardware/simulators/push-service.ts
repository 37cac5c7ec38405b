import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { CertificateWithKey } from '../../src/io/x509.ts'
import { selfSigned } from './certificate.ts'
import { checkVapid, SubscriptionKeys } from './push-crypto.ts'

/** One push that was genuine, in time and truly decrypted. */
export interface Push {
  readonly text: string
  readonly ttl: number
  readonly urgency: string
  readonly topic?: string
  /** Milliseconds since 1970, when the whole request had arrived. */
  readonly at: number
}

/** What a simulated phone holds: the subscription it gives to the server, and the pushes it has got. */
export interface Receiver {
  readonly subscription: {
    readonly endpoint: string
    readonly keys: { readonly p256dh: string; readonly auth: string }
  }
  readonly pushes: readonly Push[]
  /** The endpoint answers 410 from now on. */
  unsubscribe(): void
}

export interface PushService {
  /** `https://127.0.0.1:<port>`: a name would have to be looked up. */
  readonly origin: string
  readonly port: number
  /** PEM to trust: the configuration's `ca`. */
  readonly ca: string
  /** Everything a sender did that RFC 8030, 8188, 8291 or 8292 forbids. A test asserts that there is nothing. */
  readonly faults: readonly string[]
  /** TLS connections accepted so far. */
  readonly connections: number
  /**
   * @param vapidKey the sender's public key the subscription is bound to; another key is answered by 403
   * @param onPush told of each push as it is accepted
   */
  subscribe(vapidKey?: string, onPush?: (push: Push) => void): Receiver
  /** Answers requests itself instead, until it is given nothing; return false to let one through. */
  interfere(answer: Interference | undefined): void
  close(): Promise<void>
}

export type Interference = (request: IncomingMessage, response: ServerResponse) => boolean

interface Subscribed {
  readonly keys: SubscriptionKeys
  readonly vapidKey: string | undefined
  readonly onPush: ((push: Push) => void) | undefined
  readonly pushes: Push[]
  gone: boolean
}

/** The longest body a push service must take (RFC 8030 clause 7.2). */
const LONGEST_BODY = 4096

/**
 * A push service of one's own: HTTPS on this machine, RFC 8030 requests, tokens verified (RFC 8292), bodies decrypted
 * (RFC 8291). It stands for a browser maker's service in tests and in the demo.
 */
export async function startPushService(
  options: {
    readonly port?: number
    readonly identity?: CertificateWithKey
    /** How senders reach it where something stands in between; default its own address. */
    readonly origin?: string
    /** By which clock tokens are judged, milliseconds since 1970. */
    readonly now?: () => number
  } = {},
): Promise<PushService> {
  const identity = options.identity ?? selfSigned()
  const subscribed = new Map<string, Subscribed>()
  const faults: string[] = []
  let origin = ''
  let connections = 0
  let interference: Interference | undefined

  const answer = (response: ServerResponse, status: number, headers: Record<string, string> = {}) => {
    response.writeHead(status, headers)
    response.end()
  }

  const take = (request: IncomingMessage, response: ServerResponse, body: Buffer) => {
    const target = subscribed.get(request.url ?? '')
    if (target === undefined) return answer(response, 404)
    if (target.gone) return answer(response, 410)
    if (body.length > LONGEST_BODY) return answer(response, 413)
    try {
      const push = readPush(request, body, target, origin, (options.now ?? Date.now)())
      if (push === undefined) return answer(response, 403)
      target.pushes.push(push)
      answer(response, 201, { location: `${origin}/message/${randomUUID()}` })
      target.onPush?.(push)
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error))
      answer(response, 400)
    }
  }

  const server: Server = createServer({ cert: identity.cert, key: identity.key }, (request, response) => {
    if (interference?.(request, response)) return
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => take(request, response, Buffer.concat(chunks)))
  })
  server.keepAliveTimeout = 60_000
  server.on('secureConnection', () => {
    connections += 1
  })
  // A client that does not trust us hangs up during the handshake.
  server.on('tlsClientError', () => {})
  await new Promise<void>((done) => server.listen(options.port ?? 0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  origin = options.origin ?? `https://127.0.0.1:${port}`

  return {
    origin,
    port,
    ca: identity.cert,
    faults,
    get connections() {
      return connections
    },
    subscribe(vapidKey, onPush) {
      const path = `/push/${randomUUID()}`
      const entry: Subscribed = { keys: new SubscriptionKeys(), vapidKey, onPush, pushes: [], gone: false }
      subscribed.set(path, entry)
      return {
        subscription: { endpoint: origin + path, keys: entry.keys.shared },
        pushes: entry.pushes,
        unsubscribe: () => {
          entry.gone = true
        },
      }
    },
    interfere(next) {
      interference = next
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

const URGENCIES = ['very-low', 'low', 'normal', 'high']

/** Nothing when the push is signed by another key than the subscription's. */
function readPush(
  request: IncomingMessage,
  body: Buffer,
  target: Subscribed,
  origin: string,
  now: number,
): Push | undefined {
  const { headers, method } = request
  if (method !== 'POST') throw new Error(`method is ${method}`)
  if (headers['content-encoding'] !== 'aes128gcm') throw new Error('content-encoding is not aes128gcm')
  const ttl = headers.ttl
  if (typeof ttl !== 'string' || !/^\d+$/.test(ttl)) throw new Error('TTL is missing or no number')
  const urgency = headers.urgency ?? 'normal'
  if (typeof urgency !== 'string' || !URGENCIES.includes(urgency)) throw new Error('urgency is unknown')
  const topic = headers.topic
  if (topic !== undefined && (typeof topic !== 'string' || !/^[\w-]{1,32}$/.test(topic)))
    throw new Error('topic is not 1 to 32 characters of base64url')
  const key = checkVapid(headers.authorization, origin, now)
  if (target.vapidKey !== undefined && key !== target.vapidKey) return undefined
  const text = target.keys.decrypt(body).toString('utf8')
  const push = { text, ttl: Number(ttl), urgency, at: now }
  return topic === undefined ? push : { ...push, topic }
}
