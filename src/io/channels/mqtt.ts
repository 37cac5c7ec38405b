import { z } from 'zod'
import { collapseKey, secondsLeft } from '../../core/deliver/payload.ts'
import type { FaultCode } from '../../core/faults.ts'
import { asId, type DeviceId } from '../../core/ids.ts'
import { readJson } from '../../core/json.ts'
import { message, type Origin, prefixOf } from '../../core/measure/telemetry.ts'
import { ANSWERS, RECEIPT_STAGES } from '../../core/vocabulary.ts'
import type { Broker } from '../../ports/broker.ts'
import type { Channel, Outcome } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Metrics } from '../../ports/metrics.ts'
import type { SignedDoor } from '../../ports/mqtt-door.ts'
import { ProviderCalls } from './provider.ts'

export interface MqttChannel extends Channel {
  /** Takes receipts and answers from devices until the returned function is called. */
  listen(door: SignedDoor): () => void
}

/** HMAC-SHA256 in hexadecimal. */
const mac = z.string().max(64)
const receiptSchema = z.object({
  mac,
  attempt: z.string().max(64),
  stage: z.enum(RECEIPT_STAGES),
})
const answerSchema = z.object({
  mac,
  attempt: z.string().max(64),
  answer: z.enum(ANSWERS),
})

/** Longest message we read from a device. */
const LONGEST = 1024

/** How a broker's trouble reads as an attempt's. A PUBACK only means that the broker has it. */
const LATER: Readonly<Partial<Record<FaultCode, FaultCode>>> = {
  'broker-timeout': 'provider-timeout',
  'broker-unreachable': 'provider-unreachable',
}

/**
 * Displays and wearables on the hospital's broker. A bell is published at quality of service 1 and expires with the
 * attempt; the device reports and answers on topics of its own, signed over attempt and word (`SignedDoor`). At least once: devices collapse bells by their tag.
 */
export function mqttChannel(
  broker: Broker,
  origin: Origin,
  clock: Clock,
  { log, metrics }: { readonly log: Log; readonly metrics: Pick<Metrics, 'count'> },
): MqttChannel {
  const calls = new ProviderCalls(clock)
  const prefix = `${prefixOf(origin)}/device`

  const listenTo = (leaf: 'receipt' | 'answer', on: (device: DeviceId, said: unknown) => Promise<void>) =>
    broker.subscribe(`${prefix}/+/${leaf}`, (topic, payload, retained) => {
      // Said once, long ago: what it answered is over, and a place must not be filled by it again.
      if (retained) {
        metrics.count('bleepbridge_mqtt_retained_total', { leaf })
        return log.warn('mqtt-device-retained', { leaf })
      }
      if (payload.length > LONGEST) return log.warn('mqtt-device-oversize', { leaf })
      const device = asId<DeviceId>(topic.slice(prefix.length + 1, -leaf.length - 1))
      on(device, readJson(Buffer.from(payload).toString('utf8'))).catch((error: unknown) =>
        log.error('mqtt-device-failed', {
          leaf,
          device,
          error,
        }),
      )
    })

  return {
    id: 'mqtt',
    send(attempt, device, bell, signal) {
      const left = secondsLeft(attempt, clock.now())
      const bellMessage = message(origin, 'bell', [device.id], { ...bell, tag: collapseKey(attempt.alert) })
      return calls.call('mqtt', attempt, device, signal, async (): Promise<Outcome> => {
        const sent = await broker.publish({ ...bellMessage, expires: Math.max(1, left) })
        if (sent.ok) return { kind: 'taken' }
        const fault = LATER[sent.fault.code]
        return fault === undefined ? { kind: 'refused', fault: sent.fault.code } : { kind: 'later', fault }
      })
    },
    listen(door) {
      const offs = [
        listenTo('receipt', async (device, said) => {
          const read = receiptSchema.safeParse(said)
          if (!read.success) return log.warn('mqtt-device-unread', { leaf: 'receipt', device })
          const { attempt, stage, mac } = read.data
          if (!(await door.vouches(device, `${attempt}\n${stage}`, mac)))
            return log.warn('mqtt-device-unsigned', { leaf: 'receipt', device })
          await door.receipt(device, asId(attempt), stage)
        }),
        listenTo('answer', async (device, said) => {
          const read = answerSchema.safeParse(said)
          if (!read.success) return log.warn('mqtt-device-unread', { leaf: 'answer', device })
          const { attempt, answer, mac } = read.data
          if (!(await door.vouches(device, `${attempt}\n${answer}`, mac)))
            return log.warn('mqtt-device-unsigned', { leaf: 'answer', device })
          const outcome = await door.answer(device, asId(attempt), answer)
          await broker.publish({
            ...message(origin, 'answered', [device], { attempt, outcome }),
            expires: 300,
          })
        }),
      ]
      return () => {
        for (const off of offs) off()
      }
    },
    async close() {},
  }
}
