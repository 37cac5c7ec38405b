import { say } from '../../core/catalogue/say.ts'
import { text } from '../../core/markup.ts'
import { nodeNamer, type Report } from '../../core/measure/report/report.ts'
import { type HealthState, SORTS } from '../../core/measure/telemetry.ts'
import type { AvailabilityFigures } from '../../core/measure/watch/availability.ts'
import { secondsOf, table } from './text.ts'

const STATES: Readonly<Record<HealthState, string>> = {
  good: 'well',
  degraded: say('figures.worksLookAtIt'),
  failed: 'down',
  unknown: say('figures.notKnown'),
}
/** The worst first: a machine with several parts is in the state of its worst part. */
const WORST = ['failed', 'degraded', 'unknown', 'good'] as const satisfies readonly HealthState[]

/** Lines, transmitters, phones and machines: how they are, and how much of the month they worked. */
export function hardware(report: Report): string {
  const parts = [...worked(report), ...overAir(report)]
  return parts.length === 0
    ? ''
    : `<section><h2>${say('figures.linesTransmittersAndMachines')}</h2>${parts.join('')}</section>`
}

function worked(report: Report): string[] {
  const { availability } = report
  if (availability.length === 0) return []
  const whose = nodeNamer(report)
  const month = availability.reduce((last, a) => (a.month > last ? a.month : last), '')
  const rows = availability
    .filter((a) => a.sort !== 'node')
    .sort((a, b) => SORTS.indexOf(a.sort) - SORTS.indexOf(b.sort))
    .map((a) => [
      `${PREFIX[a.sort] ?? ''}${whose(a, a.label)}`,
      STATES[a.state],
      achieved(a.availability, a.month === month ? undefined : a.month),
      `${a.failedMinutes}`,
      a.why ?? '',
    ])
  const machines = Map.groupBy(
    availability.filter((a) => a.sort === 'node'),
    (a) => a.node,
  )
  for (const own of machines.values()) rows.push(machine(own, whose))
  return [
    `<p>${say('figures.howEachWasWhenItWas', { month: text(monthName(month)) })}</p>`,
    `<div class="words">${table(['What', 'State', say('figures.workedIn', { month: monthName(month) }), say('figures.minutesDown'), say('figures.whatIsWrong')], rows)}</div>`,
  ]
}

const PREFIX: Readonly<Partial<Record<AvailabilityFigures['sort'], string>>> = {
  feed: say('figures.lineIn'),
  transmitter: 'Transmitter: ',
}

/** A machine that runs the bridge is one line, however many of its parts are watched. */
function machine(parts: readonly AvailabilityFigures[], whose: ReturnType<typeof nodeNamer>): string[] {
  const state = WORST.find((s) => parts.some((a) => a.state === s)) ?? 'unknown'
  const shares = parts.flatMap((a) => (a.availability === null ? [] : [a.availability]))
  return [
    whose(parts[0] ?? { node: '' }, say('figures.theBridgesOwnComputer')),
    STATES[state],
    achieved(shares.length === 0 ? null : Math.min(...shares)),
    `${Math.max(...parts.map((a) => a.failedMinutes))}`,
    parts.flatMap((a) => (a.why === null ? [] : [a.why])).join('. '),
  ]
}

function overAir(report: Report): string[] {
  const whose = nodeNamer(report)
  if (report.air.length === 0) return []
  return [
    `<h3>${say('figures.heardOverTheAir')}</h3>`,
    `<p>${say('figures.pagesThatTheSwitchboardAskedA')}</p>`,
    table(
      [
        'Transmitter',
        say('figures.askedFor'),
        'heard',
        'garbled',
        say('figures.notHeard'),
        say('figures.meanDelay'),
        say('figures.longestDelay'),
      ],
      report.air.map((a) => [
        whose(a, a.transmitter),
        ...[a.asked, a.heard, a.garbled, a.silent].map((n) => n.toLocaleString('en-GB')),
        secondsOf(a.meanDelaySeconds),
        secondsOf(a.longestDelaySeconds),
      ]),
    ),
  ]
}

/** Rounded down: what was ever down is never told as 100 %. */
function achieved(share: number | null, month?: string): string {
  if (share === null) return '–'
  const percent = `${Math.floor(share * 10_000) / 100} %`
  return month === undefined ? percent : `${percent} (${monthName(month)})`
}

/** @param month YYYY-MM */
function monthName(month: string): string {
  return new Date(`${month}-15T12:00:00Z`).toLocaleDateString('en-GB', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
}
