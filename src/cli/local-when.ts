import type { Instant } from '../core/instant.ts'

/** A moment by the clocks of the site: `Mon 30 Nov 20:00`. */
export function localWhen(at: Instant, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
    timeZone,
  })
    .format(at)
    .replace(',', '')
}
