import { say } from '../../catalogue/say.ts'
import { level, type Message, OFFLINE, ONLINE, type Origin, type Sort, topicOf } from '../telemetry.ts'

/**
 * Home Assistant's MQTT discovery: one retained configuration per entity under
 * `<prefix>/<component>/<node>/<object>/config`. Estates teams that run Home Assistant see every feed, transmitter,
 * provider and phone group appear by itself, grouped as one device, unavailable when our will has spoken.
 */
const DISCOVERY_PREFIX = 'homeassistant'

export interface Supervised {
  readonly sort: Sort
  readonly subject: string
  /** What a reader calls it. */
  readonly label: string
}

/** Every entity that this node may ever have announced. */
export function entitiesOf(origin: Origin, prefix = DISCOVERY_PREFIX): string {
  return `${level(prefix)}/+/${nodeOf(origin)}/+/config`
}

const nodeOf = ({ site, node }: Origin): string => id('bleepbridge', site, node)

type Entity = (component: string, object: string, body: Readonly<Record<string, unknown>>) => Message

/** Entities of Home Assistant for each supervised thing of this node (MQTT discovery), retained. */
export function discovery(
  origin: Origin,
  version: string,
  things: readonly Supervised[],
  prefix = DISCOVERY_PREFIX,
): readonly Message[] {
  const node = nodeOf(origin)
  const common = {
    availability_topic: topicOf(origin, 'status'),
    payload_available: ONLINE,
    payload_not_available: OFFLINE,
    device: {
      identifiers: [node],
      name: say('watch.bleepBridge', { site: origin.site, node: origin.node }),
      manufacturer: 'Bleep Bridge',
      sw_version: version,
    },
    origin: { name: 'bleep-bridge', sw_version: version },
  }
  const entity: Entity = (component, object, body) => ({
    topic: `${level(prefix)}/${component}/${node}/${object}/config`,
    payload: JSON.stringify({
      ...body,
      object_id: `${node}_${object}`,
      unique_id: `${node}_${object}`,
      ...common,
    }),
    retain: true,
  })

  const out: Message[] = [
    entity('binary_sensor', 'ready', {
      name: say('watch.fitToPage'),
      state_topic: topicOf(origin, 'health'),
      value_template: "{{ 'ON' if value_json.ready else 'OFF' }}",
      json_attributes_topic: topicOf(origin, 'health'),
      device_class: 'running',
    }),
    entity('sensor', 'alerts_ringing', {
      name: say('watch.alertsRinging'),
      state_topic: topicOf(origin, 'alerts'),
      value_template: '{{ value_json.ringing }}',
      state_class: 'measurement',
    }),
  ]
  for (const thing of things) {
    const topic = topicOf(origin, 'state', thing.sort, thing.subject)
    out.push(
      entity('binary_sensor', id(thing.sort, thing.subject), {
        name: thing.label,
        state_topic: topic,
        value_template: "{{ 'ON' if value_json.state in ['failed', 'degraded'] else 'OFF' }}",
        json_attributes_topic: topic,
        device_class: 'problem',
      }),
    )
    if (thing.sort === 'feed') out.push(...feedSensors(origin, thing, entity))
  }
  out.push(...nodeSensors(origin, things, entity))
  return out
}

/** Figures of a feed that estates watch over weeks. */
const FEED_SENSORS = [
  { key: 'bitErrorRate', name: say('watch.bitErrorRate') },
  { key: 'damaged', name: say('watch.damagedPages') },
  { key: 'syncLosses', name: say('watch.syncLosses') },
  { key: 'eyeOpening', name: say('watch.eyeOpening') },
  { key: 'impulsesPerSecond', name: say('watch.clicksASecond') },
  { key: 'lowCutHertz', name: say('watch.lowCutOfTheLead') },
  { key: 'toneOffset', name: say('watch.toneOffset') },
  { key: 'parityErrors', name: say('watch.parityErrors') },
  { key: 'framingErrors', name: say('watch.framingErrors') },
  { key: 'breaks', name: 'breaks' },
  { key: 'overruns', name: 'overruns' },
  { key: 'silentSeconds', name: 'silence', unit: 's' },
] as const

/** A figure that is not told reads as `None`, which Home Assistant shows as unknown: not as 0, and not as an error. */
const figure = (key: string): string => `{{ value_json.${key} | default(none) }}`

function feedSensors(origin: Origin, thing: Supervised, entity: Entity): Message[] {
  return FEED_SENSORS.map((sensor) =>
    entity('sensor', id(thing.sort, thing.subject, sensor.key), {
      name: `${thing.label} ${sensor.name}`,
      state_topic: topicOf(origin, 'feedFigures', thing.subject),
      value_template: figure(sensor.key),
      state_class: 'measurement',
      entity_category: 'diagnostic',
      ...('unit' in sensor ? { unit_of_measurement: sensor.unit, device_class: 'duration' } : {}),
    }),
  )
}

/** Figures of the node itself, each shown where what it tells of is watched. */
const NODE_SENSORS = [
  { part: 'loop', key: 'delaySeconds', name: say('watch.delayOfItsWork'), unit: 's', class: 'duration' },
  { part: 'memory', key: 'memoryBytes', name: 'Memory', unit: 'B', class: 'data_size' },
  {
    part: 'commit',
    key: 'databaseBytes',
    name: say('watch.sizeOfTheDatabase'),
    unit: 'B',
    class: 'data_size',
  },
  {
    part: 'commit',
    key: 'writeSeconds',
    name: say('watch.aWriteToTheDatabase'),
    unit: 's',
    class: 'duration',
  },
  { part: 'disk', key: 'freeBytes', name: say('watch.freeDiskAtTheDatabase'), unit: 'B', class: 'data_size' },
  {
    part: 'peers',
    key: 'clockOffsetSeconds',
    name: say('watch.clockOfTheDatabase'),
    unit: 's',
    class: 'duration',
  },
  {
    part: 'peers',
    key: 'unseenSeconds',
    name: say('watch.otherNodeUnheardOf'),
    unit: 's',
    class: 'duration',
  },
] as const

function nodeSensors(origin: Origin, things: readonly Supervised[], entity: Entity): Message[] {
  const here = NODE_SENSORS.filter(({ part }) => things.some((t) => t.sort === 'node' && t.subject === part))
  return here.map((sensor) =>
    entity('sensor', id('node', sensor.key), {
      name: `${sensor.name}, measured`,
      state_topic: topicOf(origin, 'nodeFigures'),
      value_template: figure(sensor.key),
      state_class: 'measurement',
      entity_category: 'diagnostic',
      unit_of_measurement: sensor.unit,
      device_class: sensor.class,
    }),
  )
}

/** Home Assistant allows letters, digits, `_` and `-` in ids. */
function id(...parts: readonly string[]): string {
  return parts.join('_').replace(/[^A-Za-z0-9_-]/g, '-')
}
