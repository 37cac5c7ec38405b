import { z } from 'zod'
import type { Instant } from '../instant.ts'
import { printInstant } from '../instant.ts'
import { CLASSES, PURPOSES } from '../vocabulary.ts'
import { type Reading, readingSchema } from './node-parts.ts'

/** What is supervised (metrics label `sort`). */
export const SORTS = ['feed', 'transmitter', 'provider', 'phones', 'store', 'broker', 'node'] as const
export type Sort = (typeof SORTS)[number]

/** How a supervised thing is. `degraded`: works, and somebody should look. `unknown`: nothing was expected yet. */
export const HEALTH_STATES = ['good', 'degraded', 'failed', 'unknown'] as const
export type HealthState = (typeof HEALTH_STATES)[number]

const instant = z.iso.datetime()
const count = z.number().int().min(0)

/** Payload of a retained state topic. */
const StatePayload = z.strictObject({
  state: z.enum(HEALTH_STATES),
  since: instant,
  /** Fault code, or absent while good. */
  why: z.string().optional(),
  /** The sentence and remedy of that code, so that a dashboard needs no table of ours. */
  sentence: z.string().optional(),
  remedy: z.string().optional(),
  /** Longest this may go unheard before it counts as failed, seconds. */
  boundSeconds: z.number().min(0).optional(),
  /** What was measured when the state turned, and the bound it is held to: at most, or at least, so much. */
  reading: readingSchema.optional(),
  /** Share of this month it was good, 0 to 1. */
  availability: z.number().min(0).max(1).optional(),
})

/** Counters of a feed since the daemon started, for estates. */
export const FeedFigures = z.strictObject({
  at: instant,
  bytes: count,
  pages: count,
  /** Pages of quality `damaged` or `unterminated`. */
  damaged: count,
  correctedBits: count,
  lostCodewords: count,
  /**
   * Bits corrected, and all 32 of a codeword that could not be repaired, over the bits of all codewords read; 0 for a
   * clean signal, absent until a codeword was read, and so for protocols without a code.
   */
  bitErrorRate: z.number().min(0).max(1).optional(),
  syncLosses: count,
  /** These four of audio only, while a transmission was read: about 0.8 for a good signal, 0 for one that is drowned. */
  eyeOpening: z.number().min(0).max(1).optional(),
  /** Clicks that bend a bit. */
  impulsesPerSecond: z.number().min(0).optional(),
  /** Below which frequency the lead or sound card cuts; 0 where it does not. */
  lowCutHertz: z.number().min(0).optional(),
  /** Middle of the two tones over half their distance: the receiver or the transmitter is off frequency. */
  toneOffset: z.number().min(-1).max(1).optional(),
  /** Found by the port's driver or by the protocol; absent while neither has told any. */
  parityErrors: count.optional(),
  /** These three are the port driver's; absent where it does not count, as a network link or a pseudo-terminal. */
  framingErrors: count.optional(),
  breaks: count.optional(),
  overruns: count.optional(),
  reopened: count,
  silentSeconds: z.number().min(0),
  /** Silence over the longest the learnt pattern allows at this hour; absent until learnt. */
  silenceRatio: z.number().min(0).optional(),
})

/** The node itself, for estates. What cannot be measured here is left out. */
export const NodeFigures = z.strictObject({
  at: instant,
  /** How late it got to its work, worst since the last time. */
  delaySeconds: z.number().min(0),
  memoryBytes: count,
  databaseBytes: count.optional(),
  freeBytes: count.optional(),
  writeSeconds: z.number().min(0).optional(),
  /** Clock of a shared database less ours. */
  clockOffsetSeconds: z.number().optional(),
  /** Since another node was heard of, of several the longest. */
  unseenSeconds: z.number().min(0).optional(),
})

export const HealthPayload = z.strictObject({
  at: instant,
  ready: z.boolean(),
  /** Codes of everything that stands, whether or not it keeps us from being fit. */
  reasons: z.array(z.string()),
  /** The same with what each concerns, since when, and what to do. */
  standing: z.array(
    z.strictObject({
      code: z.string(),
      subject: z.string(),
      detail: z.string().optional(),
      sentence: z.string(),
      remedy: z.string(),
      since: instant,
      unfit: z.boolean().optional(),
    }),
  ),
})

export const AlertsPayload = z.strictObject({
  at: instant,
  ringing: count,
  exhausted: count,
  covered: count,
  stuck: count,
})

const figure = z.number().nullable()

/** Event at the end of a shift. Figures are null where there was not enough data. */
export const ShiftPayload = z.strictObject({
  shift: z.string(),
  staffGroup: z.string(),
  from: instant,
  to: instant,
  bleeps: count,
  acknowledged: count,
  unanswered: count,
  medianToDeviceSeconds: figure,
  medianToAcknowledgedSeconds: figure,
  emergencyMedianToDeviceSeconds: figure,
  /** Measured, per shift; published reference beside it, never mixed. */
  minutesSavedMeasured: figure,
  intervalMinutes: z.tuple([z.number(), z.number()]).nullable(),
  n: count,
  assumed: z.boolean(),
  minutesSavedPublished: figure,
})

