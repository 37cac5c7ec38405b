import type { ChannelId } from '../../core/deliver/channels.ts'
import type { FaultCode } from '../../core/faults.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Labels, Metrics } from '../../ports/metrics.ts'
import type { Supervision } from './supervision.ts'

/** Failed attempts in a row, with none taken between, that mean the provider and not one phone. */
const IN_A_ROW = 3

/** Addresses said to be gone in a row, with none taken between: each phone says so twice at most, so not one phone. */
const GONE_IN_A_ROW = 5

export interface ProviderWatch extends Metrics {
  refused(channel: ChannelId, fault: FaultCode): void
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
  const gone = new Map<string, number>()
  const heard = ({ channel, result }: Labels): void => {
    if (channel === undefined) return
    const at = clock.now()
    if (result === 'taken') {
      failing.delete(channel)
      refusing.delete(channel)
      gone.delete(channel)
      sign('provider', channel, { kind: 'said', at })
    }
    if (result === 'dead') {
      const phones = (gone.get(channel) ?? 0) + 1
      gone.set(channel, phones)
      if (phones >= GONE_IN_A_ROW)
        sign('provider', channel, { kind: 'said', at, fault: 'push-addresses-doubted' })
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
    refused(channel, fault) {
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
