import { say } from '../core/catalogue/say.ts'
import { instantOf, parseDay } from '../core/directory/civil.ts'
import { ok, type Result } from '../core/faults.ts'
import { given } from '../core/given.ts'
import { type Instant, parseInstant } from '../core/instant.ts'
import type { ReportAsk } from '../core/measure/report/report.ts'
import { USUAL_SHIFTS } from '../core/measure/report/shifts.ts'
import type { Whole } from './whole.ts'

/** What the configuration says about every report of this site. */
export function reportSettings({ config, site }: Whole): Pick<ReportAsk, 'site' | 'shifts' | 'baseline'> {
  const { shifts = [], baseline } = config.report ?? {}
  const zone = site.zone
  const from = baseline && parseDay(baseline.from)
  const to = baseline && parseDay(baseline.to)
  return {
    site: config.site.id,
    shifts:
      shifts.length === 0
        ? USUAL_SHIFTS
        : shifts.map(({ staffGroup, nurses, ...hours }) => ({ ...hours, ...given({ staffGroup, nurses }) })),
    ...(from === undefined || to === undefined
      ? {}
      : { baseline: { from: instantOf(from, '00:00', zone), to: instantOf(to, '00:00', zone) } }),
  }
}

/**
 * A time as a person gives it to a report: ISO 8601 with an offset, or `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM` by the clocks
 * of the site. `undefined` for anything else.
 */
export function readWhen(text: string, zone: string): Instant | undefined {
  const instant = parseInstant(text)
  if (instant !== undefined) return instant
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ]((?:[01]\d|2[0-3]):[0-5]\d))?$/.exec(text)
  const day = match?.[1] === undefined ? undefined : parseDay(match[1])
  return day === undefined ? undefined : instantOf(day, match?.[2] ?? '00:00', zone)
}

/** How the times of a report may be given. */
export const TIMES = say('settings.fromToForm')

/** The span and shift somebody asked a report for, or the sentence that says what cannot be. */
export function readSpan(
  whole: Whole,
  asked: { readonly from: string; readonly to: string; readonly shift?: string; readonly hospital?: string },
): Result<{ readonly from: Instant; readonly to: Instant }, string> {
  const { zone } = whole.site
  const [from, to] = [readWhen(asked.from, zone), readWhen(asked.to, zone)]
  if (from === undefined || to === undefined) return { ok: false, fault: TIMES }
  if (from >= to) return { ok: false, fault: say('settings.fromMustLieBeforeTo') }
  const names = new Set(reportSettings(whole).shifts.map((s) => s.name))
  if (asked.shift !== undefined && !names.has(asked.shift))
    return { ok: false, fault: say('settings.shiftIsOneOf', { shifts: [...names].join(', ') }) }
  const { hospitals } = whole.site
  if (asked.hospital !== undefined && !hospitals.has(asked.hospital))
    return {
      ok: false,
      fault: say('settings.hospitalIsOneOf', { hospitals: [...hospitals.keys()].join(', ') }),
    }
  return ok({ from, to })
}
