import { type Address, isSureQuality, type Page } from '../../core/bleep/bleep.ts'
import { say } from '../../core/catalogue/say.ts'
import { FAULTS, type StandingCode } from '../../core/faults.ts'
import { given } from '../../core/given.ts'
import { asId, type BleepId, type FeedId } from '../../core/ids.ts'
import { type Instant, type Millis, printInstant } from '../../core/instant.ts'
import {
  type Ear,
  hearBytes,
  hearCodewords,
  hearOpened,
  hearRecord,
  hearSound,
  hearStepped,
  hearUnread,
  hearValid,
  isUnfit,
  judgeHearing,
  startHearing,
} from '../../core/line/hearing.ts'
import {
  LINE_ERRORS,
  type LineErrors,
  NO_ERRORS,
  plusErrors,
  worstOf,
} from '../../core/line/kit/line-errors.ts'
import type { PageStatus, Wire } from '../../core/line/kit/protocol.ts'
import type { Line } from '../../core/line/registry.ts'
import type { FeedView } from '../../core/measure/watch/feed-view.ts'
import type { SignalFigures } from '../../core/pocsag/signal.ts'
import type { ReasonCode } from '../../core/reasons.ts'
import type { Capture } from '../../ports/capture.ts'
import type { LinePort } from '../../ports/line.ts'
import { DEFECT } from '../../ports/log.ts'
import type { Tools } from '../../ports/tools.ts'
import { defect } from '../defect.ts'
import { followSteps } from '../ticks.ts'
import { createFeed, type Feed, type Sent } from './feed.ts'
import type { Ingest, Source } from './ingest.ts'
import { type PortSink, type SupervisedPort, supervisePort } from './port.ts'

/** A feed as the site configured it, with the means to open its wires. */
export interface FeedSpec extends Omit<Source, 'feed'> {
  readonly id: string
  readonly silentAfterMs: Millis
  /** What the site calls it. */
  readonly name: string
  /** What kind of line it is, as far as it matters to whether it is heard. */
  readonly ear: Ear
  readonly reopen: boolean
  /** The port listens for peers that come and go. */
  readonly callers: boolean
  readonly line: Line
  readonly wires: readonly { readonly wire: Wire; readonly port: LinePort }[]
  readonly capture: Capture | undefined
}

export interface FeedTools extends Tools {
  readonly ingest: Ingest
  /** Told whenever a feed's state may have changed: telemetry and boards. */
  readonly onChange: (feed: FeedView) => void
}

export interface RunningFeed {
  readonly id: string
  view(): FeedView
  /** Faults that stand now, on any wire. */
  faults(): readonly StandingCode[]
  /** Pages heard and not yet durable. */
  held(): number
  /** Why nothing is written to its raw capture now. */
  uncaptured?(): StandingCode | undefined
  /** How a page that `send` is given must be addressed; missing: this feed sends none. */
  readonly sends?: Address['scheme']
  send(page: Page): Promise<Sent>
  status(bleep: BleepId, status: PageStatus): void
  know: Feed['know']
  /** Tells whether the line, by its own habits, should have spoken by now and has not. */
  overdue(is: boolean): void
  stop(): Promise<void>
}

/** How often it is asked whether a line is heard. */
const LOOK_EVERY: Millis = 5000
/** Notes that only the right protocol makes, and notes of records that fitted the profile. */
const LIFE: ReadonlySet<ReasonCode> = new Set([
  'heartbeat',
  'resend-dropped',
  'record-heard',
  'transmission-end',
])
const FITTED: ReadonlySet<ReasonCode> = new Set(['noise-line', 'log-line', 'date-record', 'record-heard'])

const sentenceOf = (heard: boolean): string =>
  heard ? say('watch.openAndListening') : say('watch.openNothingHeardYet')

