import { say } from '../../core/catalogue/say.ts'
import { text } from '../../core/markup.ts'
import {
  type LatencyRow,
  type LegName,
  MISSES,
  REPORT_LEGS,
  type Report,
  type SavedRow,
  type WardRow,
} from '../../core/measure/report/report.ts'
import { waterfall } from '../../core/measure/waterfall.ts'
import { calls, wards } from './asking.ts'
import { hoursChart, waitingChart } from './charts.ts'
import { hardware } from './hardware.ts'
import { saved } from './saved.ts'
import { STYLE } from './style.ts'
import { count, duration, minutes, percent, plural, range, secondsOf, table, when } from './text.ts'

/** One page that needs nothing else: style and pictures inside, no script, prints on A4, to be read by a matron. */
export function reportHtml(report: Report): string {
  const groups = report.saved.filter((row) => row.role === undefined)
  const roles = report.saved.filter((row) => row.role !== undefined)
  const title = say('figures.bleepsAndTimeSaved', { site: report.site })
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${text(title)}</h1>
<p class="span">${span(report)}</p>
</header>
<main>
${[
  emergencies(report),
  summary(report, groups),
  recipients(report),
  wards(report),
  calls(report),
  saved(report, groups, roles),
  waiting(report),
  seconds(report),
  hours(report),
  hardware(report),
  notes(report),
].join('\n')}
</main>
<footer><p>${say('figures.madeByBleepBridgeOnAll', { made: when(report.made, report.zone), zone: text(report.zone) })}</p></footer>
</body>
</html>
`
}

function span(report: Report): string {
  const shift =
    report.shift === null ? say('figures.allShifts') : say('figures.shiftsOnly', { shift: report.shift })
  const baseline =
    report.baseline === null
      ? ''
      : say('figures.comparedWeeksBeforePhones', {
          from: when(report.baseline.from, report.zone),
          to: when(report.baseline.to, report.zone),
        })
  return say('figures.spanOf', {
    from: when(report.from, report.zone),
    to: when(report.to, report.zone),
    shift: text(shift),
    count: count(report.counts.bleeps, 'bleep'),
    baseline,
  })
}

/**
 * Two figures, always apart: what was measured here, and how fast the system itself is. What others have published stands
 * only where it is of the same thing (asking.ts).
 */
function summary(report: Report, groups: readonly SavedRow[]): string {
  const all = report.wards.filter((r) => r.ward === undefined)
  const measured: readonly (SavedRow | WardRow)[] = [...all, ...groups].filter(
    (r) => r.minutesPerShift !== null,
  )
  // Where no ward is known, by whom the callers had bleeped.
  const shown = measured.some((r) => !('staffGroup' in r))
    ? measured.filter((r) => !('staffGroup' in r))
    : measured
  const whose = (r: SavedRow | WardRow) =>
    'staffGroup' in r
      ? say('figures.callersOf', { staffGroup: text(plural(r.staffGroup)), shift: text(r.shift) })
      : say('figures.oneWard', { shift: text(r.shift) })
  const ours = report.latency.find((r) => r.leg === 'first-byte → on-device' && r.class === 'routine')
  const lines = shown.map(
    (r) =>
      `<li><strong>${minutes(r.minutesPerShift)}</strong> ${whose(r)}${r.interval === null ? ` <em>${say('figures.assumed')}</em>` : ` <span class="range">${range(r.interval)}</span>`}</li>`,
  )
  return `<section class="cards">
<article><h2>${say('figures.measuredHere')}</h2>
${lines.length > 0 ? `<ul>${lines.join('')}</ul><p>${say('figures.minutesOfWaitingSavedInOne')}</p>` : `<p class="none">${say('figures.notEnoughDataYet')}</p><p>${say('figures.seeTimeSavedForWhatIs')}</p>`}
</article>
<article><h2>${say('figures.howFastTheSystemIs')}</h2>
${
  ours === undefined
    ? `<p class="none">${say('figures.noBleepWentToAPhone')}</p>`
    : `<ul><li><strong>${duration(ours.p50)}</strong> ${say('figures.halfOfRoutineBleepsWereOn')}</li><li><strong>${duration(ours.p95)}</strong> ${say('figures.nineteenOfTwentyWere')}</li></ul><p>${say('figures.fromTheFirstByteOnThe')}</p>`
}
</article>
</section>`
}

function emergencies({ emergency, zone }: Report): string {
  if (emergency.n === 0)
    return `<section><h2>${say('figures.emergencies')}</h2><p>${say('figures.noEmergencyBleepInThisSpan')}</p></section>`
  const inTime = emergency.n - emergency.missed
  const within = say('figures.themWereFirstTeamMembers', {
    inTime,
    percent: percent(emergency.withinTarget ?? 0),
    targetSeconds: emergency.targetSeconds,
    missed: emergency.missed,
  })
  return `<section><h2>${say('figures.emergencies')}</h2>
<p>${say('figures.emergenciesAreNotPartOfTime', { n: count(emergency.n, say('figures.emergencyBleep')), within })}</p>
${missed(emergency, zone)}
<h3>${say('figures.howFastTheyWere')}</h3>
${table(
  [say('figures.fromTheFirstByteTo'), 'bleeps', say('figures.halfWithin'), '19 of 20 within', 'longest'],
  (
    [
      [say('figures.aFirstPhone'), emergency.toDevice],
      [say('figures.aFirstAcceptance'), emergency.toAccepted],
      [say('figures.everyNeededRoleComing'), emergency.toCovered],
    ] as const
  ).map(([name, s]) => [name, String(s.n), duration(s.p50), duration(s.p95), duration(s.max)]),
)}${slowest(emergency.slowest, zone)}</section>`
}

/** What went wrong comes before what went well. */
function missed({ missed: all, misses }: Report['emergency'], zone: string): string {
  if (misses.length === 0) return ''
  const rest =
    all > misses.length
      ? `<p class="small">${say('figures.theWorstOf', { shown: misses.length, all })}</p>`
      : ''
  return `<h3>${say('figures.notOnAPhoneInTime')}</h3>
${table(
  ['When', 'Where', 'Why', say('figures.firstPhoneAfter')],
  misses.map(({ at, place, why, seconds }) => [
    when(at, zone),
    place ?? say('figures.notStated'),
    MISSES[why],
    seconds === null ? '–' : `${seconds} s`,
  ]),
)}${rest}`
}

/** People who were asked although the call was not for them. */
function recipients({ recipients: { calls, asked, notMe, callsWithNotMe } }: Report): string {
  if (calls === 0) return ''
  return `<section><h2>${say('figures.rightPerson')}</h2><p>${say('figures.inPeopleWereAskedTheyAnswered', { calls: count(calls, 'call'), asked: count(asked, 'time'), notMe: count(notMe, 'time'), callsWithNotMe: count(callsWithNotMe, 'call') })}</p></section>`
}

/** The time lines of the calls whose team took longest: what to talk about, not whom. */
function slowest(all: Report['emergency']['slowest'], zone: string): string {
  const drawn = all.flatMap(({ at, stamps }) => {
    const picture = waterfall(stamps, { class: 'emergency' })
    return picture === '' ? [] : [{ at, picture }]
  })
  if (drawn.length === 0) return ''
  return `
<h3>${say('figures.whereTheTimeWent', { calls: drawn.length === 1 ? say('figures.slowest') : say('figures.slowestOf', { count: drawn.length }) })}</h3>
${drawn.map(({ at, picture }) => `<figure class="hops">${picture}<figcaption>${say('figures.bleepOf', { at: when(at, zone) })}</figcaption></figure>`).join('\n')}
<p class="small">${say('figures.blueOurOwnTimeOrangeAnd')}</p>`
}

function waiting(report: Report): string {
  const chart = waitingChart(report)
  const { callBack } = report
  if (chart === undefined) return ''
  return `<section><h2>${say('figures.howLongCallersWait')}</h2>
<figure>${chart}<figcaption>${say('figures.callersStillWaiting', { matched: count(callBack.matched + callBack.censored, say('figures.callBackRequest')) })}</figcaption></figure>
<p>${say('figures.toAWaitingTelephoneWereNot', { failedCalls: count(callBack.failedCalls, 'call') })}</p></section>`
}

/** The legs as people say them. */
const LEGS: Readonly<Record<LegName, string>> = {
  'first-byte → handed': say('figures.bleepToHandedOver'),
  'handed → on-device': say('figures.handedOverToOnA'),
  'on-device → accepted': say('figures.onAPhoneToAccepted'),
  'first-byte → on-device': say('figures.bleepToOnAPhone'),
  'first-byte → accepted': say('figures.bleepToAccepted'),
}

function seconds(report: Report): string {
  if (report.latency.length === 0) return ''
  const row = (r: LatencyRow): string[] => [
    r.class,
    LEGS[r.leg],
    REPORT_LEGS[r.leg],
    String(r.n),
    duration(r.p50),
    duration(r.p95),
    duration(r.max),
  ]
  return `<section><h2>${say('figures.whereTheSecondsGo')}</h2>
${table(['Class', 'From – to', say('figures.whoseTime'), 'bleeps', say('figures.halfWithin'), '19 of 20 within', 'longest'], report.latency.map(row))}</section>`
}

function hours(report: Report): string {
  const chart = hoursChart(report)
  return chart === undefined
    ? ''
    : `<section><h2>${say('figures.whenBleepsCome')}</h2><figure>${chart}<figcaption>${say('figures.bleepsInThisSpanByThe')}</figcaption></figure></section>`
}

function notes(report: Report): string {
  const offsets = report.callBack.clockOffsets.filter((o) => o.seconds !== null && Math.abs(o.seconds) >= 1)
  return `<section><h2>${say('figures.whatWasLeftOutOrPut')}</h2>
${
  report.footnotes.length === 0 && offsets.length === 0
    ? `<p>${say('figures.nothing')}</p>`
    : `<ul class="notes">${report.footnotes.map((f) => `<li><b>${f.count.toLocaleString('en-GB')}</b> ${text(f.sentence)}</li>`).join('')}${offsets.map((o) => `<li>${say('figures.theClockOfIsItsTimes', { feed: text(o.feed), seconds: secondsOf(Math.abs(o.seconds ?? 0)), way: say((o.seconds ?? 0) > 0 ? 'figures.ahead' : 'figures.behind') })}</li>`).join('')}</ul>`
}
<h2>${say('figures.howToReadThis')}</h2>
<ul class="notes">${report.definitions.map((d) => `<li>${text(d)}</li>`).join('')}<li>${text(say('figures.whereCallRecordsExistS', { seconds: report.assumed.seconds, source: report.assumed.source }))}</li></ul></section>`
}
