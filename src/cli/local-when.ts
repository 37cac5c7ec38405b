import { HOUR, type Instant } from '../core/instant.ts'

/** A moment by the clocks of the site: `Mon 30 Nov 20:00`; in the hour that the autumn repeats, also which of the two. */
export function localWhen(at: Instant, timeZone: string): string {
  const face = faceOf(at, timeZone)
  if (face !== faceOf(at - HOUR, timeZone) && face !== faceOf(at + HOUR, timeZone)) return face
  return faceOf(at, timeZone, { timeZoneName: 'short' })
}

function faceOf(at: Instant, timeZone: string, more: Intl.DateTimeFormatOptions = {}): string {
  return new Intl.DateTimeFormat('en-GB', {
    ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
    ...{ timeZone, ...more },
  })
    .format(at)
    .replace(',', '')
}
