/** Label values are ids of configured things and codes, never an address, a person or text (core/measure/metrics.ts). */
export type Labels = Readonly<Record<string, string>>

/** Figures for `/metrics`. Names and labels come from the table in core/measure/metrics.ts; an unknown name is a bug. */
export interface Metrics {
  count(name: string, labels?: Labels, by?: number): void
  gauge(name: string, value: number, labels?: Labels): void
  /** Seconds into a histogram; `exemplar` links to a bleep id where the format supports it. */
  observe(name: string, seconds: number, labels?: Labels, exemplar?: Labels): void
}
