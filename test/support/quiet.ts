import type { Log } from '../../src/ports/log.ts'
import type { Metrics } from '../../src/ports/metrics.ts'

/** Takes everything and says nothing: for tests that look elsewhere. */
export const quietLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

export const quietMetrics: Metrics = {
  count: () => undefined,
  gauge: () => undefined,
  observe: () => undefined,
}
