import { say } from '../../core/catalogue/say.ts'
import { text } from '../../core/markup.ts'
import type { CallsRow, Report, Shown, WardRow } from '../../core/measure/report/report.ts'
import { VERDICTS } from './saved.ts'
import { capital, minutes, plain, plural, RAW, range, secondsOf, table } from './text.ts'

/* The two figures of the page that are about people's time: waiting on the wards, and calls of those who are bleeped. */

const ranged = (value: string, interval: readonly [number, number]): string =>
  `<strong>${value}</strong> <span class="range">${range(interval)}</span>`

/** What the staff of wards no longer wait, by ward and shift. */
export function wards({ wards: rows, published }: Report): string {
  const shown = rows.filter((row) => row.ward === undefined || row.verdict !== 'too-few-people')
  if (shown.length === 0) return ''
  const shared = shown.some((row) => row.perNurse !== null)
  const line = (row: WardRow): string[] => [
    row.ward ?? say('figures.allWards'),
    row.shift,
    String(row.before.n),
    secondsOf(row.before.meanSeconds),
    String(row.after.n),
    secondsOf(row.after.meanSeconds),
    ofWard(row),
    ...(shared ? ofNurse(row) : []),
  ]
  const head = [
    ...[say('figures.ward'), 'Shift', say('figures.waitsBefore'), say('figures.meanBefore')],
    ...[say('figures.waitsOnPhones'), say('figures.meanOnPhones'), say('figures.minutesSavedOneWard')],
    ...(shared ? [say('figures.minutesSavedOneNurse'), say('figures.publishedMinutesOneNurse')] : []),
  ]
  return `<section><h2>${say('figures.waitingOnTheWards')}</h2>
<p>${say('figures.wardsWaitSays')}</p>
${table(head, shown.map(line), RAW)}
<p class="small">${text(say(shared ? 'figures.publishedNursesBeside' : 'figures.publishedNursesNot'))} ${text(published.source)}</p></section>`
}

function ofWard({ minutesPerShift, interval, verdict }: WardRow): string {
  if (minutesPerShift === null) return `<em>${VERDICTS[verdict]}</em>`
  return interval === null
    ? `<strong>${minutes(minutesPerShift)}</strong> <em>${VERDICTS[verdict]}</em>`
    : ranged(minutes(minutesPerShift), interval)
}

function ofNurse({ perNurse, publishedMinutes }: WardRow): string[] {
  return [
    perNurse === null ? '–' : ranged(minutes(perNurse.value), perNurse.interval),
    publishedMinutes === null ? '–' : minutes(publishedMinutes),
  ]
}

/** What those who are bleeped no longer do at a telephone, by staff group, role and shift, and by the ward that bleeped. */
export function calls({ calls: rows, published }: Report): string {
  const of = (some: readonly CallsRow[], who: string) =>
    table(
      heads(who, told),
      some.map((row) => line(row, told)),
      RAW,
    )
  const shown = rows.filter((row) => row.verdict !== 'too-few-people' || isTotal(row))
  const byWard = shown.filter((row) => row.ward !== undefined)
  const bleeped = shown.filter((row) => row.ward === undefined)
  if (bleeped.length === 0) return ''
  const measured = shown.some((row) => row.verdict === 'measured')
  const told = shown.some((row) => row.engagedSpared !== null)
  return `<section><h2>${say('figures.callsTheyNoLongerMake')}</h2>
${of(bleeped, 'Group')}
${measured && !told ? `<p class="small">${text(say('figures.engagedNotTold'))}</p>` : ''}
<p class="small">${text(say('figures.publishedDoctorsNot'))} ${text(published.source)}</p>${
    byWard.length === 0
      ? ''
      : `
<h3>${say('figures.callsByWard')}</h3>
<p>${text(say('figures.callsByWardSays'))}</p>
${of(byWard, say('figures.ward'))}`
  }</section>`
}

const isTotal = (row: CallsRow): boolean => row.role === undefined && row.ward === undefined

const heads = (who: string, told: boolean): string[] => [
  ...[who, 'Shift', say('figures.requestsInAll'), say('figures.callsSparedHead')],
  ...[say('figures.vainSparedHead'), ...(told ? [say('figures.engagedSparedHead')] : [])],
  say('figures.onTheSpotHead'),
]

const line = (row: CallsRow, told: boolean): string[] => [
  row.ward ?? row.roleName ?? capital(plural(row.staffGroup)),
  row.shift,
  String(row.requests),
  ofShift(row, row.spared),
  ofShift(row, row.vainSpared),
  ...(told ? [ofShift(row, row.engagedSpared)] : []),
  ofShift(row, row.answeredOnTheSpot),
]

function ofShift({ verdict }: CallsRow, shown: Shown | null): string {
  if (shown !== null) return ranged(plain(shown.value), shown.interval)
  return `<em>${VERDICTS[verdict === 'measured' ? 'not-enough-data' : verdict]}</em>`
}
