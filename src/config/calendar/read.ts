import { say } from '../../core/catalogue/say.ts'
import type { Duty } from '../../core/directory/directory.ts'
import type { RoleId } from '../../core/ids.ts'
import { DAY, type Instant } from '../../core/instant.ts'
import type { ConfigFault } from '../fault.ts'
import { type CalendarEvent, readEvent } from './event.ts'
import { firstOf, type Part, plainText, readParts } from './lines.ts'
import { type Finder, whoOf } from './people.ts'
import { type Occurrence, occurrencesOf, type Remark } from './series.ts'
import { zonesOf } from './zones.ts'

const BACK = 60 * DAY
const AHEAD = 400 * DAY

/** A duty and the line of the file on which its event begins. */
export interface CalendarDuty {
  readonly duty: Duty
  readonly line: number
}

/** Which role the summary of an event names, and what is left of it; undefined: none of ours. */
type RoleIn = (summary: string) => { readonly role: RoleId; readonly rest: string } | undefined

/**
 * Reads one role's rota, or that of each role which its summaries name, from iCalendar (RFC 5545). Series, their exceptions, what was moved, given away or cancelled, and
 * several people on one duty are followed; whatever is not is a fault with the event's line, never passed over.
 * Times without a zone are civil times of the site.
 */
export function readCalendar(
  file: string,
  text: string,
  role: RoleId | RoleIn,
  people: Finder,
  zone: string,
  now: Instant,
  faults: ConfigFault[],
): readonly CalendarDuty[] {
  const remark = ({ line, uid, detail, doubt }: Remark) => {
    const code = doubt ? 'calendar-doubtful' : 'calendar-broken'
    faults.push({
      path: `${file}:${line}`,
      code,
      detail: uid === '' ? detail : say('settings.event', { uid: uid.slice(0, 60), detail }),
    })
  }
  const calendars = readParts(text)
  if ('detail' in calendars) {
    remark({ ...calendars, uid: '', doubt: false })
    return []
  }
  const window = { from: now - BACK, to: now + AHEAD }
  const found: Occurrence[] = []
  for (const calendar of calendars) {
    const zones = zonesOf(zone, ofKind(calendar, 'VTIMEZONE'), now)
    const events = ofKind(calendar, 'VEVENT').flatMap((part): readonly CalendarEvent[] => {
      const event = readEvent(part, zones)
      if (typeof event !== 'string') return [event]
      const uid = plainText(firstOf(part, 'UID')?.value ?? 'without UID')
      remark({ line: part.line, uid, detail: event, doubt: false })
      return []
    })
    if (plainText(firstOf(calendar, 'METHOD')?.value ?? '').toUpperCase() === 'CANCEL') {
      remark({
        line: calendar.line,
        uid: '',
        detail: say('settings.wholeFileCancelsEventsMethod'),
        doubt: false,
      })
      continue
    }
    for (const series of Map.groupBy(events, (e) => e.uid).values())
      found.push(...occurrencesOf(series, window, remark))
  }
  return named(found, role, people, remark)
}

const ofKind = (calendar: Part, kind: string) => calendar.parts.filter((part) => part.kind === kind)

/** Each occurrence as a duty of everybody who does it; what is unclear of an event is said once. */
function named(
  found: readonly Occurrence[],
  role: RoleId | RoleIn,
  people: Finder,
  remark: (remark: Remark) => void,
): readonly CalendarDuty[] {
  const who = new Map<CalendarEvent, ReturnType<typeof whoOf>>()
  return found.flatMap(({ event, from, to }): readonly CalendarDuty[] => {
    if (to <= from) return []
    const split = typeof role === 'function' ? role(event.summary) : { role, rest: event.summary }
    if (split === undefined) return []
    let known = who.get(event)
    const { line, uid } = event
    if (known === undefined) {
      known = whoOf({ ...event, summary: split.rest }, people)
      who.set(event, known)
      const nobody = known.people.length === 0
      if (nobody || known.doubt !== undefined)
        remark({ line, uid, detail: known.doubt ?? say('settings.itsPersonIsNotKnown'), doubt: !nobody })
    }
    return known.people.map((person) => ({
      duty: { role: split.role, person, from, to, source: `${split.role}.ics:${uid}` },
      line,
    }))
  })
}
