import { type FaultCode, type FaultValue, failed, type Result, type StandingCode } from '../../core/faults.ts'
import { type Instant, MINUTE, type Millis } from '../../core/instant.ts'
import { countGarbage, GARBAGE_WINDOW, judgeGarbage, startGarbageWatch } from '../../core/line/hearing.ts'
import {
  type ErrorWatch,
  ILL_FAULTS,
  judgeErrors,
  type LineErrors,
  START_WATCH,
} from '../../core/line/kit/line-errors.ts'
import type { Wire } from '../../core/line/kit/protocol.ts'
import type { Capture } from '../../ports/capture.ts'
import type { Clock, Timer } from '../../ports/clock.ts'
import type { LineEvent, LinePort, Link, PortFault } from '../../ports/line.ts'

export interface PortOptions {
  readonly wire: Wire
  /** Longest time without a byte before the line is silent; 0: silence is normal. */
  readonly silentAfter: Millis
  /** False for a replay: its end is an end, not a fault. */
  readonly reopen: boolean
  /** The port listens for peers that come and go: waiting for one, and one that hangs up, is no fault. */
  readonly callers?: boolean
}

/** What a supervised port tells, in order. It never throws and never ends of its own accord. */
export interface PortSink {
  opened(at: Instant): void
  closed(at: Instant): void
  bytes(bytes: Uint8Array, at: Instant, began: Instant): void
  /** What the port's driver has counted since the last time; the first time says that it counts. */
  errors(errors: LineErrors): void
  /** A technical fault stands from now on; told once until it is cleared. */
  fault(fault: FaultValue, at: Instant): void
  cleared(code: FaultCode, at: Instant): void
}

export interface SupervisedPort {
  write(bytes: Uint8Array): Promise<Result<void>>
  /** Ends the peer's connection, where the port has one; it goes on listening. */
  hangUp(): void
  /** The feed's judgement: how many bytes fitted nothing. Feeds the garbage watch. */
  discarded(bytes: number): void
  /** Faults that stand now. */
  faults(): readonly StandingCode[]
  /** For good. No call of the sink comes after it. */
  close(): void
}

/** Waits between tries to open, the last repeated: quick for a loose plug, never a busy loop. Milliseconds. */
const BACK_OFF: readonly Millis[] = [250, 500, 1000, 2000, 4000, 5000]

/** A link that lived this long was sound: the next failure starts the back-off afresh. */
const SOUND_AFTER: Millis = 10_000

/** A sender that is turned away tries again within minutes. */
const REFUSED_STANDS: Millis = 10 * MINUTE

/** Faults that a new connection does not end: they are judged by themselves. */
const STAYS: ReadonlySet<StandingCode> = new Set<StandingCode>(['line-silent', 'peer-refused'])

/** A link that has neither opened nor failed by now is a fault of its own. */
const UP_WITHIN: Millis = 8000

/**
 * Keeps one port open: every way it can fail becomes a technical fault with a code, told within ten seconds and cleared
 * when it is over, and the port is opened again with back-off. Nothing else in the daemon notices.
 */
