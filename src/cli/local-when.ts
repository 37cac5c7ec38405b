import { HOUR, type Instant } from '../core/instant.ts'

/** A moment by the clocks of the site: `Mon 30 Nov 20:00`; in the hour that comes twice in autumn, also which of the two it is. @param more such as the year */
export function localWhen(at: Instant, timeZone: string, more: Intl.DateTimeFormatOptions = {}): string {
  const face = (then: Instant) => faceOf(then, timeZone, more)
  if (face(at) !== face(at - HOUR) && face(at) !== face(at + HOUR)) return face(at)
  return faceOf(at, timeZone, { ...more, timeZoneName: 'short' })
}

function faceOf(at: Instant, timeZone: string, more: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', {
    ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
    ...{ timeZone, ...more },
  })
    .format(at)
    .replaceAll(',', '')
}
