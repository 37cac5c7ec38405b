import type { Clock } from '../../ports/clock.ts'
import type { Labels, Metrics } from '../../ports/metrics.ts'
import type { Supervision } from './supervision.ts'

/** Failed attempts in a row, with none taken between, that mean the provider and not one phone. */
const IN_A_ROW = 3

/**
 * Signs for push providers, overheard from the outbox's own counts: what was taken shows that the provider works; put
 * off or unanswered several times running, that it does not. A refusal or a dead address is about one phone.
 */
export function watchProviders(
  metrics: Metrics,
  { clock, sign }: { readonly clock: Clock; readonly sign: Supervision['sign'] },
): Metrics {
  const failing = new Map<string, number>()
  const heard = ({ channel, result }: Labels): void => {
    if (channel === undefined) return
    const at = clock.now()
    if (result === 'taken') {
      failing.delete(channel)
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
    count(name, labels = {}, by = 1) {
      if (name === 'bleepbridge_attempts_total') heard(labels)
      metrics.count(name, labels, by)
    },
    gauge: (name, value, labels) => metrics.gauge(name, value, labels),
    observe: (name, seconds, labels, exemplar) => metrics.observe(name, seconds, labels, exemplar),
  }
}
