import type { ClientRequest } from 'node:http'
import { Agent } from 'node:https'
import type PushNotifications from 'node-pushnotifications'
import { z } from 'zod'
import { collapseKey, secondsLeft } from '../../core/deliver/payload.ts'
import { URGENCY } from '../../core/deliver/urgency.ts'
import type { Channel, Outcome } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { loadLibrary } from './library.ts'
import { ProviderCalls, readJson } from './provider.ts'
import { type Failure, outcomeOf } from './push-results.ts'
import { vapidHeaders } from './vapid.ts'

/** Web Push with our own key pair (RFC 8292): no account with any provider is needed. */
export const webPushSchema = z.strictObject({
  subject: z
    .string()
    .regex(/^(mailto:|https:\/\/)/)
    .describe('Who answers for these pushes: a mailto: or https: address that push services may contact'),
  publicKey: z
    .string()
    .regex(/^[\w-]{87}$/)
    .describe('VAPID public key, base64url'),
  privateKey: z
    .string()
    .regex(/^[\w-]{43}$/)
    .describe('VAPID private key, base64url; give it as file: or env: reference'),
  ca: z
    .string()
    .optional()
    .describe('Further certificate authorities in PEM, for a push service inside the hospital'),
  proxy: z.string().optional().describe('http:// address of the proxy that leads out'),
  connections: z.int().min(1).max(256).default(32).describe('Connections kept to each push service'),
})
export type WebPushConfig = z.infer<typeof webPushSchema>

/** A PushSubscription as browsers print it. */
const subscriptionSchema = z.object({
  endpoint: z.url({ protocol: /^https$/ }),
  keys: z.object({ p256dh: z.string().min(80).max(100), auth: z.string().min(16).max(32) }),
})

/** RFC 8291 clause 4: what is left of a 4096 byte record for plaintext. */
const WEB_PUSH_LIMIT = 3993

/** Keep-alive connections that tell which request a library call just made, so that a deadline can end it for good. */
class TellingAgent extends Agent {
  made: ClientRequest | undefined

  // Node calls this for each request on the agent; it is documented nowhere but stable since Node 0.12.
  addRequest(request: ClientRequest, ...rest: readonly unknown[]): void {
    this.made = request
    const base: unknown = Reflect.get(Agent.prototype, 'addRequest')
    if (typeof base === 'function') Reflect.apply(base, this, [request, ...rest])
  }
}

/** Web Push through node-pushnotifications: one subscription a call, our deadline, our reading of the answer. */
export function webPush(config: WebPushConfig, clock: Clock): Channel {
  const agent = new TellingAgent({
    keepAlive: true,
    maxSockets: config.connections,
    ...(config.ca === undefined ? {} : { ca: config.ca }),
    ...(config.proxy === undefined ? {} : { proxyEnv: { HTTPS_PROXY: config.proxy } }),
  })
  const calls = new ProviderCalls(clock)
  const authorize = vapidHeaders(config)
  let sender: Promise<PushNotifications> | undefined

  return {
    id: 'webpush',
    async send(attempt, device, bell, signal) {
      const read = subscriptionSchema.safeParse(readJson(device.address))
      if (!read.success) return { kind: 'dead', fault: 'push-address-bad' }
      const payload = JSON.stringify({ ...bell, tag: collapseKey(attempt.alert) })
      if (Buffer.byteLength(payload) > WEB_PUSH_LIMIT) return { kind: 'refused', fault: 'push-too-large' }

      const { origin } = new URL(read.data.endpoint)
      return calls.call(origin, attempt, device, signal, async () => {
        sender ??= loadLibrary().then((Library) => new Library({}))
        const library = await sender
        // Read synchronously by `send`, so no other attempt can see this one's settings.
        library.settings.web = {
          // Falsy: the library adds no token of its own.
          vapidDetails: null,
          headers: { Authorization: authorize(origin, clock.now()) },
          TTL: secondsLeft(attempt, clock.now()),
          urgency: URGENCY[attempt.class].webUrgency,
          topic: collapseKey(attempt.alert),
          timeout: URGENCY[attempt.class].deadline,
          agent,
        }
        agent.made = undefined
        const work = library.send([read.data], payload)
        endAtDeadline(signal, agent.made)
        return readResult(await work, clock.now())
      })
    },
    async close() {
      agent.destroy()
    },
  }
}

function readResult(results: readonly PushNotifications.Result[], now: number): Outcome {
  const message = results[0]?.message[0]
  if (message === undefined) return { kind: 'refused', fault: 'push-refused' }
  if (message.error === null) return { kind: 'taken' }
  const read = errorSchema.safeParse(message.error)
  if (!read.success) return { kind: 'later', fault: 'provider-unreachable' }
  const { statusCode, code, headers, message: text } = read.data
  // web-push refuses keys of the wrong length before it sends anything.
  if (statusCode === undefined && code === undefined && /p256dh|auth|subscription/.test(text))
    return { kind: 'dead', fault: 'push-address-bad' }
  const retryAfter = headers?.['retry-after']
  const failure: Failure = {
    ...(statusCode === undefined ? {} : { status: statusCode }),
    ...(code === undefined ? {} : { word: code }),
    ...(typeof retryAfter === 'string' ? { retryAfter } : {}),
  }
  return outcomeOf(failure, now)
}

/** Frees the connection of a request that nobody waits for any more. */
function endAtDeadline(signal: AbortSignal, request: ClientRequest | undefined): void {
  if (request === undefined) return
  const end = () => request.destroy(new Error('deadline'))
  signal.addEventListener('abort', end, { once: true })
  request.on('close', () => signal.removeEventListener('abort', end))
}

const errorSchema = z.object({
  message: z.string(),
  statusCode: z.number().optional(),
  code: z.string().optional(),
  headers: z.record(z.string(), z.unknown()).optional(),
})
