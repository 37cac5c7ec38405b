import type { Page } from '../../core/bleep/bleep.ts'
import type { FaultCode, Result } from '../../core/faults.ts'
import type { BleepId } from '../../core/ids.ts'
import type { Instant, Millis } from '../../core/instant.ts'
import type { CallRecord } from '../../core/line/kit/call-record.ts'
import type { CodewordsRead, LineEffect, LineInput, PageStatus, Wire } from '../../core/line/kit/protocol.ts'
import type { Line } from '../../core/line/registry.ts'
import { never } from '../../core/never.ts'
import type { RicDirectory } from '../../core/pocsag/directory.ts'
import type { ReasonCode } from '../../core/reasons.ts'
import type { Clock, Timer } from '../../ports/clock.ts'

/** What a feed passes on. Everything is passed on as it happens; `store` resolves when the page is durable. */
export interface FeedSink {
  /**
   * T1. `improves` is the bleep of a page stored before, of which this is a better reading; `decoded`: when it came out.
   * `durable` may be called as soon as it is, before anything else is done about it.
   */
  store(
    page: Page,
    improves: BleepId | undefined,
    decoded: Instant,
    durable: (id: BleepId) => void,
  ): Promise<Result<BleepId>>
  call(record: CallRecord): void
  discarded(bytes: Uint8Array, fault: FaultCode): void
  noted(reason: ReasonCode, count: number): void
  checked(read: CodewordsRead): void
  /** False while the profile is only a guess: the page is reported, and nobody is paged. */
  takes(): boolean
  /** Bytes for the wire. */
  write(bytes: Uint8Array): void
  /** Ends the peer's connection, where the line has one, once what was written is out. */
  hangUp(): void
  /** The protocol, or what takes its effects, threw: a defect of ours. The line begins anew with what comes next. */
  failed(error: unknown): void
}

/** As much of a line as its loop needs. */
export type FedLine = Pick<Line, 'listensOnly' | 'step'>

export type Sent = Extract<LineEffect, { kind: 'sent' }>

/**
 * One line protocol fed by one port. It decides nothing: it carries inputs to the protocol in order, and carries out
 * the effects.
 */
export interface Feed {
  opened(at: Instant): void
  closed(at: Instant): void
  /** `began`: when the first of these bytes started on the wire; without it, when they came. */
  bytes(bytes: Uint8Array, at: Instant, wire?: Wire, began?: Instant): void
  /** Sends a page out over this line; resolves when the protocol says how it ended, or the line closes. */
  send(page: Page): Promise<Sent>
  /** Tells the sender of a bleep taken earlier how it went, where the protocol can. */
  status(bleep: BleepId, status: PageStatus): void
  /** The radio addresses to expect from now on, where the protocol keeps a list of them. */
  know(rics: RicDirectory): void
  /** Pages held because the store could not take them, waiting for another try. */
  held(): number
  /** Ends the line. Settles when every page heard is stored or refused, those held after one last try. */
  stop(): Promise<void>
}

/** Pages kept for another try while the store is away, per feed; beyond it the oldest is given up and counted. */
const HOLD = 500
const RETRY: Millis = 1000
/** A timer that fires later than this means that the process was held up. */
const HELD_UP: Millis = 15
/** After that, bytes that waited in the kernel meanwhile have this long to be read. */
const GRACE: Millis = 30

interface Waiting {
  readonly ref: number
  readonly page: Page
  /** The ref given out for an earlier reading of the same page. */
  readonly improves: number | undefined
  readonly decoded: Instant
}

/** Pages whose sender may still hear a status or a better reading. */
const REMEMBER = 200

/**
 * @param line the protocol with its options; a line that only listens gets another try later for a page the store
 * refused, a line with a waiting sender hears the refusal at once and the sender repeats
 */
