import type {
  AlertsPayload,
  FeedFigures,
  HealthPayload,
  NodeFigures,
  ShiftPayload,
  Shown,
} from '../../core/measure/telemetry.ts'
import {
  type Message,
  message,
  type Origin,
  prefixOf,
  stateMessage,
  TOPICS,
  topicOf,
} from '../../core/measure/telemetry.ts'
import { discovery, entitiesOf, type Supervised } from '../../core/measure/watch/discovery.ts'
import type { Broker, OnMessage } from '../../ports/broker.ts'
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
  let stops: readonly (() => void)[] = []
  let announced: ReadonlySet<string> = new Set()
  /** What an earlier run, or we before a reload, left at the broker of things that are no more would be shown for ever. */
  const clear = (
    things: readonly Supervised[],
    entities: ReadonlySet<string>,
    prefix: string | undefined,
  ): void => {
    const states = new Set([
      ...things.map(({ sort, subject }) => topicOf(origin, 'state', sort, subject)),
      ...things.filter(({ sort }) => sort === 'feed').map((t) => topicOf(origin, 'feedFigures', t.subject)),
    ])
    const before = announced
    announced = new Set([...states, ...entities])
    for (const topic of before)
      if (!announced.has(topic) && last.delete(topic))
        void broker.publish({ topic, payload: '', retain: true })
    for (const stop of stops) stop()
    const empty = (known: ReadonlySet<string>): OnMessage => {
      return (topic, payload, retained) => {
        if (!retained || payload.length === 0 || known.has(topic) || last.has(topic)) return
        void broker.publish({ topic, payload: '', retain: true })
      }
    }
    // A site that tells Home Assistant no more has its entities taken away as well.
    stops = [
      broker.subscribe(entitiesOf(origin, prefix), empty(entities)),
      ...(['state', 'feedFigures'] as const).map((name) =>
        broker.subscribe(`${prefixOf(origin)}/${TOPICS[name].path}`, empty(states)),
      ),
    ]
  }
  return {
    announce(things: readonly Supervised[]) {
      const { discovery: prefix } = options
      const told = prefix === false ? [] : discovery(origin, options.version, things, prefix)
      for (const what of told) say(what)
      clear(things, new Set(told.map(({ topic }) => topic)), prefix === false ? undefined : prefix)
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
