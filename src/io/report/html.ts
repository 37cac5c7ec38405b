import {
  type LatencyRow,
  type LegName,
  MISSES,
  REPORT_LEGS,
  type Report,
  type SavedRow,
} from '../../core/measure/report/report.ts'
import { waterfall } from '../../core/measure/waterfall.ts'
import { hoursChart, savedChart, waitingChart } from './charts.ts'
import { hardware } from './hardware.ts'
import { STYLE } from './style.ts'
import {
  capital,
  count,
  duration,
  minutes,
  percent,
  plural,
  RAW,
  range,
  secondsOf,
  table,
  text,
  when,
} from './text.ts'

/** One page that needs nothing else: style and pictures inside, no script, prints on A4, to be read by a matron. */
export function reportHtml(report: Report): string {
  const groups = report.saved.filter((row) => row.role === undefined)
  const roles = report.saved.filter((row) => row.role !== undefined)
  const title = `Bleeps and time saved, ${report.site}`
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
  saved(report, groups, roles),
  waiting(report),
  seconds(report),
  hours(report),
  hardware(report),
  notes(report),
].join('\n')}
</main>
<footer><p>Made by Bleep Bridge on ${when(report.made, report.zone)}. All times are local (${text(report.zone)}).</p></footer>
</body>
</html>
`
}

function span(report: Report): string {
  const shift = report.shift === null ? 'all shifts' : `${report.shift} shifts only`
  const baseline =
    report.baseline === null
      ? ''
      : ` Compared with the weeks before phones: ${when(report.baseline.from, report.zone)} to ${when(report.baseline.to, report.zone)}.`
  return `${when(report.from, report.zone)} to ${when(report.to, report.zone)}, ${text(shift)}. ${count(report.counts.bleeps, 'bleep')}.${baseline}`
}

/** Three figures, always apart: measured here, published elsewhere, and how fast the system itself is. */
function summary(report: Report, groups: readonly SavedRow[]): string {
  const measured = groups.filter((r) => r.minutesPerShift !== null)
  const ours = report.latency.find((r) => r.leg === 'first-byte → on-device' && r.class === 'routine')
  const lines = measured.map(
    (r) =>
      `<li><strong>${minutes(r.minutesPerShift)}</strong> ${text(plural(r.staffGroup))}, ${text(r.shift)} shift${
        r.interval === null ? ' <em>(assumed)</em>' : ` <span class="range">${range(r.interval)}</span>`
      }</li>`,
  )
  const published = Object.entries(report.published.minutesPerShift).map(
    ([group, value]) => `<li><strong>${minutes(value)}</strong> ${text(plural(group))}</li>`,
  )
  return `<section class="cards">
<article><h2>Measured here</h2>
${lines.length > 0 ? `<ul>${lines.join('')}</ul><p>Minutes of waiting saved in one shift of one role, with the range that holds the true value in 95 of 100 such reports.</p>` : '<p class="none">Not enough data yet.</p><p>See “Time saved” for what is missing.</p>'}
</article>
<article><h2>Published elsewhere</h2>
<ul>${published.join('')}</ul><p>${text(report.published.source)}</p>
</article>
<article><h2>How fast the system is</h2>
${
  ours === undefined
    ? '<p class="none">No bleep went to a phone.</p>'
    : `<ul><li><strong>${duration(ours.p50)}</strong> half of routine bleeps were on a phone</li><li><strong>${duration(ours.p95)}</strong> 19 of 20 were</li></ul><p>From the first byte on the line to the phone’s own receipt.</p>`
}
</article>
</section>`
}

function emergencies({ emergency, zone }: Report): string {
  if (emergency.n === 0)
    return '<section><h2>Emergencies</h2><p>No emergency bleep in this span.</p></section>'
  const inTime = emergency.n - emergency.missed
  const within = `${inTime} of them (${percent(emergency.withinTarget ?? 0)}) were on a first team member’s phone within ${emergency.targetSeconds} s; ${emergency.missed} were not.`
  return `<section><h2>Emergencies</h2>
<p>${count(emergency.n, 'emergency bleep')}. ${within} Emergencies are not part of time saved.</p>
${missed(emergency, zone)}
<h3>How fast they were</h3>
${table(
  ['From the first byte to', 'bleeps', 'half within', '19 of 20 within', 'longest'],
  (
    [
      ['a first phone', emergency.toDevice],
      ['a first acceptance', emergency.toAccepted],
      ['every needed role coming', emergency.toCovered],
    ] as const
  ).map(([name, s]) => [name, String(s.n), duration(s.p50), duration(s.p95), duration(s.max)]),
)}${slowest(emergency.slowest, zone)}</section>`
}

/** What went wrong comes before what went well. */
function missed({ missed: all, misses }: Report['emergency'], zone: string): string {
  if (misses.length === 0) return ''
  const rest = all > misses.length ? `<p class="small">The worst ${misses.length} of ${all}.</p>` : ''
  return `<h3>Not on a phone in time</h3>