export function createFeed(line: FedLine, sink: FeedSink, clock: Clock): Feed {
  const sent = new Map<number, (outcome: Sent) => void>()
  const bleeps = new Map<number, BleepId>()
  const waiting: Waiting[] = []
  let timer: Timer | undefined
  let retry: Timer | undefined
  let nextSend = 1
  let stopped = false
  let storing = Promise.resolve()

  function input(it: LineInput): void {
    if (stopped) return
    try {
      for (const effect of line.step(it)) run(effect)
    } catch (error) {
      sink.failed(error)
      afresh(it.at)
    }
  }

  /** What a protocol was in the middle of when it threw is gone: to it the line was closed and is open again. */
  function afresh(at: Instant): void {
    try {
      for (const kind of ['closed', 'opened'] as const)
        for (const effect of line.step({ kind, at })) run(effect)
    } catch (error) {
      sink.failed(error)
    }
  }

  function run(effect: LineEffect): void {
    switch (effect.kind) {
      case 'page': {
        // Pages are stored in the order they were heard; the wire goes on being read meanwhile.
        const decoded = clock.now()
        storing = storing.then(() => take(effect, decoded)).catch(sink.failed)
        break
      }
      case 'call':
        sink.call(effect.record)
        break
      case 'reply':
        sink.write(effect.bytes)
        break
      case 'hang-up':
        sink.hangUp()
        break
      case 'wake':
        timer?.cancel()
        wake(effect.after)
        break
      case 'discard':
        sink.discarded(effect.bytes, effect.fault)
        break
      case 'heard':
        // Its fields may hold a caller's words: counted here, kept in the raw capture.
        sink.noted('record-heard', 1)
        break
      case 'note':
        sink.noted(effect.reason, effect.count ?? 1)
        break
      case 'checked':
        sink.checked(effect)
        break
      case 'sent':
        sent.get(effect.ref)?.(effect)
        sent.delete(effect.ref)
        break
      default:
        never(effect)
    }
  }

  /**
   * Silence is only what we listened to: a timer that fires late means that this process was held up, and the bytes may
   * be waiting in the kernel. They get their turn before the line hears that nothing came.
   */
  function wake(after: Millis): void {
    const due = clock.now() + after
    timer = clock.after(after, () => {
      if (clock.now() - due > HELD_UP) wake(GRACE)
      else input({ kind: 'silence', at: clock.now() })
    })
  }

  async function take(
    { ref, page, improves }: Extract<LineEffect, { kind: 'page' }>,
    decoded: Instant,
  ): Promise<void> {
    const it: Waiting = { ref, page, improves, decoded }
    if (!sink.takes()) return turnAway(it)
    if (waiting.length > 0) return wait(it)
    const refused = await store(it)
    if (refused === undefined) return
    if (line.listensOnly && refused === 'page-failed') sink.discarded(new Uint8Array(), 'page-lost')
    else if (line.listensOnly) wait(it)
    else input({ kind: 'refused', ref, at: clock.now(), fault: refused })
  }

  /**
   * Hardly anything else on this line fits the profile, so this is a guess: reported and captured, and nobody is
   * paged.
   */
  function turnAway({ ref, page }: Waiting): void {
    sink.discarded(new TextEncoder().encode(page.text), 'profile-unfit')
    input({ kind: 'refused', ref, at: clock.now(), fault: 'profile-unfit' })
  }

  /** Gives the fault that prevented it, or nothing when the page is durable and the line knows. */
  async function store({ ref, page, improves, decoded }: Waiting): Promise<FaultCode | undefined> {
    const earlier = improves === undefined ? undefined : bleeps.get(improves)
    let answered = false
    const durable = (id: BleepId): void => {
      if (answered) return
      answered = true
      bleeps.set(ref, id)
      if (bleeps.size > REMEMBER) bleeps.delete(bleeps.keys().next().value ?? ref)
      input({ kind: 'stored', ref, at: clock.now() })
    }
    const done = await sink.store(page, earlier, decoded, durable)
    if (!done.ok) return done.fault.code
    durable(done.value)
    return undefined
  }

  function wait(it: Waiting): void {
    waiting.push(it)
    if (waiting.length > HOLD && waiting.shift()) sink.discarded(new Uint8Array(), 'page-lost')
    if (!stopped) retry ??= clock.after(RETRY, again)
  }

  function again(): void {
    retry = undefined
    storing = storing.then(drain).catch(sink.failed)
  }

  async function drain(): Promise<void> {
    for (let first = waiting[0]; first; first = waiting[0]) {
      const refused = await store(first)
      // Only what the database will take some day is worth keeping: a defect would stay in front of all others for ever.
      if (refused !== undefined && refused !== 'page-failed') break
      waiting.shift()
      if (refused !== undefined) sink.discarded(new Uint8Array(), 'page-lost')
    }
    if (waiting.length > 0 && !stopped) retry ??= clock.after(RETRY, again)
  }

  function end(fault: FaultCode): void {
    for (const [ref, ended] of sent) ended({ kind: 'sent', ref, outcome: 'no-answer', fault })
    sent.clear()
  }

  return {
    opened: (at) => input({ kind: 'opened', at }),
    closed(at) {
      timer?.cancel()
      input({ kind: 'closed', at })
      end('line-closed')
    },
    bytes: (bytes, at, wire, began = at) =>
      input({ kind: 'bytes', bytes, at, began, ...(wire ? { wire } : {}) }),
    send(page) {
      const ref = nextSend++
      return new Promise((ended) => {
        sent.set(ref, ended)
        input({ kind: 'send', ref, page, at: clock.now() })
      })
    },
    status(bleep, status) {
      for (const [ref, known] of bleeps) {
        if (known === bleep) return input({ kind: 'status', ref, status, at: clock.now() })
      }
    },
    know: (rics) => input({ kind: 'known', rics, at: clock.now() }),
    held: () => waiting.length,
    async stop() {
      stopped = true
      timer?.cancel()
      retry?.cancel()
      end('line-closed')
      await storing
      await drain()
      for (const _ of waiting.splice(0)) sink.discarded(new Uint8Array(), 'page-lost')
    },
  }
}
