import { say } from '../../core/catalogue/say.ts'
import type { Report, SavedRow } from '../../core/measure/report/report.ts'
import { savedChart } from './charts.ts'
import { capital, minutes, percent, plural, RAW, range, secondsOf, table } from './text.ts'

/** Why there is no figure, or what sort of one it is. */
export const VERDICTS: Readonly<Record<SavedRow['verdict'], string>> = {
  measured: '',
  assumed: say('figures.assumedNotMeasured'),
  'not-enough-data': say('figures.notEnoughData'),
  'too-few-people': say('figures.notShownTooFewPeople'),
}

/** Waiting saved for whoever asked, by whom they had bleeped. */
export function saved(report: Report, groups: readonly SavedRow[], roles: readonly SavedRow[]): string {
  const chart = savedChart([...groups, ...roles])
  const head = [
    'Group',
    'Shift',
    say('figures.waitsBefore'),
    say('figures.ofTheseOver15Min'),
    say('figures.meanBefore'),
    say('figures.chanceMatches'),
    say('figures.waitsOnPhones'),
    say('figures.meanOnPhones'),
    say('figures.minutesSavedInAShift'),
  ]
  const line = (row: SavedRow): string[] => [
    row.roleName ?? capital(plural(row.staffGroup)),
    row.shift,
    String(row.before.n),
    String(row.before.censored),
    secondsOf(row.before.meanSeconds),
    row.before.chanceRate === null ? '–' : percent(row.before.chanceRate),
    String(row.after.n),
    secondsOf(row.after.meanSeconds),
    row.minutesPerShift === null
      ? `<em>${VERDICTS[row.verdict]}</em>`
      : `<strong>${minutes(row.minutesPerShift)}</strong> ${row.interval === null ? `<em>${VERDICTS[row.verdict]}</em>` : `<span class="range">${range(row.interval)}</span>`}`,
  ]
  const hidden = roles.filter((r) => r.verdict === 'too-few-people').length
  const shownRoles = roles.filter((r) => r.verdict !== 'too-few-people')
  return `<section><h2>${say('figures.timeSaved')}</h2>
<p>${say('figures.waitingSavedForTheOneWho', { minimumN: report.limits.minimumN, smallestGroup: report.limits.smallestGroup })}</p>
${chart === undefined ? '' : `<figure>${chart}<figcaption>${say('figures.dotMeasuredLineTheRangeThat')}</figcaption></figure>`}
<h3>${say('figures.byStaffGroup')}</h3>
${groups.length === 0 ? `<p>${say('figures.noBleepWithARoleIn')}</p>` : table(head, groups.map(line), RAW)}
${shownRoles.length === 0 ? '' : `<h3>${say('figures.byRole')}</h3>${table(head, shownRoles.map(line), RAW)}`}
${hidden === 0 ? '' : `<p class="small">${say('figures.moreNotShownBecauseFewerThan', { hidden, smallestGroup: report.limits.smallestGroup })}</p>`}
</section>`
}
