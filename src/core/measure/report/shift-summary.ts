import { printInstant } from '../../instant.ts'
import type { ShiftPayload } from '../telemetry.ts'
import type { Report, SavedRow } from './report.ts'
import type { ShiftSpan } from './shifts.ts'

/**
 * What is told at the end of a shift, one message for each staff group. Counts and speeds are of the shift itself; time
 * saved is of the same shift over the weeks behind it, because one shift alone is never enough data.
 */
export function shiftSummaries(span: ShiftSpan, one: Report, weeks: Report): ShiftPayload[] {
  const half = (leg: 'first-byte → on-device' | 'first-byte → accepted'): number | null => {
    const row = one.latency.find((r) => r.leg === leg && r.class === 'routine')
    return row?.p50 == null ? null : row.p50 / 1000
  }
  return weeks.saved
    .filter((row) => row.role === undefined && row.shift === span.name)
    .map((row) => ({
      shift: span.name,
      staffGroup: row.staffGroup,
      from: printInstant(span.from),
      to: printInstant(span.to),
      bleeps: one.counts.bleeps,
      acknowledged: one.counts.acknowledged,
      unanswered: one.counts.unanswered,
      medianToDeviceSeconds: half('first-byte → on-device'),
      medianToAcknowledgedSeconds: half('first-byte → accepted'),
      emergencyMedianToDeviceSeconds:
        one.emergency.toDevice.p50 === null ? null : one.emergency.toDevice.p50 / 1000,
      ...savedOf(row),
    }))
}

function savedOf(row: SavedRow) {
  return {
    minutesSavedMeasured: row.minutesPerShift,
    intervalMinutes: row.interval === null ? null : ([row.interval[0], row.interval[1]] as [number, number]),
    n: row.after.n,
    assumed: row.verdict === 'assumed',
    // Published figures are of the staff's own time; this one is their callers'.
    minutesSavedPublished: null,
  }
}