/** Opens one feed and keeps it: ports supervised, bytes into its protocol, pages to T1, every trouble counted. */
export function startFeed(spec: FeedSpec, tools: FeedTools): RunningFeed {
  const { clock, log, metrics, ingest } = tools
  const { tap, repeatMs, hospital } = spec
  const source: Source = { feed: asId<FeedId>(spec.id), tap, repeatMs, ...given({ hospital }) }
  const label = { feed: spec.id }
  let since: Instant = clock.now()
  let lastPage: Instant | undefined
  let counted: LineErrors | undefined
  let heardLast: SignalFigures | undefined
  const hearing = startHearing(spec.ear, clock.now())
  let found: readonly StandingCode[] = []
  const open = new Set<Wire>()

  const feed: Feed = createFeed(
    spec.line,
    {
      async store(page, improves, decoded, durable) {
        lastPage = clock.now()
        hearValid(hearing, lastPage)
        if (isSureQuality(page.quality)) hearSound(hearing)
        hearRecord(hearing, true)
        metrics.gauge('bleepbridge_feed_last_page_seconds', lastPage / 1000, label)
        return ingest.store(source, page, improves, decoded, durable)
      },
      takes: () => !spec.ear.guesses || !isUnfit(hearing),
      call(record) {
        hearValid(hearing, clock.now())
        hearRecord(hearing, true)
        metrics.count('bleepbridge_feed_calls_total', label)
        void ingest.call(source, record)
      },
      discarded(bytes, fault) {
        metrics.count('bleepbridge_feed_discarded_bytes_total', label, bytes.length)
        metrics.count('bleepbridge_feed_faults_total', { ...label, fault })
        // Which wire it came by does not matter to the judgement whether this line is garbage.
        ports[0]?.discarded(bytes.length)
        if (fault === 'record-unmatched') hearRecord(hearing, false)
        // A lost page stands, like a defect: whoever sent it is the only one who can send it again.
        if (FAULTS[fault].severity === 'alarm')
          log.error(fault === 'page-lost' ? DEFECT : 'feed-fault', { ...label, fault, subject: spec.id })
      },
      noted(reason, count) {
        if (LIFE.has(reason)) hearValid(hearing, clock.now())
        hearUnread(hearing, reason)
        if (FITTED.has(reason)) hearRecord(hearing, true)
        metrics.count('bleepbridge_feed_notes_total', { ...label, reason }, count)
      },
      checked(read) {
        const { words, corrected, signal } = read
        if (hearCodewords(hearing, read, clock.now()) && signal) {
          heardLast = signal
          metrics.gauge('bleepbridge_feed_eye_opening', signal.eyeOpening, label)
          metrics.gauge('bleepbridge_feed_impulses_per_second', signal.impulses, label)
          metrics.gauge('bleepbridge_feed_low_cut_hertz', signal.lowCutHertz, label)
          metrics.gauge('bleepbridge_feed_tone_offset', signal.toneOffset, label)
        }
        metrics.count('bleepbridge_feed_codewords_total', label, words)
        metrics.count('bleepbridge_feed_corrected_bits_total', label, corrected)
      },
      write: (bytes) => void ports[0]?.write(bytes),
      hangUp: () => ports[0]?.hangUp(),
      failed: (error) => defect(tools, 'line-failed', spec.id, error),
    },
    clock,
  )

  const sinkOf = (wire: Wire): PortSink => ({
    opened(at) {
      open.add(wire)
      since = at
      metrics.count('bleepbridge_feed_events_total', { ...label, event: 'opened' })
      log.info('port-opened', { ...label, wire })
      hearOpened(hearing, at)
      if (open.size === spec.wires.length) feed.opened(at)
      changed()
    },
    closed(at) {
      const whole = open.size === spec.wires.length
      open.delete(wire)
      since = at
      metrics.count('bleepbridge_feed_events_total', { ...label, event: 'closed' })
      if (whole) feed.closed(at)
      changed()
    },
    bytes(bytes, at, began) {
      metrics.count('bleepbridge_feed_bytes_total', label, bytes.length)
      metrics.gauge('bleepbridge_feed_last_byte_seconds', at / 1000, label)
      hearBytes(hearing, bytes, at)
      feed.bytes(bytes, at, wire, began)
    },
    errors(errors) {
      counted = plusErrors(counted ?? NO_ERRORS, errors)
      // A count of nothing too: it says that this port's driver counts.
      for (const event of LINE_ERRORS)
        metrics.count('bleepbridge_feed_events_total', { ...label, event }, errors[event])
    },
    fault(fault, at) {
      since = at
      metrics.count('bleepbridge_feed_faults_total', { ...label, fault: fault.code })
      log.warn('port-fault', { ...label, wire, fault: fault.code })
      changed()
    },
    cleared(fault, at) {
      since = at
      log.info('port-fault-cleared', { ...label, wire, fault })
      changed()
    },
  })

  const ports: SupervisedPort[] = []
  for (const { wire, port } of spec.wires) {
    const options = { wire, silentAfter: spec.silentAfterMs, reopen: spec.reopen, callers: spec.callers }
    const supervised = supervisePort(
      port,
      options,
      spec.capture ? { clock, capture: spec.capture } : { clock },
      sinkOf(wire),
    )
    ports.push(supervised)
  }

  const faults = (): readonly StandingCode[] => [
    ...new Set([...ports.flatMap((port) => port.faults()), ...found]),
  ]

  /** Every wire is open; for peers that come and go, open to them. */
  function up(): boolean {
    return (
      open.size === spec.wires.length || (spec.callers && faults().every((code) => code === 'peer-refused'))
    )
  }

  /** Looks again at whether the line is heard, as long as it runs. */
  function look(): void {
    hearSteps(hearing)
    const now = judgeHearing(hearing, up(), clock.now())
    for (const code of now.filter((one) => !found.includes(one))) {
      metrics.count('bleepbridge_feed_faults_total', { ...label, fault: code })
      log.warn('feed-not-heard', { ...label, fault: code })
    }
    const before = found
    found = now
    if (now.length !== before.length || now.some((code) => !before.includes(code))) changed()
    looking = clock.after(LOOK_EVERY, look)
  }
  const hearSteps = followSteps(clock, hearStepped)
  let looking = clock.after(LOOK_EVERY, look)

  function view(): FeedView {
    const worst = worstOf(faults())
    const isOpen = up()
    const state =
      worst === undefined || worst.works
        ? isOpen
          ? 'open'
          : 'closed'
        : isOpen && worst.code === 'line-silent'
          ? 'silent'
          : 'failed'
    return {
      id: spec.id,
      name: spec.name,
      state,
      heard: hearing.valid !== undefined,
      since: printInstant(since),
      ...(lastPage === undefined ? {} : { lastPage: printInstant(lastPage) }),
      sentence: worst
        ? FAULTS[worst.code].sentence
        : isOpen
          ? sentenceOf(hearing.valid !== undefined)
          : say('watch.notOpen'),
      ...(worst ? { remedy: FAULTS[worst.code].remedy } : {}),
      ...given({ portErrors: counted, signal: heardLast }),
    }
  }

  function changed(): void {
    metrics.gauge('bleepbridge_feed_up', up() ? 1 : 0, label)
    tools.onChange(view())
  }

  return {
    id: spec.id,
    ...{ view, faults, held: feed.held, uncaptured: () => spec.capture?.failing?.() },
    ...given({ sends: spec.line.sends }),
    ...{ send: feed.send, status: feed.status, know: feed.know },
    overdue(is) {
      hearing.overdue = is
    },
    async stop() {
      looking.cancel()
      const stored = feed.stop()
      for (const port of ports) port.close()
      await stored.then(() => spec.capture?.close())
    },
  }
}
