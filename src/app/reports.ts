import { readSpan, reportSettings } from '../config/report.ts'
import type { Whole } from '../config/whole.ts'
import { failed, ok } from '../core/faults.ts'
import { DAY } from '../core/instant.ts'
import { shiftsEnded } from '../core/measure/report/shifts.ts'
import type { HttpParts } from '../io/http/parts.ts'
import { renderReport } from '../io/report/render.ts'
import type { Clock } from '../ports/clock.ts'
import type { Evidence } from '../run/watch/evidence.ts'

/** One report under the names that people ask for it by. */
const NAMES: ReadonlySet<string> = new Set(['report', 'summary', 'shift', 'latency', 'time-saved'])

/** Reports over HTTP, and the shifts of the last week that one can be had of. */
export function reportsOf(
  whole: Whole,
  make: Evidence['report'],
  clock: Clock,
): Pick<HttpParts, 'report' | 'shifts'> {
  return {
    report: async ({ name, format, from, to, ...shift }) => {
      if (!NAMES.has(name)) return undefined
      const span = readSpan(whole, { from, to, ...shift })
      if (!span.ok) return failed('request-invalid', span.fault)
      return ok(await renderReport(await make({ ...span.value, ...shift }), format))
    },
    shifts: () =>
      shiftsEnded(reportSettings(whole).shifts, whole.site.zone, clock.now() - 7 * DAY, clock.now()),
  }
}
