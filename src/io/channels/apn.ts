import type { Said } from 'node-pushnotifications/lib/constants.js'
import type Apn from 'node-pushnotifications/lib/sendAPN.js'
import { z } from 'zod'
import type { PushSettings } from '../../config/push.ts'
import type { Attempt } from '../../core/deliver/attempt.ts'
import { collapseKey, type Doorbell, lockScreen } from '../../core/deliver/payload.ts'
import { soundOf, URGENCY } from '../../core/deliver/urgency.ts'
import { type Instant, type Millis, SECOND } from '../../core/instant.ts'
import type { Channel, Outcome } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { ProviderCalls, type Reach, readToken } from './provider.ts'
import { type Failure, outcomeOf } from './push-results.ts'
import { hear, underWay } from './under-way.ts'

/** A device token as Apple gives it to the app: hexadecimal. */
const tokenSchema = z.string().regex(/^[0-9a-f]{64,200}$/i)

export const isAppleToken = (address: string): boolean => readToken(address, tokenSchema) !== undefined

/** "Generating a remote notification": payload of anything but voice-over-IP. */
const APN_LIMIT = 4096
/** A session that was rebuilt this recently is not to blame for a time-out. */
const REBUILD_PAUSE: Millis = 1 * SECOND

/**
 * APNs through node-pushnotifications: one session, our own retries, and a new session when the old one swallows
 * pushes (the library itself would go on for ever on a connection whose path has silently died).
 */
export function apn(
  { key, keyId, teamId, topic, sandbox }: PushSettings['apn'],
  clock: Clock,
  { proxy, host, port = 443, ca }: Reach = {},
): Channel {
  const settings: Apn.Settings = {
    token: { key: Buffer.from(key), keyId, teamId },
    production: !sandbox,
    port,
    rejectUnauthorized: true,
    connectionRetryLimit: 0,
    // Longer than every deadline of ours: a time-out is decided by us, and ends the stream (endPushes).
    requestTimeout: 15 * SECOND,
    heartBeat: 60 * SECOND,
    ...(host === undefined ? {} : { address: host }),
    ...(ca === undefined ? {} : { ca }),
    ...(proxy === undefined ? {} : { proxy: hostOf(proxy) }),
  }
  const calls = new ProviderCalls(clock)
  let sender: Promise<Apn> | undefined
  let rebuilt: Instant = Number.NEGATIVE_INFINITY
  /** When Apple last answered anything. */
  let heard: Instant = Number.NEGATIVE_INFINITY
  /** Apple has taken a push: topic and environment are right. */
  let proven = false

  const open = async (): Promise<Apn> => {
    const { default: Sender } = await import('node-pushnotifications/lib/sendAPN.js')
    const session = new Sender(settings)
    endPushes(session)
    return session
  }
  /** After a push that waited in vain since `handed`: a session on which others were answered meanwhile works. */
  const rebuild = (session: Apn, handed: Instant) => {
    if (heard > handed || clock.now() - rebuilt < REBUILD_PAUSE) return
    rebuilt = clock.now()
    session.shutdown()
    sender = open()
  }

  return {
    id: 'apn',
    async send(attempt, device, bell, signal) {
      const token = readToken(device.address, tokenSchema)
      if (token === undefined) return { kind: 'dead', fault: 'push-address-bad' }
      const data = message(attempt, bell, topic)
      if (Buffer.byteLength(JSON.stringify(data)) > APN_LIMIT)
        return { kind: 'refused', fault: 'push-too-large' }
      const handed = clock.now()
      const outcome = await calls.call('apn', attempt, device, signal, async () => {
        sender ??= open()
        const said = readResult(await (await sender).sendAPN([token], data), proven)
        proven ||= said.kind === 'taken'
        return said
      })
      const waited = outcome.kind === 'later' && outcome.fault === 'provider-timeout'
      if (waited && sender) rebuild(await sender, handed)
      if (outcome.kind !== 'later') heard = clock.now()
      return outcome
    },
    async close() {
      if (sender) (await sender).shutdown()
    },
  }
}

/** Each push ends its own stream at its own deadline; those of other devices on the session go on. */
function endPushes({ connection }: Apn): void {
  if (connection === null) return
  const { client } = connection
  const { request } = client
  client.request = (session, ...rest) => {
    const push = underWay()
    const ending: typeof session = {
      request(headers) {
        const stream = session.request(headers, push && { signal: push.signal })
        if (push) stream.on('response', (answer) => hear(push, answer))
        return stream
      },
    }
    return request.call(client, ending, ...rest)
  }
}

function hostOf(proxy: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(proxy)
  return { host: hostname, port: port === '' ? 80 : Number(port) }
}

function message(attempt: Attempt, bell: Doorbell, topic: string): Readonly<Record<string, unknown>> {
  const loud = URGENCY[attempt.class]
  const key = collapseKey(attempt.alert)
  const custom = { ...bell, tag: key }
  const expiry = Math.floor(attempt.expires / 1000)
  // A background push wakes the app and shows nothing: Apple takes it only without alert and sound, at priority 5.
  if (attempt.reason === 'roll-call')
    return {
      topic,
      silent: true,
      contentAvailable: 1,
      pushType: 'background',
      expiry,
      collapseKey: key,
      custom,
    }
  return {
    topic,
    ...lockScreen(bell),
    priority: loud.priority,
    expiry,
    collapseKey: key,
    threadId: key,
    pushType: 'alert',
    interruptionLevel: loud.interruption,
    sound: soundOf(attempt.class, attempt.reason),
    category: attempt.class,
    // Lets the app's extension report `on-device` and fetch what it may show.
    mutableContent: 1,
    custom,
  }
}

/**
 * @param proven some device has been reached. Until then a token that Apple does not know tells against our settings:
 * with the wrong environment it knows none, and every phone of the hospital would be dropped.
 */
function readResult({ message: [said] }: Said, proven: boolean): Outcome {
  if (said === undefined) return { kind: 'refused', fault: 'push-refused' }
  if (said.error === null) return { kind: 'taken' }
  const failure = failureOf(said)
  if (failure.word === 'BadDeviceToken' && !proven) return { kind: 'refused', fault: 'provider-credentials' }
  return outcomeOf(failure)
}

/** The library reports Apple's reason, or a bare status, or a sentence with either or a system error code inside. */
function failureOf({ error, errorMsg }: Said['message'][number]): Failure {
  const text = [errorMsg, error instanceof Error ? error.message : ''].join(' ')
  const under = causeSchema.safeParse(error).data?.jse_cause
  if (under) return { word: under.cause?.code ?? under.code }
  const status =
    typeof errorMsg === 'number' ? String(errorMsg) : /(?:status|Error) (\d{3})\b/.exec(text)?.[1]
  // Apple gives reasons. A bare 404 is a path that is not known, and says nothing of a device.
  if (status !== undefined) return status === '404' ? { word: 'BadPath' } : { status: Number(status) }
  const word = /\b([A-Z][A-Z_]{4,}|[A-Z][a-z]+(?:[A-Z][a-z]+)+|Unregistered|Shutdown|Forbidden)\b/.exec(
    text,
  )?.[1]
  return word === undefined ? {} : { word }
}

/**
 * How the library's error type (verror) carries the error underneath. A push that waited for a session which could not
 * be had is cancelled, and why it could not is the cause of that.
 */
const coded = z.object({ code: z.string() })
const causeSchema = z.object({ jse_cause: coded.extend({ cause: coded.optional().catch(undefined) }) })
