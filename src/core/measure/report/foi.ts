import { say } from '../../catalogue/say.ts'
import { csvLine } from '../../csv.ts'
import type { Trust } from '../../directory/trust.ts'
import { CLASSES } from '../../vocabulary.ts'
import { type Report, SMALLEST_GROUP } from './report.ts'

/** One figure for a request under the Freedom of Information Act: no person, no patient, no small number. */
export interface FoiRow {
  readonly section: string
  readonly item: string
  readonly value: string
}

export interface FoiAsk {
  readonly policy?: Pick<Trust, 'title' | 'version' | 'approved'>
  /** Devices in use by each way, as people call it. */
  readonly devices: ReadonlyMap<string, number>
  readonly wordsDays: number
}

/** Volumes, times, channels and policy of one span. */
export function foiRows(report: Report, { policy, devices, wordsDays }: FoiAsk): readonly FoiRow[] {
  const { counts, emergency, latency } = report
  const [volumes, times] = [say('policy.foiVolumes'), say('policy.foiTimes')]
  const medians = latency.filter(
    ({ leg, n }) => leg === 'first-byte → accepted' && n >= report.limits.minimumN,
  )
  const rows: FoiRow[] = [
    { section: volumes, item: say('policy.foiAll'), value: few(counts.bleeps) },
    ...CLASSES.map((c) => ({ section: volumes, item: c, value: few(counts.byClass[c]) })),
    { section: volumes, item: say('policy.foiToPhones'), value: few(counts.toPhones) },
    { section: volumes, item: say('policy.foiAnswered'), value: few(counts.acknowledged) },
    { section: volumes, item: say('policy.foiUnanswered'), value: few(counts.unanswered) },
    ...medians.map(({ class: c, p50 }) => ({
      ...{ section: times, item: say('policy.foiMedian', { class: c }) },
      value: p50 === null ? '' : String(Math.round(p50 / 1000)),
    })),
  ]
  if (emergency.withinTarget !== null && emergency.n >= SMALLEST_GROUP)
    rows.push({
      ...{ section: times, item: say('policy.foiWithin', { seconds: emergency.targetSeconds }) },
      value: String(Math.round(emergency.withinTarget * 100)),
    })
  const channels = [...devices].map(([way, n]) => ({
    ...{
      section: say('policy.foiChannels'),
      item: say('policy.foiDevices', { way }),
      value: few(n),
    },
  }))
  const about = say('policy.foiPolicy')
  const none = say('policy.foiNone')
  const approved = policy?.approved === undefined ? none : `${policy.approved.by}, ${policy.approved.on}`
  return [
    ...rows,
    ...channels,
    ...[
      {
        section: about,
        item: say('policy.foiVersion'),
        value: policy ? `${policy.title}, ${policy.version}` : none,
      },
      { section: about, item: say('policy.foiApproved'), value: approved },
      { section: about, item: say('policy.foiKept'), value: String(wordsDays) },
    ],
  ]
}

/** Small numbers may point to a person, so they are not given; none is no person. */
function few(n: number): string {
  return n > 0 && n < SMALLEST_GROUP ? say('policy.foiFewer', { least: SMALLEST_GROUP }) : String(n)
}

/** The answer as a file of CSV (RFC 4180). */
export function foiCsv(rows: readonly FoiRow[]): string {
  const head = [say('policy.foiSection'), say('policy.foiItem'), say('policy.foiValue')]
  return [head, ...rows.map(({ section, item, value }) => [section, item, value])]
    .map((cells) => `${csvLine(cells)}\r\n`)
    .join('')
}
