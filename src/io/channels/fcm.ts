import { Agent } from 'node:https'
import type sendFCM from 'node-pushnotifications/lib/sendFCM.js'
import { z } from 'zod'
import { type PushSettings, readServiceAccount } from '../../config/push.ts'
import type { Attempt } from '../../core/deliver/attempt.ts'
import { collapseKey, type Doorbell, lockScreen, secondsLeft } from '../../core/deliver/payload.ts'
import { soundOf, URGENCY } from '../../core/deliver/urgency.ts'
import type { Instant } from '../../core/instant.ts'
import { isRing } from '../../core/vocabulary.ts'
import type { Channel, Outcome } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { type FcmSaid, listenToFcm } from './fcm-hook.ts'
import { accessTokens, TokenRefused } from './fcm-token.ts'
import { agentOptions, ProviderCalls, type Reach, readToken } from './provider.ts'
import { outcomeOf } from './push-results.ts'
import { EndingAgent } from './under-way.ts'

const FCM_HOST = 'fcm.googleapis.com'
/** A registration token as Google gives it to the app. */
const tokenSchema = z.string().regex(/^[^\s{}"]{20,4096}$/)

export const isFcmToken = (address: string): boolean => readToken(address, tokenSchema) !== undefined

/** FCM documentation, "About FCM messages": a data message may hold 4096 bytes. */
const FCM_LIMIT = 4096

/** Firebase Cloud Messaging, HTTP v1, by a service account, through node-pushnotifications, with its transport, retries and error codes put right (fcm-hook.ts). */
export function fcm({ serviceAccount }: PushSettings['fcm'], clock: Clock, reach: Reach = {}): Channel {
  const account = readServiceAccount(serviceAccount)
  const shared = agentOptions({ connections: 16, ...reach })
  // The library names Google's host itself; an agent's own options win over those of a request.
  const relay = { host: reach.host, port: reach.port, servername: FCM_HOST }
  const pushAgent = new EndingAgent(reach.host === undefined ? shared : { ...shared, ...relay })
  const tokenAgent = new Agent(shared)
  const tokens = accessTokens(account, tokenAgent, clock)
  const calls = new ProviderCalls(clock)
  let sender: Promise<typeof sendFCM> | undefined

  return {
    id: 'fcm',
    async send(attempt, device, bell, signal) {
      const token = readToken(device.address, tokenSchema)
      if (token === undefined) return { kind: 'dead', fault: 'push-address-bad' }
      const data = message(attempt, bell, clock.now())
      if (Buffer.byteLength(JSON.stringify(data)) > FCM_LIMIT)
        return { kind: 'refused', fault: 'push-too-large' }
      return calls.call('fcm', attempt, device, signal, async () => {
        const credential = await tokens().then(
          (access) => ({ getAccessToken: async () => access }),
          tokenFailed,
        )
        if ('kind' in credential) return credential
        sender ??= import('node-pushnotifications/lib/sendFCM.js').then((part) => part.default)
        const push = await sender
        const settings = { appName: 'bleep-bridge', projectId: account.project_id }
        const said = await listenToFcm(() =>
          push([token], data, { fcm: { ...settings, credential, httpAgent: pushAgent } }),
        )
        return readSaid(said[0])
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
  const { title, body } = lockScreen(bell)
  return {
    // Data alone: the app's own code runs, tells us that it was reached, and draws what may cover a locked screen.
    silent: true,
    priority: loud.priority,
    timeToLive: secondsLeft(attempt, now),
    collapseKey: key,
    providersExclude: ['apns'],
    custom: {
      ...bell,
      tag: key,
      title,
      message: body,
      channel: loud.androidChannel,
      importance: loud.androidPriority,
      fullScreen: String(loud.fullScreen && isRing(attempt.purpose)),
      volume: String(soundOf(attempt.class, attempt.reason).volume),
      reason: attempt.reason,
    },
  }
}

function readSaid(said: FcmSaid | undefined): Outcome {
  if (said === undefined) return { kind: 'later', fault: 'provider-unavailable' }
  if (said.code === undefined)
    return said.messageId === undefined ? { kind: 'taken' } : { kind: 'taken', provider: said.messageId }
  return outcomeOf({ word: said.code })
}

/** No token, no push: refused credentials last, everything else passes. */
function tokenFailed(error: unknown): Outcome {
  if (error instanceof TokenRefused)
    return error.status === 400 || error.status === 401 || error.status === 403
      ? { kind: 'refused', fault: 'provider-credentials' }
      : outcomeOf({ status: Math.max(500, error.status) })
  if (error instanceof Error && error.name === 'AbortError')
    return { kind: 'later', fault: 'provider-timeout' }
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return outcomeOf(typeof code === 'string' ? { word: code } : {})
}
