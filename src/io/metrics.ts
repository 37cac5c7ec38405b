import { Counter, Gauge, Histogram, Registry, type RegistryContentType } from 'prom-client'
import {
  type ConfiguredLabel,
  EXEMPLAR_LABELS,
  LABELS,
  type LabelName,
  METRICS,
  type MetricRow,
  OTHER,
  TIME_BUCKETS,
} from '../core/measure/metrics.ts'
import type { Labels, Metrics } from '../ports/metrics.ts'

/** The ids that labels of configured things may show. */
export type Known = Readonly<Partial<Record<ConfiguredLabel, readonly string[]>>>

interface MetricsText {
  readonly type: string
  readonly body: string
}

/** Figures in this process, and their text for a scraper. */
export interface MetricsAdapter extends Metrics {
  /** `accept`: the scraper's header. OpenMetrics, and with it exemplars, only for those that ask for it. */
  text(accept?: string): Promise<MetricsText>
  /** Adds ids of configured things, after a reload say. */
  know(known: Known): void
}

/**
 * prom-client behind the metrics port. Every label value is checked against its domain on the way in; what is neither
 * listed nor configured becomes `other` and is counted. Counters with one closed label start at zero for every value,
 * so that the first fault of a kind is a rise and not a new series.
 */
export function openMetrics(known: Known = {}): MetricsAdapter {
  const registry = new Registry<RegistryContentType>()
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE) // exemplars are refused on any other kind
  const allowed = domains()
  const counters = new Map<string, Counter>()
  const gauges = new Map<string, Gauge>()
  const histograms = new Map<string, Histogram>()

  for (const [name, row] of Object.entries<MetricRow>(METRICS)) {
    const common = { name, help: row.help, labelNames: [...row.labels], registers: [registry] }
    if (row.type === 'counter') counters.set(name, startedAtZero(new Counter(common), row))
    else if (row.type === 'gauge') gauges.set(name, new Gauge(common))
    else {
      histograms.set(name, new Histogram({ ...common, buckets: [...TIME_BUCKETS], enableExemplars: true }))
    }
  }

  const rows = new Map<string, MetricRow>(Object.entries(METRICS))
  const checked = (name: string, labels: Labels): Record<string, string> => {
    const out: Record<string, string> = {}
    for (const label of rows.get(name)?.labels ?? []) {
      const value = labels[label] ?? OTHER
      const good = allowed.get(label)?.has(value) === true
      if (!good && value !== OTHER) counters.get('bleepbridge_labels_refused_total')?.inc()
      out[label] = good ? value : OTHER
    }
    return out
  }

  const know = (more: Known): void => {
    for (const [label, ids] of Object.entries(more))
      for (const id of ids) allowed.get(label as ConfiguredLabel)?.add(id)
  }
  know(known)

  let printing: Promise<unknown> = Promise.resolve()
  return {
    know,
    count: (name, labels = {}, by = 1) => counters.get(name)?.inc(checked(name, labels), by),
    gauge: (name, value, labels = {}) => gauges.get(name)?.set(checked(name, labels), value),
    observe(name, seconds, labels = {}, exemplar) {
      const exemplarLabels: Record<string, string> = {}
      if (exemplar !== undefined)
        for (const label of EXEMPLAR_LABELS) {
          const id = exemplar[label]
          if (id !== undefined) exemplarLabels[label] = id
        }
      const value = Number.isFinite(seconds) ? Math.max(0, seconds) : 0
      histograms.get(name)?.observe({ labels: checked(name, labels), value, exemplarLabels })
    },
    text(accept = '') {
      const open = accept.includes('application/openmetrics-text')
      const next = printing.then(() => print(registry, open, [...counters]))
      printing = next.catch(() => undefined)
      return next
    },
  }
}

/**
 * One print at a time: the library keeps the format on the registry, and its OpenMetrics print renames the counters
 * for good, so each print sets the format and puts the names back afterwards.
 */
async function print(
  registry: Registry<RegistryContentType>,
  open: boolean,
  counters: readonly (readonly [string, Counter])[],
): Promise<MetricsText> {
  const type = open ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE
  registry.setContentType(type)
  try {
    return { type, body: await registry.metrics() }
  } finally {
    for (const [name, counter] of counters) Object.assign(counter, { name })
  }
}

function domains(): Map<LabelName, Set<string>> {
  const out = new Map<LabelName, Set<string>>()
  for (const [label, domain] of Object.entries(LABELS))
    out.set(label as LabelName, new Set(domain === 'configured' ? [] : domain))
  return out
}

function startedAtZero(counter: Counter, row: MetricRow): Counter {
  const [label, ...more] = row.labels
  const domain = label === undefined ? 'configured' : LABELS[label]
  if (label !== undefined && more.length === 0 && domain !== 'configured')
    for (const value of domain) counter.inc({ [label]: value }, 0)
  return counter
}
