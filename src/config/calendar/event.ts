import { say } from '../../core/catalogue/say.ts'
import type { Millis } from '../../core/instant.ts'
import { dayOf, type Zone, type Zones } from './face.ts'
import { allOf, firstOf, type Part, type Property, plainText } from './lines.ts'
import { type Rule, readRule } from './rule.ts'
import { instantOfStamp, type Length, readLength, readStamp, type Stamp } from './stamp.ts'

/** How long each occurrence is. By the clock, as every calendar shows it: 20:00 to 08:00 also in the night of the change. */
export type Lasts =
  | { readonly kind: 'clock'; readonly by: Millis; readonly zone: Zone }
  | { readonly kind: 'time'; readonly by: Length }

/** An additional occurrence (RDATE); with its own length where it was given as a period. */
interface Extra {
  readonly start: Stamp
  readonly lasts?: Lasts
}

/** One VEVENT (RFC 5545 clause 3.6.1), read whole. */
export interface CalendarEvent {
  readonly uid: string
  readonly line: number
  /** SEQUENCE, then DTSTAMP: of two versions the greater holds. */
  readonly version: readonly [sequence: number, stamped: string]
  readonly start: Stamp
  readonly lasts: Lasts
  readonly rules: readonly { readonly rule: Rule; readonly until?: Stamp }[]
  readonly extras: readonly Extra[]
  readonly except: readonly Stamp[]
  /** RECURRENCE-ID: the occurrence of the series that this stands for, or that one and all that follow. */
  readonly instead?: { readonly of: Stamp; readonly following: boolean }
  readonly cancelled: boolean
  readonly summary: string
  readonly attendees: readonly Property[]
}

const DAY: Length = { days: 1, time: 0 }

/** Reads an event, or gives the sentence that says what in it cannot be. */
export function readEvent(part: Part, zones: Zones): CalendarEvent | string {
  let wrong: string | undefined
  const stampOf = (property: Property, value?: string): Stamp | undefined => {
    const found = readStamp(property, zones, value)
    if (typeof found !== 'string') return found
    wrong ??= found
    return undefined
  }
  const text = (name: string) => plainText(firstOf(part, name)?.value ?? '')
  const starts = firstOf(part, 'DTSTART')
  if (starts === undefined) return say('settings.itHasNoBeginningDtstart')
  if (allOf(part, 'EXRULE').length > 0) return say('settings.exruleIsNotFollowedHere')
  if (firstOf(part, 'DTEND') && firstOf(part, 'DURATION')) return say('settings.hasEndAndLength')
  const start = stampOf(starts)
  const lasts = start && lengthOf(part, start, stampOf)
  if (start === undefined || lasts === undefined) return wrong ?? say('settings.hasEndAfterItsBeginning')

  const rules = allOf(part, 'RRULE').map(({ value }) => {
    const rule = readRule(value)
    if (typeof rule === 'string') {
      wrong ??= rule
      return undefined
    }
    if (start.wholeDay && (rule.hours ?? rule.minutes ?? rule.seconds))
      wrong ??= say('settings.rruleHasHoursOfWhole')
    if (rule.until === undefined) return { rule }
    const { params, line } = starts
    const until = stampOf({ name: 'UNTIL', params: timed(params), value: rule.until, line })
    return until && { rule, until }
  })
  const extras = allOf(part, 'RDATE').flatMap((property) =>
    property.value.split(',').map((value): Extra | undefined => {
      const [from = '', to] = value.split('/')
      const first = stampOf(timedOnly(property), from)
      if (to === undefined || first === undefined) return first && { start: first }
      const length = readLength(to)
      if (length !== undefined) return { start: first, lasts: { kind: 'time', by: length } }
      const end = stampOf(timedOnly(property), to)
      const by = end === undefined ? 0 : instantOfStamp(end) - instantOfStamp(first)
      if (by <= 0) wrong ??= say('settings.rdateHasPeriodWithoutEnd', { text: value.slice(0, 40) })
      return { start: first, lasts: { kind: 'time', by: { days: 0, time: by } } }
    }),
  )
  const except = allOf(part, 'EXDATE').flatMap((property) =>
    property.value.split(',').map((value) => stampOf(loose(property, starts), value)),
  )
  const instead = firstOf(part, 'RECURRENCE-ID')
  const of = instead && stampOf(loose(instead, starts))
  const range = instead?.params.get('RANGE')?.toUpperCase()
  if (range !== undefined && range !== 'THISANDFUTURE')
    wrong ??= say('settings.recurrenceIdHasRange', { range })
  if (wrong !== undefined) return wrong
  return {
    uid: text('UID') || say('settings.eventWithoutUid'),
    line: part.line,
    version: [Number(text('SEQUENCE')) || 0, text('DTSTAMP')],
    start,
    lasts,
    rules: rules.flatMap((rule) => rule ?? []),
    extras: extras.flatMap((extra) => extra ?? []),
    except: except.flatMap((stamp) => stamp ?? []),
    ...(of === undefined ? {} : { instead: { of, following: range !== undefined } }),
    cancelled: text('STATUS').toUpperCase() === 'CANCELLED',
    summary: text('SUMMARY'),
    attendees: allOf(part, 'ATTENDEE'),
  }
}

/** By DTEND or DURATION; a whole day without either is that day (clause 3.6.1), a time without either is no duty. */
function lengthOf(
  part: Part,
  start: Stamp,
  stampOf: (property: Property) => Stamp | undefined,
): Lasts | undefined {
  const [ends, lasts] = [firstOf(part, 'DTEND'), firstOf(part, 'DURATION')]
  if (ends !== undefined) {
    const end = stampOf(ends)
    if (end === undefined || instantOfStamp(end) <= instantOfStamp(start)) return undefined
    if (end.zone.name === start.zone.name || (end.wholeDay && start.wholeDay))
      return { kind: 'clock', by: end.face - start.face, zone: start.zone }
    return { kind: 'time', by: { days: 0, time: instantOfStamp(end) - instantOfStamp(start) } }
  }
  const by = lasts === undefined ? (start.wholeDay ? DAY : undefined) : readLength(lasts.value)
  return by && { kind: 'time', by }
}

/** The zone of DTSTART says how an UNTIL without Z is meant. */
function timed(params: Property['params']): Property['params'] {
  const tzid = params.get('TZID')
  return new Map(tzid === undefined ? [] : [['TZID', tzid]])
}

const timedOnly = (property: Property): Property => ({ ...property, params: timed(property.params) })

/** An exception that names no zone is meant by the clock of the series it is of. */
function loose(property: Property, starts: Property): Property {
  return { ...property, params: timed(property.params.has('TZID') ? property.params : starts.params) }
}

/** Whether an exception means this occurrence: its day, or its very instant. */
export function means(exception: Stamp, occurrence: Stamp): boolean {
  if (exception.wholeDay || occurrence.wholeDay) return dayOf(exception.face) === dayOf(occurrence.face)
  return instantOfStamp(exception) === instantOfStamp(occurrence)
}
