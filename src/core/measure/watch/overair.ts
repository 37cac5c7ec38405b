import { isSureQuality } from '../../bleep/bleep.ts'
import { afterStep, type Instant, MINUTE, type Millis } from '../../instant.ts'
import type { Quality } from '../../vocabulary.ts'

/**
 * The over-the-air check: pages the switchboard side asked a transmitter for, against pages a radio tap heard. A page
 * asked for and never heard is a dead spot, a dead transmitter or a dead encoder, and nobody else would notice.
 */
export interface Asked {
  readonly transmitter: string
  readonly number: string
  /** Text as asked for; compared, never kept. */
  readonly text: string
  readonly at: Instant
  /** When its beginning was heard: bits come in bursts, and the rest may stand in the next. */
  readonly begun?: Instant
}

export interface HeardPage {
  readonly transmitter: string
  readonly number: string
  readonly text: string
  readonly quality: Quality
  readonly at: Instant
  /** More of a page that was cut off when it was first told. */
  readonly rest?: boolean
}

type AirOutcome = 'heard' | 'garbled' | 'silent'

export interface AirResult {
  readonly transmitter: string
  readonly outcome: AirOutcome
  /** From asked to heard; absent when silent. */
  readonly delay?: Millis
}

/** Encoders queue pages. A page that has not been on the air by then was not sent. */
const AIR_WINDOW: Millis = 3 * MINUTE

export interface AirCheck {
  readonly open: readonly Asked[]
}

export const AIR_START: AirCheck = { open: [] }

/** At most this many wait at once, so that a tap that hears nothing any more cannot fill the memory. */
const OPEN_LIMIT = 5000

/** A page was asked for; the oldest beyond the bound count as never heard. */
export function asked(check: AirCheck, page: Asked): readonly [AirCheck, readonly AirResult[]] {
  const open = [...check.open, page]
  const [over, kept] = [open.slice(0, -OPEN_LIMIT), open.slice(-OPEN_LIMIT)]
  return [{ open: kept }, over.map(unheard)]
}

/**
 * The oldest open page to that number on that transmitter is the one heard; a page nobody asked for changes nothing.
 * One that was cut off stays open: its rest may come with the next burst of bits.
 */
export function heard(check: AirCheck, page: HeardPage): readonly [AirCheck, readonly AirResult[]] {
  const candidates = check.open.filter(
    (a) =>
      a.transmitter === page.transmitter &&
      a.number === page.number &&
      a.at <= page.at &&
      (a.begun !== undefined) === (page.rest === true),
  )
  const found =
    candidates.find((a) => a.text === page.text) ??
    candidates.find((a) => a.text.startsWith(page.text)) ??
    candidates[0]
  if (found === undefined) return [check, []]
  if (page.quality === 'unterminated' && found.text.startsWith(page.text)) {
    const begun = { ...found, begun: found.begun ?? page.at }
    return [{ open: check.open.map((a) => (a === found ? begun : a)) }, []]
  }
  const whole = found.text === page.text && isSureQuality(page.quality)
  return [
    { open: check.open.filter((a) => a !== found) },
    [{ transmitter: page.transmitter, outcome: whole ? 'heard' : 'garbled', delay: page.at - found.at }],
  ]
}

/** The clock stepped: what waits has waited no longer and no shorter for it (see `afterStep`). */
export function airStepped({ open }: AirCheck, by: Millis, from: Instant, at: Instant): AirCheck {
  const moved = (kept: Instant): Instant => afterStep(kept, by, from, at)
  return {
    open: open.map((a) => ({
      ...a,
      at: moved(a.at),
      ...(a.begun === undefined ? {} : { begun: moved(a.begun) }),
    })),
  }
}

/** What has waited too long is silent, or garbled where its beginning was heard. */
export function passed(
  check: AirCheck,
  now: Instant,
  window: Millis = AIR_WINDOW,
): readonly [AirCheck, readonly AirResult[]] {
  const late = check.open.filter((a) => now - a.at > window)
  return late.length === 0
    ? [check, []]
    : [{ open: check.open.filter((a) => now - a.at <= window) }, late.map(unheard)]
}

function unheard({ transmitter, at, begun }: Asked): AirResult {
  return begun === undefined
    ? { transmitter, outcome: 'silent' }
    : { transmitter, outcome: 'garbled', delay: begun - at }
}

/** Sums for one transmitter over a span: a row of the report. */
export interface AirFigures {
  readonly transmitter: string
  readonly asked: number
  readonly heard: number
  readonly garbled: number
  readonly silent: number
  readonly meanDelaySeconds: number | null
  readonly longestDelaySeconds: number | null
}

/** Adds one result to a transmitter's figures. */
export function addAir(before: AirFigures | undefined, result: AirResult): AirFigures {
  const was = before ?? {
    transmitter: result.transmitter,
    asked: 0,
    heard: 0,
    garbled: 0,
    silent: 0,
    meanDelaySeconds: null,
    longestDelaySeconds: null,
  }
  const delays = was.heard + was.garbled
  const delay = result.delay === undefined ? undefined : result.delay / 1000
  return {
    ...was,
    asked: was.asked + 1,
    [result.outcome]: was[result.outcome] + 1,
    meanDelaySeconds:
      delay === undefined
        ? was.meanDelaySeconds
        : ((was.meanDelaySeconds ?? 0) * delays + delay) / (delays + 1),
    longestDelaySeconds:
      delay === undefined ? was.longestDelaySeconds : Math.max(was.longestDelaySeconds ?? 0, delay),
  }
}
