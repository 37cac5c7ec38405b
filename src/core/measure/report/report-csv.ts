import { say } from '../../catalogue/say.ts'
import { type Cell, csvLine } from '../../csv.ts'
import { type CallsRow, MISSES, nodeNamer, type Report, type SavedRow, type WardRow } from './report.ts'

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
  put('span', { figure: say('figures.callRecords'), value: report.counts.callRecords, unit: 'records' })
  for (const row of report.saved) savedLines(row, put)
  for (const row of report.wards) wardLines(row, put)
  for (const row of report.calls) callsLines(row, put)
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
    figure: say('figures.onADeviceWithinS', { targetSeconds: emergency.targetSeconds }),
    value: emergency.withinTarget,
    unit: 'share',
    n: emergency.n,
  })
  put('emergency', { figure: 'missed', value: emergency.missed, unit: 'bleeps', n: emergency.n })
  for (const { at, place, why, seconds } of emergency.misses)
    put('emergency', {
      figure: say('figures.missed', { at }),
      value: seconds,
      unit: 's',
      note: `${MISSES[why]}${place === null ? '' : ` (${place})`}`,
    })
  const { recipients } = report
  put('recipients', {
    figure: say('figures.notForMe'),
    value: recipients.notMe,
    unit: 'people',
    n: recipients.asked,
  })
  put('recipients', {
    figure: say('figures.callsReachedSomebodyTheyWere'),
    value: recipients.callsWithNotMe,
    unit: 'calls',
    n: recipients.calls,
  })
  const whose = nodeNamer(report)
  for (const row of report.air)
    put(say('figures.overTheAir'), {
      group: whose(row, row.transmitter),
      figure: say('figures.heardOfAsked'),
      value: row.heard,
      unit: 'pages',
      n: row.asked,
      note: say('figures.garbledSilent', { garbled: row.garbled, silent: row.silent }),
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
  put(say('figures.timeSavedColumn'), {
    ...where,
    figure: 'measured',
    value: row.minutesPerShift,
    unit: say('figures.minutesAShift'),
    n: row.after.n,
    low: row.interval?.[0],
    high: row.interval?.[1],
    note: row.verdict,
  })
  put(say('figures.waitBefore'), {
    ...where,
    figure: say('figures.meanChanceTakenOut'),
    value: row.before.meanSeconds,
    unit: 's',
    n: row.before.n,
    note: say('figures.censoredAmbiguous', {
      censored: row.before.censored,
      ambiguous: row.before.ambiguous,
    }),
  })
  put(say('figures.waitBefore'), {
    ...where,
    figure: say('figures.medianAsSeen'),
    value: row.before.medianSeconds,
    unit: 's',
    n: row.before.n,
  })
  put(say('figures.waitBefore'), {
    ...where,
    figure: say('figures.chanceMatchesColumn'),
    value: row.before.chanceRate,
    unit: 'share',
    n: row.before.n,
  })
  put(say('figures.waitOnPhones'), {
    ...where,
    figure: 'mean',
    value: row.after.meanSeconds,
    unit: 's',
    n: row.after.n,
    note: `${row.after.censored} censored`,
  })
  put(say('figures.waitOnPhones'), {
    ...where,
    figure: 'median',
    value: row.after.medianSeconds,
    unit: 's',
    n: row.after.n,
  })
}

type Put = (section: string, more: Partial<Record<Heading, Cell>>) => void

function wardLines(row: WardRow, put: Put): void {
  const section = say('figures.waitingOfWards')
  const where = { group: row.ward ?? say('figures.allWards'), shift: row.shift }
  put(section, {
    ...{ ...where, figure: say('figures.savedOneWard'), value: row.minutesPerShift, n: row.after.n },
    ...{ unit: say('figures.minutesAShift'), low: row.interval?.[0], high: row.interval?.[1] },
    note: row.verdict,
  })
  if (row.perNurse === null) return
  const { value, interval } = row.perNurse
  const unit = say('figures.minutesAShift')
  put(section, {
    ...{ ...where, figure: say('figures.savedOneNurse'), value, unit, n: row.after.n },
    ...{ low: interval[0], high: interval[1] },
  })
  put(section, { ...where, figure: say('figures.publishedReference'), value: row.publishedMinutes, unit })
}

function callsLines(row: CallsRow, put: Put): void {
  const where = { group: row.ward ?? row.staffGroup, role: row.roleName ?? row.role, shift: row.shift }
  for (const [figure, shown] of [
    [say('figures.callsSpared'), row.spared],
    [say('figures.vainSpared'), row.vainSpared],
    [say('figures.engagedSpared'), row.engagedSpared],
    [say('figures.onTheSpot'), row.answeredOnTheSpot],
  ] as const)
    put(say('figures.callsOfTheBleeped'), {
      ...{ ...where, figure, value: shown?.value, unit: say('figures.aShift'), n: row.nAfter },
      ...{ low: shown?.interval[0], high: shown?.interval[1], note: row.verdict },
    })
}
