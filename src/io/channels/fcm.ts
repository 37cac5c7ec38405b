import { Agent } from 'node:https'
import type PushNotifications from 'node-pushnotifications'
import { z } from 'zod'
import type { Attempt } from '../../core/deliver/attempt.ts'
import { collapseKey, type Doorbell, lockScreen, secondsLeft } from '../../core/deliver/payload.ts'
import { URGENCY } from '../../core/deliver/urgency.ts'
import type { Instant } from '../../core/instant.ts'
import type { Channel, Outcome } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { type FcmSaid, listenToFcm } from './fcm-hook.ts'
import { accessTokens, TokenRefused } from './fcm-token.ts'
import { loadLibrary } from './library.ts'
import { isPrivateKey, ProviderCalls, readJson } from './provider.ts'
import { outcomeOf } from './push-results.ts'

/** Firebase Cloud Messaging, HTTP v1, by a service account. */
export const fcmSchema = z.strictObject({
  projectId: z.string().describe('Firebase project'),
  clientEmail: z.email().describe('Service account'),
  privateKey: z
    .string()
    .refine(isPrivateKey, 'is no private key in PEM')
    .describe('Its private key, PEM; give it as file: reference'),
  tokenUri: z
    .url({ protocol: /^https$/ })
    .default('https://oauth2.googleapis.com/token')
    .describe('Where access tokens are asked for'),
  address: z.string().optional().describe('Host to use in place of Google’s, for a relay'),
  port: z.int().min(1).max(65_535).default(443),
  ca: z.string().optional().describe('Certificate authority of that relay, PEM'),
  proxy: z.string().optional().describe('http:// address of the proxy that leads out'),
  connections: z.int().min(1).max(256).default(16).describe('Connections kept'),
})
export type FcmConfig = z.infer<typeof fcmSchema>

const FCM_HOST = 'fcm.googleapis.com'
const TOKEN = z.string().min(20).max(4096)
const tokenSchema = z.union([TOKEN, z.object({ token: TOKEN }).transform((read) => read.token)])

/** FCM documentation, "About FCM messages": a data message may hold 4096 bytes. */
const FCM_LIMIT = 4096

/** FCM through node-pushnotifications, with its transport, retries and error codes put right (fcm-hook.ts). */
export function fcm(config: FcmConfig, clock: Clock): Channel {
  const shared = {
    keepAlive: true,
    maxSockets: config.connections,
    ...(config.ca === undefined ? {} : { ca: config.ca }),
    ...(config.proxy === undefined ? {} : { proxyEnv: { HTTPS_PROXY: config.proxy } }),
  }
  // The library names Google's host itself; an agent's own options win over those of a request.
  const relay = { host: config.address, port: config.port, servername: FCM_HOST }
  const pushAgent = new Agent(config.address === undefined ? shared : { ...shared, ...relay })
  const tokenAgent = new Agent(shared)
  const tokens = accessTokens(config, tokenAgent, clock)
  const calls = new ProviderCalls(clock)
  let sender: Promise<PushNotifications> | undefined

  return {
    id: 'fcm',
    async send(attempt, device, bell, signal) {
      const token = tokenSchema.safeParse(readJson(device.address) ?? device.address)
      if (!token.success) return { kind: 'dead', fault: 'push-address-bad' }
      const data = message(attempt, bell, clock.now())
      if (Buffer.byteLength(JSON.stringify(data)) > FCM_LIMIT)
        return { kind: 'refused', fault: 'push-too-large' }
      return calls.call('fcm', attempt, device, signal, async () => {
        const credential = await tokens().then(
          (access) => ({ getAccessToken: async () => access }),
          (error: unknown) => tokenFailed(error, clock.now()),
        )
        if ('kind' in credential) return credential
        sender ??= loadLibrary().then((Library) => new Library({}))
        const library = await sender
        const said = await listenToFcm(() => {
          // Read synchronously by `send`.
          library.settings.fcm = {
            appName: 'bleep-bridge',
            projectId: config.projectId,
            credential,
            httpAgent: pushAgent,
          }
          return library.send([{ id: token.data, type: 'fcm' }], data)
        })
        return readSaid(said[0], clock.now())
      })
    },
    async close() {
      pushAgent.destroy()
      tokenAgent.destroy()
    },
  }
}

function message(attempt: Attempt, bell: Doorbell, now: Instant): Readonly<Record<string, unknown>> {
  const loud = URGENCY[attempt.class]
  const key = collapseKey(attempt.alert)
  return {
    ...lockScreen(bell),
    priority: loud.priority,
    timeToLive: secondsLeft(attempt, now),
    collapseKey: key,
    tag: key,
    android_channel_id: loud.androidChannel,
    notificationPriority: loud.androidPriority,
    visibility: 'private',
    providersExclude: ['apns'],
    custom: { ...bell, tag: key },
  }
}

function readSaid(said: FcmSaid | undefined, now: Instant): Outcome {
  if (said === undefined) return { kind: 'later', fault: 'provider-unavailable' }
  if (said.code === undefined)
    return said.messageId === undefined ? { kind: 'taken' } : { kind: 'taken', provider: said.messageId }
  return outcomeOf({ word: said.code }, now)
}

/** No token, no push: refused credentials last, everything else passes. */
function tokenFailed(error: unknown, now: Instant): Outcome {
  if (error instanceof TokenRefused)
    return error.status === 400 || error.status === 401 || error.status === 403
      ? { kind: 'refused', fault: 'provider-credentials' }
      : outcomeOf({ status: Math.max(500, error.status) }, now)
  if (error instanceof Error && error.name === 'AbortError')
    return { kind: 'later', fault: 'provider-timeout' }
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return outcomeOf(typeof code === 'string' ? { word: code } : {}, now)
}
