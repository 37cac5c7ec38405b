import { say } from '../catalogue/say.ts'
import { DAY, type Instant } from '../instant.ts'

/** One sort of data we keep: for how long unless the site says otherwise, within which bounds, and on what ground. */
export interface KeepTime {
  readonly days: number
  readonly least: number
  readonly most: number
  readonly holds: string
  readonly because: string
}

const CODE = say('record.nhsRecordsManagementCode')

/**
 * The one table of keep times, days. Words go long before the skeleton that evidence needs; figures, which hold neither
 * words nor names, outlive both. A hold keeps any of it for longer, and nothing of an open alert ever goes.
 */
export const KEEP_TIMES = {
  words: {
    ...{ days: 90, least: 1, most: 3650 },
    holds: say('record.whatWrittenPageTextEvery'),
    because: say('record.ukGdprStorageLimit'),
  },
  alerts: {
    ...{ days: 1095, least: 30, most: 3650 },
    holds: say('record.whoBleepedAskedWhenWhich'),
    because: say('record.limitationAct'),
  },
  inbox: {
    ...{ days: 30, least: 7, most: 365 },
    holds: say('record.whatEachPhoneToldAlert'),
    because: say('record.phoneKeepsSevenDaysItself'),
  },
  calls: {
    ...{ days: 365, least: 31, most: 3650 },
    holds: say('record.callRecordsExchangeSentThem'),
    because: say('record.telephonySystemsRecordOneYear', { code: CODE }),
  },
  rota: {
    ...{ days: 730, least: 30, most: 3650 },
    holds: say('record.changesRotaOverLeaveSwaps'),
    because: say('record.sitesDecisionRotaRecordSites'),
  },
  devices: {
    ...{ days: 1095, least: 30, most: 3650 },
    holds: say('record.phonesWereSignedOutRevoked'),
    because: say('record.longAlertsTheirRecordNames'),
  },
  measures: {
    ...{ days: 3650, least: 365, most: 7300 },
    holds: say('record.figuresReportsTimesRoleClass'),
    because: say('record.holdNobodysDataComparisonTime'),
  },
  audit: {
    ...{ days: 2920, least: 365, most: 7300 },
    holds: say('record.whoDidWhatWhoLooked'),
    because: say('record.longAdultsHealthRecordEight', { code: CODE }),
  },
  captures: {
    ...{ days: 30, least: 1, most: 90 },
    holds: say('record.rawBytesLinesWhereCapture'),
    because: say('record.faultsLineDatabaseAwayBounded'),
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
