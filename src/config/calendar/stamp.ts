import { say } from '../../core/catalogue/say.ts'
import { parseDay } from '../../core/directory/civil.ts'
import { DAY, HOUR, type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { Face, Zone, Zones } from './face.ts'
import type { Property } from './lines.ts'

/** A DATE or DATE-TIME (RFC 5545 clauses 3.3.4, 3.3.5). */
export interface Stamp {
  readonly face: Face
  /** A day without a time. */
  readonly wholeDay: boolean
  readonly zone: Zone
}

export const instantOfStamp = ({ face, zone }: Stamp): Instant => zone.instantOf(face)

const STAMP = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/

/** Reads one value of a property by the property's zone; gives the sentence that says what cannot be. */
export function readStamp(property: Property, zones: Zones, value = property.value): Stamp | string {
  const found = STAMP.exec(value.trim())
  const [, year, month, date, hour, minute, second, utc] = found ?? []
  const day = found === null ? undefined : parseDay(`${year}-${month}-${date}`)
  const [h, m, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)]
  if (day === undefined || h > 23 || m > 59 || s > 60)
    return say('settings.isNoDateOrTime', { name: property.name, text: value.slice(0, 40) })
  const face = day * DAY + h * HOUR + m * MINUTE + Math.min(s, 59) * SECOND
  if (hour === undefined) return { face, wholeDay: true, zone: zones.site }
  if (property.params.get('VALUE')?.toUpperCase() === 'DATE')
    return say('settings.saysValueDateHasTime', { name: property.name })
  if (utc !== undefined) return { face, wholeDay: false, zone: zones.utc }
  const named = property.params.get('TZID')
  const zone = named === undefined ? zones.site : zones.named(named)
  return zone === undefined
    ? say('settings.itsTimeZoneIsNot', { named: named ?? '' })
    : { face, wholeDay: false, zone }
}

/** A length as RFC 5545 clause 3.3.6 means it: days are those of the calendar, the rest is time that passes. */
export interface Length {
  readonly days: number
  readonly time: Millis
}

const LENGTH =
  /^\+?P(?=.)(?:(\d{1,4})W|(?:(\d{1,5})D)?(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?)$/

/** `undefined` for what is none, for nothing and for less. */
export function readLength(value: string): Length | undefined {
  const found = LENGTH.exec(value.trim())
  if (found === null) return undefined
  const [weeks, days, hours, minutes, seconds] = found.slice(1).map((n) => Number(n ?? 0))
  const length = {
    days: (weeks ?? 0) * 7 + (days ?? 0),
    time: (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE + (seconds ?? 0) * SECOND,
  }
  return length.days + length.time > 0 ? length : undefined
}
