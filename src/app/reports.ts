import { readSpan, reportSettings } from '../config/report.ts'
import type { Whole } from '../config/whole.ts'
import { WAY_SAYS } from '../core/deliver/way-words.ts'
import { failed, ok } from '../core/faults.ts'
import { given } from '../core/given.ts'
import { DAY } from '../core/instant.ts'
import { foiRows } from '../core/measure/report/foi.ts'
import { shiftsEnded } from '../core/measure/report/shifts.ts'
import type { HttpParts } from '../io/http/parts.ts'
import { renderFoi } from '../io/report/foi.ts'
import { renderParallel } from '../io/report/parallel.ts'
import { renderReport } from '../io/report/render.ts'
import { everyDevice } from '../run/every-device.ts'
import { onAir, parallelOf } from '../run/keep/parallel.ts'
import type { Evidence } from '../run/watch/evidence.ts'
import type { Ground } from './ground.ts'

/** One report under the names that people ask for it by. */
const NAMES: ReadonlySet<string> = new Set(['report', 'summary', 'shift', 'latency', 'time-saved'])

/** Reports over HTTP, and the shifts of the last week that one can be had of. */
export function reportsOf(
  whole: Whole,
  make: Evidence['report'],
  { clock, store, directory }: Pick<Ground, 'clock' | 'store' | 'directory'>,
): Pick<HttpParts, 'report' | 'shifts'> {
  return {
    report: async ({ name, format, from, to, ...shift }) => {
      const foi = name === 'foi'
      const both = name === 'parallel'
      if (!foi && !both && !NAMES.has(name)) return undefined
      const span = readSpan(whole, { from, to, ...shift })
      if (!span.ok) return failed('request-invalid', span.fault)
      const { hospital } = shift
      const asked = { ...span.value, ...given({ hospital }) }
      if (both) {
        const air = onAir(whole.feeds)
        const rows = await parallelOf(store, directory(), air, asked)
        const site = whole.site.hospitals.get(hospital ?? '') ?? whole.site.name
        return ok(renderParallel(rows, { site, from, to, air: air.size > 0 }, format))
      }
      if (foi) {
        const report = await make(asked)
        // A device is of the whole site: it goes where its holder does.
        const all = hospital === undefined ? await everyDevice(store) : []
        const inUse = all.filter((d) => d.state === 'active')
        const devices = new Map(
          [...Map.groupBy(inUse, (d) => d.channel)].map(([way, all]) => [WAY_SAYS[way], all.length]),
        )
        const wordsDays = whole.config.retention.words
        const rows = foiRows(report, { devices, wordsDays, ...given({ policy: directory().trust }) })
        return ok(renderFoi(report, rows, format))
      }
      return ok(await renderReport(await make({ ...span.value, ...shift }), format))
    },
    shifts: () =>
      shiftsEnded(reportSettings(whole).shifts, whole.site.zone, clock.now() - 7 * DAY, clock.now()),
  }
}
