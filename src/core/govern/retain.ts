import { DAY, type Instant } from '../instant.ts'

/** One sort of data we keep: for how long unless the site says otherwise, within which bounds, and on what ground. */
export interface KeepTime {
  readonly days: number
  readonly least: number
  readonly most: number
  readonly holds: string
  readonly because: string
}

const CODE = 'NHS Records Management Code of Practice, Appendix II'

/**
 * The one table of keep times, days. Words go long before the skeleton that evidence needs; figures, which hold neither
 * words nor names, outlive both. A hold keeps any of it for longer, and nothing of an open alert ever goes.
 */
export const KEEP_TIMES = {
  words: {
    ...{ days: 90, least: 1, most: 3650 },
    holds:
      'What was written: page text with every tap’s reading of it, place, call-back number, replies, notes',
    because:
      'UK GDPR Article 5(1)(e): no longer than needed. What belongs in the patient’s record is filed there; the Code names no period for bleeps, so it is the site’s decision',
  },
  alerts: {
    ...{ days: 1095, least: 30, most: 3650 },
    holds:
      'Who was bleeped and asked, when, by which device, what they answered: bleeps, alerts, attempts, hops',
    because: 'Limitation Act 1980, section 11: three years for a claim after an injury. The site’s decision',
  },
  inbox: {
    ...{ days: 30, least: 7, most: 365 },
    holds: 'What each phone was told, by alert and time: pointers, no words',
    because: 'A phone keeps seven days itself; longer serves nobody. The site’s decision',
  },
  calls: {
    ...{ days: 365, least: 31, most: 3650 },
    holds: 'Call records of the exchange, as it sent them',
    because: `${CODE}: telephony systems record, one year`,
  },
  rota: {
    ...{ days: 730, least: 30, most: 3650 },
    holds: 'Changes of the rota that are over: leave, swaps, hand-overs of a role',
    because: 'The site’s decision: the rota of record is the site’s own',
  },
  devices: {
    ...{ days: 1095, least: 30, most: 3650 },
    holds: 'Phones that were signed out, revoked or are dead, since they were last seen: whose they were',
    because: 'As long as alerts: their record names the phones that had them. The site’s decision',
  },
  measures: {
    ...{ days: 3650, least: 365, most: 7300 },
    holds: 'Figures of reports: times by role and class, calls by extension. No words, no names',
    because: 'Hold nobody’s data; comparison with the time before phones needs them. The site’s decision',
  },
  audit: {
    ...{ days: 2920, least: 365, most: 7300 },
    holds: 'Who did what and who looked at what. The chain’s digests stay for ever and hold nobody’s data',
    because: `As long as an adult’s health record (${CODE}: eight years), so that a look can be traced for as long as somebody may ask. The Code names no period for audit trails: the site’s decision`,
  },
  captures: {
    ...{ days: 30, least: 1, most: 90 },
    holds: 'Raw bytes of the lines, where capture is on: page text is in them',
    because:
      'For faults on a line and a database that was away; bounded by size as well. The site’s decision',
  },
} as const satisfies Record<string, KeepTime>

export type Kept = keyof typeof KEEP_TIMES
export const KEPT = Object.keys(KEEP_TIMES) as Kept[]

/** Days by sort of data. */
export type Keeps = Readonly<Record<Kept, number>>

/**
 * Which sort of data may not be kept for longer than which: words must not last in a second place when they are gone
 * from the first.
 */
export const NO_LONGER_THAN: readonly (readonly [shorter: Kept, longer: Kept])[] = [
  ['words', 'alerts'],
  ['inbox', 'alerts'],
  ['captures', 'words'],
  ['alerts', 'devices'],
  ['alerts', 'audit'],
]

/** Whatever is older than this has had its time. */
export function cutoff(keeps: Keeps, what: Kept, now: Instant): Instant {
  return now - keeps[what] * DAY
}

/** The table as a page prints it. */
export function keepTable(): string {
  const lines = Object.entries(KEEP_TIMES).map(
    ([what, { days, least, most, holds, because }]) =>
      `| \`${what}\` | ${days} | ${least} to ${most} | ${holds} | ${because} |`,
  )
  return `| Setting | Days | Bounds | What it is | Why so long |\n|---|---|---|---|---|\n${lines.join('\n')}`
}
