import type {
  AlertsPayload,
  FeedFigures,
  HealthPayload,
  NodeFigures,
  ShiftPayload,
  Shown,
} from '../../core/measure/telemetry.ts'
import { type Message, message, type Origin, stateMessage } from '../../core/measure/telemetry.ts'
import { discovery, type Supervised } from '../../core/measure/watch/discovery.ts'
import type { Broker } from '../../ports/broker.ts'
import type { Telemetry } from '../../ports/telemetry.ts'

/** Telemetry on a broker. What has not changed is not said again; the broker keeps it. */
export function mqttTelemetry(
  broker: Broker,
  origin: Origin,
  options: { readonly version: string; readonly discovery?: string | false },
): Telemetry {
  const last = new Map<string, string>()
  const say = (what: Message): void => {
    if (what.retain && last.get(what.topic) === what.payload) return
    last.set(what.topic, what.payload)
    void broker.publish(what)
  }
  return {
    announce(things: readonly Supervised[]) {
      if (options.discovery === false) return
      for (const what of discovery(origin, options.version, things, options.discovery)) say(what)
    },
    state: (shown: Shown) => say(stateMessage(origin, shown)),
    figures: (feed: string, figures: FeedFigures) => say(message(origin, 'feedFigures', [feed], figures)),
    node: (figures: NodeFigures) => say(message(origin, 'nodeFigures', [], figures)),
    health: (payload: HealthPayload) => say(message(origin, 'health', [], payload)),
    alerts: (payload: AlertsPayload) => say(message(origin, 'alerts', [], payload)),
    shift: (payload: ShiftPayload) =>
      say(message(origin, 'shift', [`${payload.staffGroup}-${payload.shift}`], payload)),
  }
}
