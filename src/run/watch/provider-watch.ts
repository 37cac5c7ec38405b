import type { ChannelId } from '../../core/deliver/channels.ts'
import type { FaultCode } from '../../core/faults.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Labels, Metrics } from '../../ports/metrics.ts'
import type { Supervision } from './supervision.ts'

/** Failed attempts in a row, with none taken between, that mean the provider and not one phone. */
const IN_A_ROW = 3

/** So many phones whose addresses are said to be gone, with none taken between. One phone may be tried again and again. */
const GONE_PHONES = 3

export interface ProviderWatch extends Metrics {
  /** What a channel said of an attempt to this device that it did not take. */
  refused(channel: ChannelId, fault: FaultCode, device: DeviceId): void
}

/**
 * Signs for push providers, overheard from the outbox's own counts: what was taken shows that the provider works; put
 * off or unanswered several times running, that it does not. A refusal or a dead address is about one phone; our keys
 * refused, or address after address gone, several times running are about all.
 */
export function watchProviders(
  metrics: Metrics,
  { clock, sign }: { readonly clock: Clock; readonly sign: Supervision['sign'] },
): ProviderWatch {
  const failing = new Map<string, number>()
  const refusing = new Map<string, number>()
  const gone = new Map<string, Set<DeviceId>>()
  const heard = ({ channel, result }: Labels): void => {
    if (channel === undefined) return
    const at = clock.now()
    if (result === 'taken') {
      failing.delete(channel)
      refusing.delete(channel)
      gone.delete(channel)
      sign('provider', channel, { kind: 'said', at })
    }
    if (result !== 'later' && result !== 'timeout') return
    const times = (failing.get(channel) ?? 0) + 1
    failing.set(channel, times)
    if (times >= IN_A_ROW)
      sign('provider', channel, {
        ...{ kind: 'said', at },
        fault: result === 'later' ? 'provider-unavailable' : 'provider-timeout',
      })
  }
  return {
    refused(channel, fault, device) {
      if (fault === 'push-address-dead') {
        const phones = (gone.get(channel) ?? new Set()).add(device)
        gone.set(channel, phones)
        if (phones.size >= GONE_PHONES)
          sign('provider', channel, { kind: 'said', at: clock.now(), fault: 'push-addresses-doubted' })
      }
      if (fault !== 'provider-credentials') return
      const times = (refusing.get(channel) ?? 0) + 1
      refusing.set(channel, times)
      if (times >= IN_A_ROW) sign('provider', channel, { kind: 'said', at: clock.now(), fault })
    },
    count(name, labels = {}, by = 1) {
      if (name === 'bleepbridge_attempts_total') heard(labels)
      metrics.count(name, labels, by)
    },
    gauge: (name, value, labels) => metrics.gauge(name, value, labels),
    observe: (name, seconds, labels, exemplar) => metrics.observe(name, seconds, labels, exemplar),
  }
}