/** Somebody is called: for a display or wearable. Never content. */
const BellPayload = z.strictObject({
  id: z.string(),
  class: z.enum(CLASSES),
  purpose: z.enum(PURPOSES),
  /** Bells with the same tag are about one alert: show one. */
  tag: z.string(),
  place: z.string().optional(),
})

/** What became of an answer given by MQTT. */
const AnsweredPayload = z.strictObject({ attempt: z.string(), outcome: z.string() })

export type FeedFigures = z.infer<typeof FeedFigures>
export type NodeFigures = z.infer<typeof NodeFigures>
export type HealthPayload = z.infer<typeof HealthPayload>
export type AlertsPayload = z.infer<typeof AlertsPayload>
export type ShiftPayload = z.infer<typeof ShiftPayload>

/** Words on the status topic: birth and last will. */
export const ONLINE = 'online'
export const OFFLINE = 'offline'

interface TopicRow {
  /** Below `bleepbridge/<site>/<node>/`; `+` is the id of the thing. */
  readonly path: string
  readonly retain: boolean
  readonly payload: z.ZodType
  readonly says: string
}

const row = (path: string, retain: boolean, payload: z.ZodType, says: string): TopicRow => ({
  path,
  retain,
  payload,
  says,
})

/** The one table of topics we publish. A subscriber that joins late finds the last state of everything retained. */
export const TOPICS = {
  status: row('status', true, z.enum([ONLINE, OFFLINE]), 'birth and last will of the daemon'),
  health: row('health', true, HealthPayload, 'fit to page, and why not'),
  alerts: row('alerts', true, AlertsPayload, 'how many alerts are open'),
  shift: row('shift/+/summary', true, ShiftPayload, 'the last finished shift of a pattern'),
  feedFigures: row('feed/+/figures', true, FeedFigures, 'counters of a feed'),
  nodeFigures: row('node/figures', true, NodeFigures, 'what is measured of the node itself'),
  bell: row('device/+/bell', false, BellPayload, 'a call for one display or wearable'),
  answered: row('device/+/answered', false, AnsweredPayload, 'what became of its answer'),
  state: row('+/+/state', true, StatePayload, 'state of one supervised thing, by sort and id'),
} as const satisfies Record<string, TopicRow>

export type TopicName = keyof typeof TOPICS

export interface Origin {
  readonly site: string
  readonly node: string
}

/** The full topic; each id takes the place of one `+`. Characters that MQTT reserves become `-` (MQTT 5.0, 4.7.1). */
export function topicOf(origin: Origin, name: TopicName, ...ids: readonly string[]): string {
  let next = 0
  const path = TOPICS[name].path
    .split('/')
    .map((part) => (part === '+' ? level(ids[next++] ?? 'none') : part))
    .join('/')
  return `${prefixOf(origin)}/${path}`
}

/** Above every topic of this node. */
export function prefixOf(origin: Origin): string {
  return `bleepbridge/${level(origin.site)}/${level(origin.node)}`
}

/** One level of a topic. */
export function level(text: string): string {
  const clean = text.replace(/[+#/\s\p{Cc}]/gu, '-').replace(/^\$/, '-')
  return clean === '' ? '-' : clean
}

/** True when a topic fits a filter with `+` and `#` (MQTT 5.0, 4.7.1); a wildcard never matches a leading `$`. */
export function topicFits(filter: string, topic: string): boolean {
  const want = filter.split('/')
  const have = topic.split('/')
  if (topic.startsWith('$') && (want[0] === '+' || want[0] === '#')) return false
  for (const [i, part] of want.entries()) {
    if (part === '#') return true
    if (i >= have.length || (part !== '+' && part !== have[i])) return false
  }
  return want.length === have.length
}

/** One message for a broker. */
export interface Message {
  readonly topic: string
  readonly payload: string
  readonly retain: boolean
  /** The broker forgets it after this, where it can (MQTT 5 message expiry), seconds. */
  readonly expires?: number
}

/** A message of our table. A payload that fits its schema is the caller's duty; tests check every maker. */
export function message<N extends TopicName>(
  origin: Origin,
  name: N,
  ids: readonly string[],
  payload: z.infer<(typeof TOPICS)[N]['payload']>,
): Message {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  return { topic: topicOf(origin, name, ...ids), payload: text, retain: TOPICS[name].retain }
}

/** One supervised thing as telemetry shows it. */
export interface Shown {
  readonly sort: Sort
  readonly subject: string
  readonly state: HealthState
  readonly since: Instant
  readonly why?: { readonly code: string; readonly sentence: string; readonly remedy: string }
  readonly bound?: number
  readonly reading?: Reading
  readonly availability?: number
}

/** What a supervised thing is found to be, retained. */
export function stateMessage(origin: Origin, shown: Shown): Message {
  return message(origin, 'state', [shown.sort, shown.subject], {
    state: shown.state,
    since: printInstant(shown.since),
    ...(shown.why === undefined
      ? {}
      : { why: shown.why.code, sentence: shown.why.sentence, remedy: shown.why.remedy }),
    ...(shown.bound === undefined ? {} : { boundSeconds: shown.bound / 1000 }),
    ...(shown.reading === undefined ? {} : { reading: shown.reading }),
    ...(shown.availability === undefined ? {} : { availability: shown.availability }),
  })
}
