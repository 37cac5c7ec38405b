import type {
  AlertsPayload,
  FeedFigures,
  HealthPayload,
  NodeFigures,
  ShiftPayload,
  Shown,
} from '../core/measure/telemetry.ts'
import type { Supervised } from '../core/measure/watch/discovery.ts'

/** What we tell estates and dashboards while we run. Never blocks, never fails: the adapter counts what it could not say. */
export interface Telemetry {
  /** What is supervised, so that a dashboard can show it by itself. Again after a reload. */
  announce(things: readonly Supervised[]): void
  state(shown: Shown): void
  figures(feed: string, figures: FeedFigures): void
  node(figures: NodeFigures): void
  health(payload: HealthPayload): void
  alerts(payload: AlertsPayload): void
  shift(payload: ShiftPayload): void
}