${table(
  ['When', 'Where', 'Why', 'First phone after'],
  misses.map(({ at, place, why, seconds }) => [
    when(at, zone),
    place ?? 'not stated',
    MISSES[why],
    seconds === null ? '–' : `${seconds} s`,
  ]),
)}${rest}`
}

/** People who were asked although the call was not for them. */
function recipients({ recipients: { calls, asked, notMe, callsWithNotMe } }: Report): string {
  if (calls === 0) return ''
  return `<section><h2>Right person</h2><p>In ${count(calls, 'call')} people were asked ${count(asked, 'time')}. They answered “not for me” ${count(notMe, 'time')}, in ${count(callsWithNotMe, 'call')}.</p></section>`
}

/** The time lines of the calls whose team took longest: what to talk about, not whom. */
function slowest(all: Report['emergency']['slowest'], zone: string): string {
  const drawn = all.flatMap(({ at, stamps }) => {
    const picture = waterfall(stamps, { class: 'emergency' })
    return picture === '' ? [] : [{ at, picture }]
  })
  if (drawn.length === 0) return ''
  return `
<h3>Where the time went in the ${drawn.length === 1 ? 'slowest' : `${drawn.length} slowest`}</h3>
${drawn.map(({ at, picture }) => `<figure class="hops">${picture}<figcaption>Bleep of ${when(at, zone)}.</figcaption></figure>`).join('\n')}
<p class="small">Blue: our own time. Orange and light blue: networks and push providers. Grey: people. Outlined and marked “!”: over budget. Long waits are drawn shortened.</p>`
}

const VERDICTS: Readonly<Record<SavedRow['verdict'], string>> = {
  measured: '',
  assumed: 'assumed, not measured',
  'not-enough-data': 'not enough data',
  'too-few-people': 'not shown: too few people',
}

function saved(report: Report, groups: readonly SavedRow[], roles: readonly SavedRow[]): string {
  const chart = savedChart([...groups, ...roles])
  const head = [
    'Group',
    'Shift',
    'Waits before',
    'of these over 15 min',
    'Mean before',
    'Chance matches',
    'Waits on phones',
    'Mean on phones',
    'Minutes saved in a shift',
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
  return `<section><h2>Time saved</h2>
<p>Waiting saved for the one who called. At least ${report.limits.minimumN} waits on either side are needed, and at least ${report.limits.smallestGroup} people in a group.</p>
${chart === undefined ? '' : `<figure>${chart}<figcaption>Dot: measured. Line: the range that holds the true value in 95 of 100 such reports.</figcaption></figure>`}
<h3>By staff group</h3>
${groups.length === 0 ? '<p>No bleep with a role in this span.</p>' : table(head, groups.map(line), RAW)}
${shownRoles.length === 0 ? '' : `<h3>By role</h3>${table(head, shownRoles.map(line), RAW)}`}
${hidden === 0 ? '' : `<p class="small">${hidden} more ${hidden === 1 ? 'row is' : 'rows are'} not shown, because fewer than ${report.limits.smallestGroup} people are in them.</p>`}
</section>`
}

function waiting(report: Report): string {
  const chart = waitingChart(report)
  const { callBack } = report
  if (chart === undefined) return ''
  return `<section><h2>How long callers wait</h2>
<figure>${chart}<figcaption>Of 100 callers, how many still have no answer. Pager: ${count(callBack.matched + callBack.censored, 'call-back request')} followed in the exchange’s records, answers by chance taken out.</figcaption></figure>
<p>${count(callBack.failedCalls, 'call')} to a waiting telephone were not picked up: somebody called back and the caller had gone.</p></section>`
}

/** The legs as people say them. */
const LEGS: Readonly<Record<LegName, string>> = {
  'first-byte → handed': 'bleep to handed over',
  'handed → on-device': 'handed over to on a phone',
  'on-device → accepted': 'on a phone to accepted',
  'first-byte → on-device': 'bleep to on a phone',
  'first-byte → accepted': 'bleep to accepted',
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
  return `<section><h2>Where the seconds go</h2>
${table(['Class', 'From – to', 'Whose time', 'bleeps', 'half within', '19 of 20 within', 'longest'], report.latency.map(row))}</section>`
}

function hours(report: Report): string {
  const chart = hoursChart(report)
  return chart === undefined
    ? ''
    : `<section><h2>When bleeps come</h2><figure>${chart}<figcaption>Bleeps in this span by the hour they came, local time.</figcaption></figure></section>`
}

function notes(report: Report): string {
  const offsets = report.callBack.clockOffsets.filter((o) => o.seconds !== null && Math.abs(o.seconds) >= 1)
  return `<section><h2>What was left out or put right</h2>
${
  report.footnotes.length === 0 && offsets.length === 0
    ? '<p>Nothing.</p>'
    : `<ul class="notes">${report.footnotes.map((f) => `<li><b>${f.count.toLocaleString('en-GB')}</b> ${text(f.sentence)}</li>`).join('')}${offsets.map((o) => `<li>the clock of ${text(o.feed)} is ${secondsOf(Math.abs(o.seconds ?? 0))} ${(o.seconds ?? 0) > 0 ? 'ahead' : 'behind'}; its times were corrected</li>`).join('')}</ul>`
}
<h2>How to read this</h2>
<ul class="notes">${report.definitions.map((d) => `<li>${text(d)}</li>`).join('')}<li>${text(`Where no call records exist, ${report.assumed.seconds} s is taken for the time before and the result is marked assumed. ${report.assumed.source}`)}</li></ul></section>`
}
