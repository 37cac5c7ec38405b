import type { OutgoingHttpHeaders } from 'node:http'
import { type Agent, type RequestOptions, request } from 'node:https'
import { urlToHttpOptions } from 'node:url'
import { z } from 'zod'
import { PUSH_SERVICES } from '../../config/push.ts'
import { declarative } from '../../core/deliver/declarative.ts'
import { collapseKey, secondsLeft } from '../../core/deliver/payload.ts'
import { URGENCY } from '../../core/deliver/urgency.ts'
import { readJson } from '../../core/json.ts'
import { isRing } from '../../core/vocabulary.ts'
import type { Channel, Outcome } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { type Egress, lookUpOutside, mayReach } from './egress.ts'
import { agentOptions, ProviderCalls, type Reach } from './provider.ts'
import { outcomeOf } from './push-results.ts'
import { type Envelope, Envelopes, sealed } from './push-seal.ts'
import { EndingAgent } from './under-way.ts'
import { type VapidKeys, vapidHeaders } from './vapid.ts'
import { keepWarm } from './warm.ts'

/** A PushSubscription as browsers print it. */
const subscriptionSchema = z.object({
  endpoint: z.url({ protocol: /^https$/ }),
  keys: z.object({ p256dh: z.string().min(80).max(100), auth: z.string().min(16).max(32) }),
  /** Our own mark: this browser shows what it can read without our worker. */
  declarative: z.boolean().optional(),
})

/** RFC 8291 clause 4: what is left of a 4096 byte record for plaintext. */
const WEB_PUSH_LIMIT = 3993
/** Characters of an answer that are read; services say what is wrong in a line. */
const ANSWER = 4096
/** Bytes of a subscription's secret, at least (RFC 8291 clause 3.2). */
const SECRET = 16

type Subscription = z.infer<typeof subscriptionSchema>

/** Whether an address that a phone gives is a subscription of a service that may be reached. */
export function isReachable(address: string, egress: Egress): boolean {
  const read = subscriptionSchema.safeParse(readJson(address))
  return read.success && mayReach(read.data.endpoint, egress)
}

/**
 * Web Push with our own key pair (RFC 8292). Sealed here and not by a library, because all but the words is made before
 * there is a push: that takes longer than everything else that one costs.
 * @param app how phones reach us
 */
export function webPush(
  settings: VapidKeys & { readonly services?: readonly string[] | undefined },
  clock: Clock,
  reach: Reach = {},
  app?: string,
): Channel {
  const egress = { services: settings.services ?? PUSH_SERVICES, local: reach.ca !== undefined }
  const outside = egress.local ? {} : { lookup: lookUpOutside }
  const agent = new EndingAgent(agentOptions({ ...reach, ...outside }))
  const warmth = keepWarm(agent, clock)
  const calls = new ProviderCalls(clock)
  const authorize = vapidHeaders(settings)
  const envelopes = new Envelopes(clock)
  const places = new Places(egress)

  return {
    id: 'webpush',
    async send(attempt, device, bell, signal) {
      const to = places.of(device.address)
      if (to === 'unreadable') return { kind: 'dead', fault: 'push-address-bad' }
      if (to === 'out-of-bounds') return { kind: 'refused', fault: 'push-address-bad' }
      const { keys, origin, where } = to
      const tag = collapseKey(attempt.alert)
      // What rings nobody must not be shown by a browser on its own.
      const shows = to.declarative && app !== undefined && isRing(attempt.purpose)
      const asked = shows && attempt.reason !== 'roll-call'
      const payload = JSON.stringify(asked ? declarative(bell, tag, app, attempt.alert) : { ...bell, tag })
      if (Buffer.byteLength(payload) > WEB_PUSH_LIMIT) return { kind: 'refused', fault: 'push-too-large' }

      const ended = warmth.use(origin)
      const call = calls.call(origin, attempt, device, signal, async () => {
        const under = envelopeFor(envelopes, keys)
        if (under === undefined) return { kind: 'dead', fault: 'push-address-bad' }
        const body = sealed(under, payload)
        const headers = {
          Authorization: authorize(origin, clock.now()),
          TTL: secondsLeft(attempt, clock.now()),
          Urgency: URGENCY[attempt.class].webUrgency,
          Topic: tag,
          'Content-Type': 'application/octet-stream',
          'Content-Encoding': 'aes128gcm',
          'Content-Length': body.length,
        }
        const outcome = await post({ ...where, agent, headers }, body)
        envelopes.want([keys])
        return outcome
      })
      return call.finally(ended)
    },
    warm(addresses) {
      const known = addresses.flatMap((address) => {
        const to = places.of(address)
        return typeof to === 'string' ? [] : [to]
      })
      for (const [origin, some] of Map.groupBy(known, (to) => to.origin)) warmth.know(origin, some.length)
      envelopes.want(known.map(({ keys }) => keys))
    },
    async close() {
      warmth.close()
      envelopes.close()
      agent.destroy()
    },
  }
}

/** Where a subscription leads. */
interface Place {
  readonly keys: Subscription['keys']
  readonly declarative: boolean
  readonly origin: string
  readonly where: RequestOptions
}

/** Addresses whose reading is kept: 2 kB each. */
const KNOWN = 1000

/** Reads and checks each address once: that costs as much as the rest of what is said to it. */
class Places {
  readonly #egress: Egress
  readonly #known = new Map<string, Place>()

  constructor(egress: Egress) {
    this.#egress = egress
  }

  of(address: string): Place | 'unreadable' | 'out-of-bounds' {
    const known = this.#known.get(address)
    if (known !== undefined) return known
    const read = subscriptionSchema.safeParse(readJson(address))
    if (!read.success) return 'unreadable'
    const { endpoint, keys, declarative = false } = read.data
    if (!mayReach(endpoint, this.#egress)) return 'out-of-bounds'
    const url = new URL(endpoint)
    const place = { keys, declarative, origin: url.origin, where: urlToHttpOptions(url) }
    this.#known.set(address, place)
    const [oldest] = this.#known.size > KNOWN ? this.#known.keys() : []
    if (oldest !== undefined) this.#known.delete(oldest)
    return place
  }
}

/** Undefined where what the phone gave are no keys. */
function envelopeFor(envelopes: Envelopes, keys: Subscription['keys']): Envelope | undefined {
  if (Buffer.from(keys.auth, 'base64url').length < SECRET) return undefined
  try {
    return envelopes.take(keys)
  } catch {
    return undefined
  }
}

/** Never rejects. The request ends with the call on whose behalf it is made (under-way.ts). */
function post(
  options: RequestOptions & { readonly agent: Agent; readonly headers: OutgoingHttpHeaders },
  body: Buffer,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const broken = (error: Error): void => {
      const { data: { code: word } = {} } = errorSchema.safeParse(error)
      resolve(outcomeOf(word === undefined ? {} : { word }))
    }
    const asked = request({ ...options, method: 'POST' }, (answer) => {
      const status = answer.statusCode ?? 0
      let said = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        if (said.length < ANSWER) said += chunk
      })
      answer.on('end', () =>
        resolve(
          status >= 200 && status < 300
            ? { kind: 'taken' }
            : outcomeOf({ status, ...(said === '' ? {} : { body: said }) }),
        ),
      )
      answer.on('error', broken)
    })
    asked.on('error', broken)
    asked.end(body)
  })
}

const errorSchema = z.object({ code: z.string() })
