import type { Log } from '../../src/ports/log.ts'
import type { Labels, Metrics } from '../../src/ports/metrics.ts'

/** Takes everything and says nothing: for tests that look elsewhere. */
export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

export const quietMetrics: Metrics = {
  count: () => undefined,
  gauge: () => undefined,
  observe: () => undefined,
}

type Seen = [name: string, value: number, labels: Labels | undefined]

/** Writes down everything that is told, in order. */
export interface ListeningMetrics extends Metrics {
  readonly counted: [name: string, labels: Labels | undefined, by: number][]
  readonly gauges: Seen[]
  readonly observed: Seen[]
}

export function listeningMetrics(): ListeningMetrics {
  const counted: ListeningMetrics['counted'] = []
  const gauges: Seen[] = []
  const observed: Seen[] = []
  return {
    counted,
    gauges,
    observed,
    count: (name, labels, by = 1) => void counted.push([name, labels, by]),
    gauge: (name, value, labels) => void gauges.push([name, value, labels]),
    observe: (name, seconds, labels) => void observed.push([name, seconds, labels]),
  }
}