export function supervisePort(
  port: LinePort,
  options: PortOptions,
  tools: { readonly clock: Clock; readonly capture?: Capture },
  sink: PortSink,
): SupervisedPort {
  const { clock, capture } = tools
  /** As in `run/ticks.ts`: each byte asks, and a page enters no file for it. */
  const ticks = (): Millis => clock.ticks?.() ?? clock.now()
  const { wire } = options
  const standing = new Set<StandingCode>()
  let link: Link | undefined
  let isOpen = false
  let done = false
  let tries = 0
  /** By `ticks`, as whatever is only a length of time: the clock may be set meanwhile. */
  let openedAt: Millis = 0
  let heardAt: Millis = 0
  let watch = startGarbageWatch(clock.now())
  let errors: ErrorWatch = START_WATCH
  let openTimer: Timer | undefined
  let silenceTimer: Timer | undefined
  let garbageTimer: Timer | undefined
  let refusedTimer: Timer | undefined

  function raise(fault: PortFault, at: Instant): void {
    if (standing.has(fault.code)) return
    standing.add(fault.code)
    sink.fault(fault, at)
  }

  function clear(code: StandingCode, at: Instant): void {
    if (standing.delete(code)) sink.cleared(code, at)
  }

  function open(): void {
    openTimer = clock.after(UP_WITHIN, () => waited(clock.now()))
    const opening: Link = port.open((event) => {
      if (!done && link === opening) hear(event)
    })
    link = opening
  }

  /**
   * The port has neither opened nor failed. Where peers call us that is no fault: nobody has called yet, and we are
   * listening.
   */
  function waited(at: Instant): void {
    if (!options.callers) raise(failed('line-not-up', port.name).fault, at)
    else for (const code of [...standing]) if (code !== 'peer-refused') clear(code, at)
  }

  function hear(event: LineEvent): void {
    switch (event.kind) {
      case 'opened':
        openTimer?.cancel()
        isOpen = true
        openedAt = ticks()
        heardAt = openedAt
        watch = startGarbageWatch(event.at)
        errors = START_WATCH
        // Silence and garbage are judged anew; everything else that stood is over.
        for (const code of [...standing]) if (!STAYS.has(code)) clear(code, event.at)
        capture?.event('opened', wire, event.at)
        watchSilence()
        sink.opened(event.at)
        break
      case 'bytes':
        heardAt = ticks()
        if (standing.has('line-silent')) {
          clear('line-silent', event.at)
          watchSilence()
        }
        capture?.bytes('in', wire, event.bytes, event.at)
        watch = countGarbage(watch, event.bytes.length, 0)
        errors = { ...errors, heard: errors.heard + event.bytes.length }
        garbageTimer ??= clock.after(GARBAGE_WINDOW, judge)
        sink.bytes(event.bytes, event.at, event.began)
        break
      case 'errors':
        errors = judgeErrors(errors, event.errors, ticks())
        for (const code of ILL_FAULTS) {
          if (errors.seen.has(code)) raise(failed(code, port.name).fault, event.at)
          else clear(code, event.at)
        }
        sink.errors(event.errors)
        break
      case 'fault':
        if (event.fault === 'peer-refused') refused(event.at)
        else sink.fault({ code: event.fault }, event.at)
        break
      case 'closed':
        closed(event.at, event.fault)
    }
  }

  function closed(at: Instant, fault: PortFault | undefined): void {
    openTimer?.cancel()
    silenceTimer?.cancel()
    garbageTimer?.cancel()
    garbageTimer = undefined
    link = undefined
    if (isOpen) {
      isOpen = false
      capture?.event('closed', wire, at)
      sink.closed(at)
      if (ticks() - openedAt >= SOUND_AFTER) tries = 0
    }
    if (options.callers && fault?.code === 'peer-closed') tries = 0
    else if (fault) {
      for (const code of [...standing]) if (code !== fault.code && !STAYS.has(code)) clear(code, at)
      raise(fault, at)
    }
    if (!options.reopen) return
    const wait = BACK_OFF[Math.min(tries++, BACK_OFF.length - 1)] ?? SOUND_AFTER
    openTimer = clock.after(wait, open)
  }

  /** Somebody who may be a sender was turned away: it stands until nobody has been for a while. */
  function refused(at: Instant): void {
    raise(failed('peer-refused', port.name).fault, at)
    refusedTimer?.cancel()
    refusedTimer = clock.after(REFUSED_STANDS, () => clear('peer-refused', clock.now()))
  }

  function watchSilence(): void {
    silenceTimer?.cancel()
    if (options.silentAfter <= 0) return
    const left = heardAt + options.silentAfter - ticks()
    silenceTimer = clock.after(left, () => {
      if (ticks() >= heardAt + options.silentAfter) raise(failed('line-silent', port.name).fault, clock.now())
      else watchSilence()
    })
  }

  function judge(): void {
    garbageTimer = undefined
    const at = clock.now()
    watch = judgeGarbage(watch, at)
    if (watch.garbage) raise(failed('line-garbage', port.name).fault, at)
    else clear('line-garbage', at)
  }

  open()

  return {
    async write(bytes) {
      if (!link || !isOpen) return failed('line-closed', port.name)
      const result = await link.write(bytes)
      if (result.ok) {
        capture?.bytes('out', wire, bytes, clock.now())
        clear('write-timeout', clock.now())
      } else if (!done) raise(result.fault, clock.now())
      return result
    },
    hangUp: () => link?.hangUp?.(),
    discarded(bytes) {
      watch = countGarbage(watch, 0, bytes)
      garbageTimer ??= clock.after(GARBAGE_WINDOW, judge)
    },
    faults: () => [...standing],
    close() {
      if (done) return
      done = true
      for (const timer of [openTimer, silenceTimer, garbageTimer, refusedTimer]) timer?.cancel()
      if (isOpen) capture?.event('closed', wire, clock.now())
      link?.close()
    },
  }
}
