import { CHANNEL_IDS } from '../deliver/channels.ts'
import { FAULTS } from '../faults.ts'
import { KEPT } from '../govern/retain.ts'
import { REASONS } from '../reasons.ts'
import {
  ANSWER_OUTCOMES,
  ANSWERS,
  CLASSES,
  FILING_STANDS,
  FILING_WAYS,
  PHASES,
  PURPOSES,
  QUALITIES,
  RECEIPT_STAGES,
} from '../vocabulary.ts'
import { HOP_NAMES } from './hops.ts'

/**
 * What a label may say. A closed label has one of the listed values. A configured label has an id that the site's
 * configuration gave to a thing of its own (a feed, a transmitter): the adapter is told the ids at start. Anything
 * else is written as `other`, so an address, a person or a text can never become a label and the number of series
 * has a bound.
 */
export type LabelDomain = readonly string[] | 'configured'

/** The value that stands for everything a label may not say. */
export const OTHER = 'other'

export const LABELS = {
  hop: HOP_NAMES,
  class: [...CLASSES, 'unclassified'],
  owner: ['ours', 'network', 'provider', 'person'],
  reason: Object.keys(REASONS),
  fault: Object.keys(FAULTS),
  severity: ['info', 'warning', 'alarm'],
  quality: QUALITIES,
  phase: PHASES,
  answer: ANSWERS,
  by: ['person', 'switchboard', 'pbx', 'system', 'page'],
  answered: ANSWER_OUTCOMES,
  receipt: RECEIPT_STAGES,
  purpose: PURPOSES,
  channel: CHANNEL_IDS,
  result: ['taken', 'later', 'dead', 'refused', 'timeout', 'expired'],
  leaf: ['receipt', 'answer'],
  outcome: ['done', 'refused', 'failed', 'dropped'],
  heard: ['heard', 'garbled', 'silent'],
  matched: ['matched', 'ambiguous'],
  event: ['opened', 'closed', 'break', 'overrun', 'parity', 'framing'],
  /** Loops that go on after a defect. */
  task: [
    'adopt',
    'alert-figures',
    'anchor',
    'auditor',
    'backups',
    'drills',
    'call-backs',
    'chores',
    'daily-test',
    'delivery-figures',
    'fault-news',
    'feed-watch',
    'filing',
    'filing-send',
    'filing-watch',
    'health-watch',
    'morning-sheet',
    'node-watch',
    'outbox',
    'post',
    'leavers',
    'phone-watch',
    'break-glass-watch',
    'listed',
    'ldap',
    'push-key-watch',
    'raise',
    'roll-call',
    'rota',
    'shift-end',
    'shift-log',
    'warm',
    'site-watch',
    'first-line',
    'store-probe',
    'supervision',
    'tell',
    'ticker',
    'time-watch',
    'trail',
    'upkeep',
    'way-proof',
  ],
  /** What is supervised, and how it is. */
  sort: ['feed', 'transmitter', 'provider', 'phones', 'store', 'broker', 'node'],
  state: ['good', 'degraded', 'failed', 'unknown'],
  device: ['active', 'waiting', 'signed-out', 'revoked', 'dead'],
  obligation: ['store', 'due', 'obligations', 'feeds', 'outbox', 'clock', 'stuck', 'roles', 'raised'],
  status: ['1xx', '2xx', '3xx', '4xx', '5xx'],
  data: KEPT,
  way: FILING_WAYS,
  filed: FILING_STANDS,
  feed: 'configured',
  transmitter: 'configured',
  subject: 'configured',
  /** Path template of an HTTP route, never a path with ids in it. */
  route: 'configured',
  version: 'configured',
} as const satisfies Record<string, LabelDomain>

export type LabelName = keyof typeof LABELS
export type ConfiguredLabel = {
  [L in LabelName]: (typeof LABELS)[L] extends 'configured' ? L : never
}[LabelName]

/** Upper bounds of the time buckets, seconds: three or so a decade, 1 ms to 15 min, with our own promises on an edge. */
export const TIME_BUCKETS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 180, 300, 600, 900,
] as const

type MetricType = 'counter' | 'gauge' | 'histogram'

export interface MetricRow<T extends MetricType = MetricType> {
  readonly type: T
  readonly labels: readonly LabelName[]
  readonly help: string
}

const counter = (help: string, ...labels: LabelName[]): MetricRow<'counter'> => ({
  type: 'counter',
  labels,
  help,
})
const gauge = (help: string, ...labels: LabelName[]): MetricRow<'gauge'> => ({ type: 'gauge', labels, help })
const times = (help: string, ...labels: LabelName[]): MetricRow<'histogram'> => ({
  type: 'histogram',
  labels,
  help,
})

