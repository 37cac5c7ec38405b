import { type Cell, csvLine } from '../../csv.ts'
import { MISSES, nodeNamer, type Report, type SavedRow } from './report.ts'

/**
 * One table: every figure on a line of its own kind, so that a spreadsheet can filter by the first column. Empty cells
 * are figures that do not exist: too few waits, or too few people.
 */
export function reportCsv(report: Report): string {
  const lines: Cell[][] = [
    ['section', 'group', 'role', 'shift', 'class', 'figure', 'value', 'unit', 'n', 'low', 'high', 'note'],
  ]
  const put = (section: string, more: Partial<Record<Heading, Cell>>): void => {
    lines.push([section, ...HEADINGS.map((heading) => more[heading])])
  }
  put('span', { figure: 'from', value: report.from })
  put('span', { figure: 'to', value: report.to })
  put('span', { figure: 'bleeps', value: report.counts.bleeps, unit: 'bleeps' })
  put('span', { figure: 'call records', value: report.counts.callRecords, unit: 'records' })
  for (const row of report.saved) savedLines(row, put)
  for (const row of report.latency)
    for (const figure of ['p50', 'p95', 'max'] as const)
      put('latency', {
        class: row.class,
        figure: `${row.leg} ${figure}`,
        value: row[figure],
        unit: 'ms',
        n: row.n,
      })
  const { emergency } = report
  put('emergency', { figure: 'bleeps', value: emergency.n, unit: 'bleeps' })
  put('emergency', {
    figure: `on a device within ${emergency.targetSeconds} s`,
    value: emergency.withinTarget,
    unit: 'share',
    n: emergency.n,
  })
  put('emergency', { figure: 'missed', value: emergency.missed, unit: 'bleeps', n: emergency.n })
  for (const { at, place, why, seconds } of emergency.misses)
    put('emergency', {
      figure: `missed ${at}`,
      value: seconds,
      unit: 's',
      note: `${MISSES[why]}${place === null ? '' : ` (${place})`}`,
    })
  const { recipients } = report
  put('recipients', { figure: 'not for me', value: recipients.notMe, unit: 'people', n: recipients.asked })
  put('recipients', {
    figure: 'calls that reached somebody they were not for',
    value: recipients.callsWithNotMe,
    unit: 'calls',
    n: recipients.calls,
  })
  const whose = nodeNamer(report)
  for (const row of report.air)
    put('over the air', {
      group: whose(row, row.transmitter),
      figure: 'heard of asked',
      value: row.heard,
      unit: 'pages',
      n: row.asked,
      note: `${row.garbled} garbled, ${row.silent} silent`,
    })
  for (const row of report.availability)
    put('availability', {
      group: whose(row, row.label),
      figure: row.month,
      value: row.availability,
      unit: 'share',
      note: row.why,
    })
  for (const note of report.footnotes)
    put('footnote', { figure: note.code, value: note.count, note: note.sentence })
  return `${lines.map(csvLine).join('\r\n')}\r\n`
}

const HEADINGS = [
  'group',
  'role',
  'shift',
  'class',
  'figure',
  'value',
  'unit',
  'n',
  'low',
  'high',
  'note',
] as const
type Heading = (typeof HEADINGS)[number]

function savedLines(
  row: SavedRow,
  put: (section: string, more: Partial<Record<Heading, Cell>>) => void,
): void {
  const where = { group: row.staffGroup, role: row.roleName ?? row.role, shift: row.shift }
  put('time saved', {
    ...where,
    figure: 'measured',
    value: row.minutesPerShift,
    unit: 'minutes a shift',
    n: row.after.n,
    low: row.interval?.[0],
    high: row.interval?.[1],
    note: row.verdict,
  })
  put('time saved', {
    ...where,
    figure: 'published reference',
    value: row.publishedMinutesPerShift,
    unit: 'minutes a shift',
  })
  put('wait before', {
    ...where,
    figure: 'mean, chance taken out',
    value: row.before.meanSeconds,
    unit: 's',
    n: row.before.n,
    note: `${row.before.censored} censored, ${row.before.ambiguous} ambiguous`,
  })
  put('wait before', {
    ...where,
    figure: 'median as seen',
    value: row.before.medianSeconds,
    unit: 's',
    n: row.before.n,
  })
  put('wait before', {
    ...where,
    figure: 'chance matches',
    value: row.before.chanceRate,
    unit: 'share',
    n: row.before.n,
  })
  put('wait on phones', {
    ...where,
    figure: 'mean',
    value: row.after.meanSeconds,
    unit: 's',
    n: row.after.n,
    note: `${row.after.censored} censored`,
  })
  put('wait on phones', {
    ...where,
    figure: 'median',
    value: row.after.medianSeconds,
    unit: 's',
    n: row.after.n,
  })
}
