import ICAL from 'ical.js'
import { instantOf, parseDay } from '../core/directory/civil.ts'
import type { Duty, Person } from '../core/directory/directory.ts'
import type { RoleId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'
import { DAY } from '../core/instant.ts'
import type { ConfigFault } from './fault.ts'

const BACK = 60 * DAY
const AHEAD = 400 * DAY
/** An endless rule with tiny steps must not hold up the start: no rota has more events than this in the window. */
const MOST_OCCURRENCES = 5000

/**
 * Reads one role's rota from iCalendar (RFC 5545). The person is the event's attendee (the part of the address before
 * the `@` is their id) or its summary (their id, or their name exactly). Repeats and moved single events are followed.
 * `TZID` must be an IANA name; times without one are civil times of the site.
 */
export function readCalendar(
  file: string,
  text: string,
  role: RoleId,
  people: readonly Person[],
  zone: string,
  now: Instant,
  faults: ConfigFault[],
): readonly Duty[] {
  const parts = parse(file, text, faults)
  const moved = parts.filter((part) => part.hasProperty('recurrence-id'))
  const duties: Duty[] = []
  const wrong = (event: ICAL.Event, detail: string) =>
    faults.push({ path: `${file}:${event.uid ?? 'event without UID'}`, code: 'calendar-broken', detail })

  for (const part of parts) {
    if (moved.includes(part)) continue
    const exceptions = moved.filter(
      (m) => m.getFirstPropertyValue('uid') === part.getFirstPropertyValue('uid'),
    )
    const event = new ICAL.Event(part, { exceptions, strictExceptions: true })
    if (!part.hasProperty('dtstart') || !(part.hasProperty('dtend') || part.hasProperty('duration'))) {
      wrong(event, 'it lacks a beginning or an end')
      continue
    }
    for (const { item, startDate, endDate } of occurrences(event, now + AHEAD)) {
      const person = people.find((p) => p.id === attendee(item)) ?? bySummary(people, item.summary)
      if (person === undefined) {
        wrong(event, 'its person is not known')
        break
      }
      const from = instantOfTime(startDate, item, 'dtstart', zone)
      const to = instantOfTime(endDate, item, item.component.hasProperty('dtend') ? 'dtend' : 'dtstart', zone)
      if (from === undefined || to === undefined || to <= from) {
        wrong(event, 'its times cannot be read')
        break
      }
      if (to < now - BACK) continue
      duties.push({ role, person: person.id, from, to, source: `${role}.ics:${event.uid}` })
    }
  }
  return duties
}

function parse(file: string, text: string, faults: ConfigFault[]): readonly ICAL.Component[] {
  try {
    return new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')
  } catch {
    faults.push({ path: file, code: 'calendar-broken' })
    return []
  }
}

interface Occurrence {
  readonly item: ICAL.Event
  readonly startDate: ICAL.Time
  readonly endDate: ICAL.Time
}

function* occurrences(event: ICAL.Event, until: Instant): Generator<Occurrence> {
  if (!event.isRecurring()) {
    yield { item: event, startDate: event.startDate, endDate: event.endDate }
    return
  }
  const times = event.iterator()
  for (let n = 0; n < MOST_OCCURRENCES; n++) {
    const next = times.next()
    if (!next || Date.UTC(next.year, next.month - 1, next.day) > until) return
    yield event.getOccurrenceDetails(next)
  }
}

/** By the calendar's own clock face and the zone's name, so that a stale VTIMEZONE block cannot shift a night. */
function instantOfTime(
  time: ICAL.Time,
  event: ICAL.Event,
  property: string,
  zone: string,
): Instant | undefined {
  const two = (n: number) => String(n).padStart(2, '0')
  const day = parseDay(`${time.year}-${two(time.month)}-${two(time.day)}`)
  if (day === undefined) return undefined
  const named = event.component.getFirstProperty(property)?.getFirstParameter('tzid')
  const utc = time.zone === ICAL.Timezone.utcTimezone
  try {
    return instantOf(day, `${two(time.hour)}:${two(time.minute)}`, utc ? 'UTC' : (named ?? zone))
  } catch {
    return undefined
  }
}

function attendee(event: ICAL.Event): string | undefined {
  const address = event.component.getFirstPropertyValue('attendee')
  return typeof address === 'string' ? /^mailto:([^@]+)@/i.exec(address)?.[1] : undefined
}

function bySummary(people: readonly Person[], summary: string | null): Person | undefined {
  const named = people.filter((p) => p.id === summary || p.name === summary)
  return named.length === 1 ? named[0] : undefined
}