/** The one table of metrics: name → type, labels, help. Dashboard, alert rules and adapter are held to it. */
export const METRICS = {
  // time
  bleepbridge_hop_seconds: times('From the first byte on the line to each named hop', 'hop', 'class'),
  bleepbridge_leg_seconds: times('From the hop before to each named hop', 'hop', 'class'),
  bleepbridge_owner_seconds: times(
    'Time to acceptance by whose it was: ours, network, provider, person',
    'owner',
    'class',
  ),

  // choices and faults
  bleepbridge_reasons_total: counter('Choices made, by reason code', 'reason'),
  bleepbridge_faults_total: counter('Faults met, by fault code', 'fault'),

  // bleeps and alerts
  bleepbridge_bleeps_total: counter('Bleeps routed', 'class'),
  bleepbridge_bleeps_stuck: gauge('Bleeps that wait for a human because no rule or holder was found'),
  bleepbridge_alerts_total: counter('Alerts raised', 'class'),
  bleepbridge_alerts_open: gauge('Alerts open now', 'phase'),
  bleepbridge_alerts_without_future: gauge('Open alerts with neither a due time nor a reason: must be 0'),
  bleepbridge_escalations_total: counter('Escalation steps fired', 'class'),
  bleepbridge_answers_total: counter('Answers, by what and by whom', 'answer', 'by', 'class'),
  bleepbridge_answer_outcomes_total: counter('What became of answers', 'answered'),
  bleepbridge_due_late_seconds: gauge('How late the oldest due step is'),

  // delivery
  bleepbridge_letters_total: counter(
    'Letters and web hooks for what is not urgent, by their result',
    'result',
  ),
  bleepbridge_attempts_total: counter('Attempts to reach a device, by their result', 'channel', 'result'),
  bleepbridge_attempts_waiting: gauge('Attempts queued and due'),
  bleepbridge_attempts_oldest_seconds: gauge('Age of the oldest attempt that is due and not yet handed over'),
  bleepbridge_text_pence_total: counter('What texts have cost, in pence', 'channel'),
  bleepbridge_receipts_total: counter('Receipts from devices', 'channel', 'receipt'),
  bleepbridge_send_seconds: times('How long a channel took to answer', 'channel', 'result'),
  bleepbridge_devices: gauge('Enrolled devices', 'channel', 'device'),
  bleepbridge_stream_clients: gauge('Open event streams of boards and phones'),

  // feeds
  bleepbridge_feed_up: gauge('1 while the port is open', 'feed'),
  bleepbridge_feed_bytes_total: counter('Bytes read', 'feed'),
  bleepbridge_feed_pages_total: counter('Pages decoded', 'feed', 'quality'),
  bleepbridge_feed_calls_total: counter('Call records read', 'feed'),
  bleepbridge_feed_discarded_bytes_total: counter(
    'Bytes that could not be used, kept in the capture',
    'feed',
  ),
  bleepbridge_feed_faults_total: counter('Faults on a feed', 'feed', 'fault'),
  bleepbridge_feed_notes_total: counter('Protocol events that are no fault', 'feed', 'reason'),
  bleepbridge_feed_events_total: counter('Port and line events', 'feed', 'event'),
  bleepbridge_feed_codewords_total: counter('POCSAG codewords read, of 32 bits each', 'feed'),
  bleepbridge_feed_corrected_bits_total: counter('Bits corrected in codewords', 'feed'),
  bleepbridge_feed_eye_opening: gauge('Signal of audio: 0.8 is good, 0 is drowned', 'feed'),
  bleepbridge_feed_impulses_per_second: gauge('Clicks a second in audio that bend a bit', 'feed'),
  bleepbridge_feed_low_cut_hertz: gauge('Frequency below which lead or sound card cuts; 0 for none', 'feed'),
  bleepbridge_feed_tone_offset: gauge('Middle of the two tones over half their distance', 'feed'),
  bleepbridge_feed_last_byte_seconds: gauge('Unix time of the last byte', 'feed'),
  bleepbridge_feed_last_page_seconds: gauge('Unix time of the last page', 'feed'),
  bleepbridge_feed_silence_ratio: gauge('Silence over the longest the learnt pattern allows now', 'feed'),

  // supervision
  bleepbridge_supervised_state: gauge('1 for the state a supervised thing is in', 'sort', 'subject', 'state'),
  bleepbridge_role_proved: gauge(
    '1 while everybody who holds a crash role was shown to be reached',
    'subject',
  ),
  bleepbridge_availability_ratio: gauge('Share of this month a thing was good', 'sort', 'subject'),
  bleepbridge_air_checks_total: counter('Pages asked for, by how the air answered', 'transmitter', 'heard'),
  bleepbridge_air_delay_seconds: times('From asked to heard on the air', 'transmitter'),
  bleepbridge_test_age_seconds: gauge('Age of the last complete daily test, of several the oldest'),

  // call records and time saved
  bleepbridge_callbacks_total: counter(
    'Answered calls to an extension asked for, by whether they answer one request',
    'matched',
  ),
  bleepbridge_pbx_offset_seconds: gauge('Clock of the exchange less ours', 'feed'),
  bleepbridge_report_seconds: times('How long a report took to make'),

  // governance
  bleepbridge_audit_total: counter('Audit entries', 'outcome'),
  bleepbridge_audit_intact: gauge('1 while the audit chain holds, looked at once a day'),
  bleepbridge_retention_erased_total: counter('Rows whose keep time was over and which went', 'data'),
  bleepbridge_retention_behind_seconds: gauge('How far the oldest bleep is past its keep time'),
  bleepbridge_backup_age_seconds: gauge('Age of the last good copy of the database'),
  bleepbridge_restore_drill_age_seconds: gauge('Since a copy of the database was last restored on trial'),
  bleepbridge_backups_total: counter('Copies of the database', 'outcome'),

  // filing in the patient's record
  bleepbridge_filings: gauge('Ended alerts of the last day, by what became of them in the record', 'filed'),
  bleepbridge_filings_undecided: gauge('Alerts that wait for a person to say whose record they belong in'),
  bleepbridge_filing_sends_total: counter('Filings sent, by their result', 'way', 'result'),
  bleepbridge_filing_seconds: times('How long the record took over one filing', 'way'),
  bleepbridge_filing_oldest_seconds: gauge('Age of the oldest filing that waits', 'way'),
  bleepbridge_filing_up: gauge('1 while a way into the record was shown to work', 'way'),

  // the machine
  bleepbridge_ready: gauge('1 while fit to page'),
  bleepbridge_standing: gauge('How many things stand on /readyz under a fault code', 'fault'),
  bleepbridge_obligation: gauge('1 while an obligation holds, 0 while it does not', 'obligation'),
  bleepbridge_store_commit_seconds: times('How long a transaction took, its commit included'),
  bleepbridge_store_faults_total: counter('Transactions refused by the database', 'fault'),
  bleepbridge_mqtt_connected: gauge('1 while the broker answers'),
  bleepbridge_mqtt_retained_total: counter(
    'Answers and receipts that a broker had kept: passed over',
    'leaf',
  ),
  bleepbridge_mqtt_published_total: counter('Messages to the broker', 'outcome'),
  bleepbridge_http_requests_total: counter('Requests answered', 'route', 'status'),
  bleepbridge_http_seconds: times('How long requests took', 'route'),
  bleepbridge_restarts_total: counter('Tasks restarted after a defect', 'task'),
  bleepbridge_reloads_total: counter("Readings of the site's files on request, by outcome", 'outcome'),
  bleepbridge_clock_steps_total: counter('Times the system clock jumped'),
  bleepbridge_loop_lag_seconds: gauge('How late the event loop ran, worst of the last interval'),
  bleepbridge_memory_bytes: gauge('Memory that the process holds'),
  bleepbridge_store_bytes: gauge('Size of the database'),
  bleepbridge_store_free_bytes: gauge('Free space where the embedded database lies'),
  bleepbridge_clock_offset_seconds: gauge('Clock of a shared database less ours'),
  bleepbridge_node_unseen_seconds: gauge(
    'Since another node of the database was heard of, of several the longest',
  ),
  bleepbridge_build_info: gauge('1, with the version that runs', 'version'),
  bleepbridge_labels_refused_total: counter(
    'Label values that were neither listed nor configured, written as other',
  ),
} as const satisfies Record<string, MetricRow>

type MetricName = keyof typeof METRICS
type NameOf<T extends MetricType> = {
  [N in MetricName]: (typeof METRICS)[N] extends MetricRow<T> ? N : never
}[MetricName]

export type CounterName = NameOf<'counter'>
export type GaugeName = NameOf<'gauge'>
export type HistogramName = NameOf<'histogram'>

/** Labels whose values may link one observation to a bleep: ids only, shown in OpenMetrics and never a series. */
export const EXEMPLAR_LABELS: readonly string[] = ['bleep', 'alert', 'attempt']
