import type { CounterName, GaugeName, HistogramName, LabelName } from '../core/measure/metrics.ts'

/** Label values are ids of configured things and codes, never an address, a person or text (core/measure/metrics.ts). */
export type Labels = Readonly<Partial<Record<LabelName, string>>>

/** Figures for `/metrics`. Names and labels come from the table in core/measure/metrics.ts; an unknown name does not compile. */
export interface Metrics {
  count(name: CounterName, labels?: Labels, by?: number): void
  gauge(name: GaugeName, value: number, labels?: Labels): void
  /** Seconds into a histogram; `exemplar` links to a bleep id where the format supports it. */
  observe(
    name: HistogramName,
    seconds: number,
    labels?: Labels,
    exemplar?: Readonly<Record<string, string>>,
  ): void
}
