import { say } from '../../core/catalogue/say.ts'
import type { Instant } from '../../core/instant.ts'
import { DAY as DAY_MS } from '../../core/instant.ts'
import { type CalendarEvent, type Lasts, means } from './event.ts'
import type { Face } from './face.ts'
import { expand } from './recur.ts'
import { instantOfStamp, type Stamp } from './stamp.ts'

/** One duty as the calendar has it, and the event that says who does it. */
export interface Occurrence {
  readonly event: CalendarEvent
  readonly from: Instant
  readonly to: Instant
}

export interface Window {
  readonly from: Instant
  readonly to: Instant
}

/** What cannot be read, or is read and looks wrong. */
export interface Remark {
  readonly line: number
  readonly uid: string
  readonly detail: string
  readonly doubt: boolean
}

/** No role has more duties than this of one event in the window: five a day. */
const MOST = 2500

/**
 * Every occurrence of the events of one UID that touches the window: the series with its exceptions, what was moved, given
 * away or cancelled in its place. What was moved and belongs to no occurrence of the series still counts: better one too
 * many than nobody.
 */
export function occurrencesOf(
  events: readonly CalendarEvent[],
  window: Window,
  remark: (remark: Remark) => void,
): readonly Occurrence[] {
  const masters = newestOf(events.filter((e) => e.instead === undefined))
  const moved = newestMoves(events.filter((e) => e.instead !== undefined))
  const used = new Set<CalendarEvent>()
  const found: Occurrence[] = []
  const doubtful = (event: CalendarEvent, detail: string, doubt = true) =>
    remark({ line: event.line, uid: event.uid, detail, doubt })

  for (const master of masters) {
    if (masters.length > 1) doubtful(master, say('settings.severalEventsHaveUidEach'))
    if (master.cancelled) continue
    const starts = startsOf(master, window, doubtful)
    for (const { start, lasts } of starts) {
      const own = moved.find((m) => m.instead && !m.instead.following && means(m.instead.of, start))
      if (own !== undefined) {
        used.add(own)
        continue
      }
      const later = moved.findLast(
        (m) => m.instead?.following && instantOfStamp(m.instead.of) <= instantOfStamp(start),
      )
      if (later?.instead === undefined) found.push({ event: master, ...spanOf(start, lasts ?? master.lasts) })
      else if (!later.cancelled) found.push({ event: later, ...movedSpan(start, later, later.instead.of) })
    }
  }
  for (const event of moved) {
    if (event.cancelled || event.instead === undefined || event.instead.following) continue
    const of = instantOfStamp(event.instead.of)
    const looked = masters.length > 0 && of > window.from && of < window.to
    if (looked && !used.has(event)) doubtful(event, say('settings.standsOccurrenceSeriesDoesNot'))
    found.push({ event, ...spanOf(event.start, event.lasts) })
  }
  return found.filter(({ from, to }) => to > window.from && from < window.to).sort((a, b) => a.from - b.from)
}

/**
 * Where an occurrence begins and ends whose series was moved from one of them on: by as much as that one, by the clock of
 * the series, in whatever zone the move is written.
 */
function movedSpan(start: Stamp, later: CalendarEvent, of: Stamp): ReturnType<typeof spanOf> {
  if (start.wholeDay !== later.start.wholeDay || of.wholeDay !== start.wholeDay || start.wholeDay)
    return spanOf({ ...later.start, face: start.face + later.start.face - of.face }, later.lasts)
  const { zone } = start
  const by = faceIn(zone, instantOfStamp(later.start)) - faceIn(zone, instantOfStamp(of))
  const lasts = later.lasts.kind === 'clock' ? { ...later.lasts, zone } : later.lasts
  return spanOf({ ...start, face: start.face + by }, lasts)
}

