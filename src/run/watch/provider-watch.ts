import type { ChannelId } from '../../core/deliver/channels.ts'
import type { FaultCode, StandingCode } from '../../core/faults.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Labels, Metrics } from '../../ports/metrics.ts'
import type { Supervision } from './supervision.ts'

export interface ProviderWatch extends Metrics {
  /** What a channel said of an attempt to this device that it did not take. */
  refused(channel: ChannelId, fault: FaultCode, device: DeviceId): void
}

interface Row {
  readonly tells: StandingCode
  /** So many, with nothing taken between, are the way's and no longer one phone's. */
  readonly after: number
  /** Attempts that ended so, or phones: one phone may be tried again and again. */
  readonly of: 'attempts' | 'phones'
}

/** Attempts remembered of one fault of a way: a little more than any row asks for. */
const MOST = 20

const once = (tells: StandingCode): Row => ({ tells, after: 1, of: 'attempts' })
const attempts = (tells: StandingCode): Row => ({ tells, after: 3, of: 'attempts' })
const phones = (tells: StandingCode): Row => ({ tells, after: 3, of: 'phones' })

/** Which failures say something of a way itself. What is missing here is one phone's, one number's or ours. */
const WAY: Readonly<Partial<Record<FaultCode, Row>>> = {
  'provider-unavailable': attempts('provider-unavailable'),
  'provider-busy': attempts('provider-busy'),
  'provider-timeout': attempts('provider-timeout'),
  'provider-unreachable': attempts('provider-unreachable'),
  'provider-untrusted': attempts('provider-untrusted'),
  'provider-credentials': attempts('provider-credentials'),
  'push-refused': phones('push-refused'),
  'push-address-dead': phones('push-addresses-doubted'),
  'voice-client-gone': attempts('voice-client-gone'),
  'voice-exchange-gone': attempts('voice-exchange-gone'),
  'voice-lines-busy': attempts('voice-lines-busy'),
  'voice-speechless': once('voice-speechless'),
  'text-limit': once('text-limit'),
  'text-spool-unwritable': once('text-spool-unwritable'),
  'modem-sends-nothing': once('modem-sends-nothing'),
  'modem-silent': attempts('modem-silent'),
  'radio-refused': once('radio-refused'),
  'radio-no-answer': attempts('radio-no-answer'),
}

/**
 * Signs for the ways out, by what the outbox tells of its attempts: what was taken shows that a way works, and what it
 * did not take several times running that it does not. The fault is told by its own name, so that its remedy is the
 * right one.
 */
export function watchProviders(
  metrics: Metrics,
  { clock, sign }: { readonly clock: Clock; readonly sign: Supervision['sign'] },
): ProviderWatch {
  /** Since something was taken: by way and fault, the attempts and the phones. */
  const failing = new Map<string, Map<FaultCode, DeviceId[]>>()
  const heard = ({ channel, result }: Labels): void => {
    if (channel === undefined || result !== 'taken') return
    failing.delete(channel)
    sign('provider', channel, { kind: 'said', at: clock.now() })
  }
  return {
    refused(channel, fault, device) {
      const row = WAY[fault]
      if (row === undefined) return
      const faults = failing.get(channel) ?? new Map<FaultCode, DeviceId[]>()
      failing.set(channel, faults)
      const met = [...(faults.get(fault) ?? []), device].slice(-MOST)
      faults.set(fault, met)
      if ((row.of === 'phones' ? new Set(met).size : met.length) >= row.after)
        sign('provider', channel, { kind: 'said', at: clock.now(), fault: row.tells })
    },
    count(name, labels = {}, by = 1) {
      if (name === 'bleepbridge_attempts_total') heard(labels)
      metrics.count(name, labels, by)
    },
    gauge: (name, value, labels) => metrics.gauge(name, value, labels),
    observe: (name, seconds, labels, exemplar) => metrics.observe(name, seconds, labels, exemplar),
  }
}
