import type { Said } from 'node-pushnotifications/lib/constants.js'
import type sendWeb from 'node-pushnotifications/lib/sendWeb.js'
import { z } from 'zod'
import { PUSH_SERVICES } from '../../config/push.ts'
import { declarative } from '../../core/deliver/declarative.ts'
import { collapseKey, secondsLeft } from '../../core/deliver/payload.ts'
import { URGENCY } from '../../core/deliver/urgency.ts'
import { type Millis, SECOND } from '../../core/instant.ts'
import { isRing } from '../../core/vocabulary.ts'
import type { Channel, Outcome } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { type Egress, lookUpOutside, mayReach } from './egress.ts'
import { agentOptions, ProviderCalls, type Reach, readJson } from './provider.ts'
import { type Failure, outcomeOf } from './push-results.ts'
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

/** The daemon has started by then. */
const AT_REST: Millis = 2 * SECOND

/** RFC 8291 clause 4: what is left of a 4096 byte record for plaintext. */
const WEB_PUSH_LIMIT = 3993

/** Whether an address that a phone gives is a subscription of a service that may be reached. */
export function isReachable(address: string, egress: Egress): boolean {
  const read = subscriptionSchema.safeParse(readJson(address))
  return read.success && mayReach(read.data.endpoint, egress)
}

/** Web Push with our own key pair (RFC 8292), through node-pushnotifications: one subscription a call, our deadline, our reading of the answer. @param app how phones reach us */
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
  let sender: Promise<typeof sendWeb> | undefined
  const loaded = (): Promise<typeof sendWeb> => {
    // Its own part of the library alone: those of Apple and Google take 20 MB.
    sender ??= import('node-pushnotifications/lib/sendWeb.js').then((part) => part.default)
    return sender
  }
  // Not at the first emergency: reading the library takes longer than a push.
  const early = clock.after(AT_REST, () => void loaded().catch(() => undefined))

  return {
    id: 'webpush',
    async send(attempt, device, bell, signal) {
      const read = subscriptionSchema.safeParse(readJson(device.address))
      if (!read.success) return { kind: 'dead', fault: 'push-address-bad' }
      if (!mayReach(read.data.endpoint, egress)) return { kind: 'refused', fault: 'push-address-bad' }
      const tag = collapseKey(attempt.alert)
      // What rings nobody must not be shown by a browser on its own.
      const shows = read.data.declarative === true && app !== undefined && isRing(attempt.purpose)
      const asked = shows && attempt.reason !== 'roll-call'
      const payload = JSON.stringify(asked ? declarative(bell, tag, app, attempt.alert) : { ...bell, tag })
      if (Buffer.byteLength(payload) > WEB_PUSH_LIMIT) return { kind: 'refused', fault: 'push-too-large' }

      const { origin } = new URL(read.data.endpoint)
      warmth.know(origin, 'sent')
      return calls.call(origin, attempt, device, signal, async () => {
        const push = await loaded()
        const web = {
          // Falsy: the library adds no token of its own.
          vapidDetails: null,
          headers: { Authorization: authorize(origin, clock.now()) },
          TTL: secondsLeft(attempt, clock.now()),
          urgency: URGENCY[attempt.class].webUrgency,
          topic: tag,
          timeout: URGENCY[attempt.class].deadline,
          agent,
        }
        const to = { endpoint: read.data.endpoint, keys: read.data.keys }
        return readResult(await push([to], payload, { web }))
      })
    },
    warm(addresses) {
      for (const address of addresses) {
        const read = subscriptionSchema.safeParse(readJson(address))
        if (read.success && mayReach(read.data.endpoint, egress))
          warmth.know(new URL(read.data.endpoint).origin)
      }
    },
    async close() {
      warmth.close()
      early.cancel()
      agent.destroy()
    },
  }
}

function readResult({ message: [message] }: Said): Outcome {
  if (message === undefined) return { kind: 'refused', fault: 'push-refused' }
  if (message.error === null) return { kind: 'taken' }
  const read = errorSchema.safeParse(message.error)
  if (!read.success) return { kind: 'later', fault: 'provider-unreachable' }
  const { statusCode, code, body, message: text } = read.data
  // web-push refuses keys of the wrong length before it sends anything.
  if (statusCode === undefined && code === undefined && /p256dh|auth|subscription/.test(text))
    return { kind: 'dead', fault: 'push-address-bad' }
  const failure: Failure = {
    ...(statusCode === undefined ? {} : { status: statusCode }),
    ...(code === undefined ? {} : { word: code }),
    ...(body === undefined || body === '' ? {} : { body }),
  }
  return outcomeOf(failure)
}

const errorSchema = z.object({
  message: z.string(),
  statusCode: z.number().optional(),
  code: z.string().optional(),
  body: z.string().optional().catch(undefined),
})
