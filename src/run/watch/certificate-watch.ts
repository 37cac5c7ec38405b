import { say } from '../../core/catalogue/say.ts'
import { DAY, type Instant, printInstant } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'

const SUBJECT = 'http'

/** When it is told that the certificate ends: a month, a week and a day before, and when it has. */
export function certificateFindings(ends: Instant, now: Instant): readonly Finding[] {
  const left = ends - now
  const detail = say('watch.endsInDays', { at: printInstant(ends), days: Math.floor(left / DAY) })
  if (left <= 0)
    return [
      {
        code: 'certificate-bad',
        subject: SUBJECT,
        detail: say('watch.itEndedAt', { at: printInstant(ends) }),
      },
    ]
  if (left <= DAY)
    return [
      {
        code: 'certificate-last-week',
        subject: SUBJECT,
        detail: say('watch.withinADay', { at: printInstant(ends) }),
      },
    ]
  if (left <= 7 * DAY) return [{ code: 'certificate-last-week', subject: SUBJECT, detail }]
  return left <= 30 * DAY ? [{ code: 'certificate-ending', subject: SUBJECT, detail }] : []
}