/** What the clock of a zone shows at an instant: a zone tells the other way round, so it is come near to. */
function faceIn(zone: Stamp['zone'], at: Instant): Face {
  let face: Face = at
  for (let i = 0; i < 3; i++) face += at - zone.instantOf(face)
  return face
}

interface Start {
  readonly start: Stamp
  readonly lasts?: Lasts
}

/** Where the occurrences of a series begin: DTSTART, its rules, its dates, less its exceptions (clause 3.8.5). */
function startsOf(
  master: CalendarEvent,
  window: Window,
  doubtful: (event: CalendarEvent, detail: string, doubt?: boolean) => void,
): readonly Start[] {
  const { start, rules, extras, except } = master
  const long = longest(master)
  const [first, last]: [Face, Face] = [window.from - long - 2 * DAY_MS, window.to + 2 * DAY_MS]
  const starts = new Map<Instant, Start>()
  const add = (one: Start) => starts.set(instantOfStamp(one.start), one)
  let within = rules.length === 0
  for (const { rule, until } of rules) {
    let count = 0
    if (until !== undefined && !notAfter(start, until))
      doubtful(master, say('settings.ruleEndsBeforeBeginning'))
    within ||= !expand(rule, start.face, start.face, start.face).next().done
    for (const face of expand(rule, start.face, first, last)) {
      const one = { ...start, face }
      if (until !== undefined && !notAfter(one, until)) break
      if (++count > MOST) {
        doubtful(master, say('settings.hasMoreThanOccurrencesTime', { most: MOST }), false)
        break
      }
      add({ start: one })
    }
  }
  if (!within) doubtful(master, say('settings.itsBeginningDtstartDayIts'))
  add({ start })
  for (const extra of extras) add(extra)
  const left = [...starts.values()].filter((one) => !except.some((e) => means(e, one.start)))
  for (const exception of except) {
    const at = instantOfStamp(exception)
    const looked = at > window.from && at < window.to && at >= instantOfStamp(start)
    if (looked && ![...starts.values()].some((one) => means(exception, one.start)))
      doubtful(master, say('settings.exdateLeavesOutOccurrenceDoes'))
  }
  return left
}

/** UNTIL is the last that may be, itself included; as a day it is the whole of it. */
function notAfter(one: Stamp, until: Stamp): boolean {
  if (until.wholeDay || one.wholeDay) return Math.floor(one.face / DAY_MS) <= Math.floor(until.face / DAY_MS)
  return instantOfStamp(one) <= instantOfStamp(until)
}

function spanOf(start: Stamp, lasts: Lasts): { readonly from: Instant; readonly to: Instant } {
  const from = instantOfStamp(start)
  if (lasts.kind === 'clock') return { from, to: lasts.zone.instantOf(start.face + lasts.by) }
  return { from, to: start.zone.instantOf(start.face + lasts.by.days * DAY_MS) + lasts.by.time }
}

function longest({ lasts }: CalendarEvent): number {
  return lasts.kind === 'clock' ? lasts.by : lasts.by.days * DAY_MS + lasts.by.time
}

/** Of several versions of an event the greatest; events that only share a UID are all kept. */
function newestOf(events: readonly CalendarEvent[]): readonly CalendarEvent[] {
  const newest = Math.max(...events.map((e) => e.version[0]))
  return events.filter((e) => e.version[0] === newest)
}

function newestMoves(events: readonly CalendarEvent[]): readonly CalendarEvent[] {
  const kept = new Map<Instant, CalendarEvent>()
  const inOrder = events.toSorted(
    (a, b) =>
      a.version[0] - b.version[0] || (a.version[1] < b.version[1] ? -1 : a.version[1] > b.version[1] ? 1 : 0),
  )
  for (const event of inOrder) if (event.instead) kept.set(instantOfStamp(event.instead.of), event)
  return [...kept.values()].sort(
    (a, b) => (a.instead ? instantOfStamp(a.instead.of) : 0) - (b.instead ? instantOfStamp(b.instead.of) : 0),
  )
}
