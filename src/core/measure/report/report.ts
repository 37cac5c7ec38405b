import { say } from '../../catalogue/say.ts'
import type { Instant } from '../../instant.ts'
import type { Class } from '../../vocabulary.ts'
import type { Footnote } from '../facts/footnotes.ts'
import type { Stamp } from '../hops.ts'
import type { AvailabilityFigures } from '../watch/availability.ts'
import type { AirFigures } from '../watch/overair.ts'
import type { ShiftHours } from './shifts.ts'

/** Published reference, printed beside what we measured and never mixed with it. */
export const PUBLISHED = {
  minutesPerShift: { nurse: 21, doctor: 48 } as Readonly<Record<string, number>>,
  source: say('figures.menonRivett2019WestSuffolk'),
} as const

/** Mean return time by Fargen 2012 (neurosurgery, USA): what is assumed where no call records exist. */
export const ASSUMED_SECONDS = 80
export const ASSUMED_SOURCE = say('figures.fargen2012NeurosurgeryUsaMean')

/** Fewer waits than this on either side is not enough data. */
export const MINIMUM_N = 30
/** Fewer people than this in a group, and its figures would be figures about persons. */
export const SMALLEST_GROUP = 5

export interface ReportAsk {
  readonly site: string
  readonly zone: string
  readonly from: Instant
  readonly to: Instant
  readonly made: Instant
  /** Only bleeps of this shift. */
  readonly shift?: string
  /** Only bleeps of this hospital of the site. */
  readonly hospital?: string
  /** Whose a number is; absent: nobody knows of any. */
  readonly hospitalOf?: (number: string) => string | undefined
  readonly shifts: readonly ShiftHours[]
  /** Weeks before phones were issued; absent: bleeps of the span itself that went to no phone. */
  readonly baseline?: { readonly from: Instant; readonly to: Instant }
  /** Role id → name as printed in the rota. */
  readonly roleNames: ReadonlyMap<string, string>
  readonly availability: readonly AvailabilityFigures[]
  readonly air: readonly (AirFigures & { readonly node: string })[]
}

/** Emergencies drawn hop by hop. */
export const SLOWEST = 3

export interface Spread {
  readonly n: number
  /** Milliseconds. */
  readonly p50: number | null
  readonly p95: number | null
  readonly max: number | null
}

export interface LatencyRow extends Spread {
  readonly class: Class
  readonly leg: LegName
}

/** Spans between hops, each with one owner, and the two that a reader asks for first. */
export const REPORT_LEGS = {
  'first-byte → handed': 'ours',
  'handed → on-device': say('figures.providerAndNetwork'),
  'on-device → accepted': 'person',
  'first-byte → on-device': say('figures.allButThePerson'),
  'first-byte → accepted': say('figures.allTogether'),
} as const

export type LegName = keyof typeof REPORT_LEGS

type Verdict = 'measured' | 'assumed' | 'not-enough-data' | 'too-few-people'

/** How long whoever asked waited until they knew, in both phases, and what of it is saved. */
export interface WaitFigures {
  readonly verdict: Verdict
  /** Requests of the weeks with phones to be called back: each of them is a wait. */
  readonly requests: number
  readonly before: {
    readonly n: number
    readonly censored: number
    readonly ambiguous: number
    readonly failedCalls: number
    readonly medianSeconds: number | null
    readonly meanSeconds: number | null
    readonly correctedMedianSeconds: number | null
    readonly chanceRate: number | null
  }
  readonly after: {
    readonly n: number
    readonly censored: number
    readonly medianSeconds: number | null
    readonly meanSeconds: number | null
  }
  /** Minutes of waiting saved in one shift. */
  readonly minutesPerShift: number | null
  readonly interval: readonly [low: number, high: number] | null
}

/** Waiting by who was bleeped: what a role's callers no longer wait in one shift of it. It is their time, not its. */
export interface SavedRow extends WaitFigures {
  readonly staffGroup: string
  /** Absent: all roles of the staff group. */
  readonly role?: string
  readonly roleName?: string
  readonly shift: string
  /** How many shifts were worked: shifts in the span times roles that were bleeped. */
  readonly shifts: number
  /** Bleeps acknowledged on a phone. */
  readonly acknowledged: number
}

/** Waiting of the staff of one ward, or of all wards, by the shifts of nurses. */
export interface WardRow extends WaitFigures {
  /** Absent: all wards together, for one of them. */
  readonly ward?: string
  readonly shift: string
  /** How many shifts were worked: shifts in the span times wards. */
  readonly shifts: number
  /** Nurses on a ward in this shift, as the site says; null: it does not, and minutes are those of the whole ward. */
  readonly nurses: number | null
  readonly perNurse: Shown | null
  /** Published minutes of one nurse in a shift; null where ours is not of one nurse. */
  readonly publishedMinutes: number | null
}

/** A figure of one shift with the interval that holds the true value in 95 of 100 reports. */
export interface Shown {
  readonly value: number
  readonly interval: readonly [low: number, high: number]
}

/**
 * Calls that bleeps led to, in one shift of those who were bleeped; of a ward, in one shift of it, by whoever was
 * bleeped from there. Null: not enough data, or too few people.
 */
export interface CallsRow {
  /** Of a ward: of everybody. */
  readonly staffGroup: string
  readonly ward?: string
  readonly role?: string
  readonly roleName?: string
  readonly shift: string
  readonly verdict: Exclude<Verdict, 'assumed'>
  readonly shifts: number
  readonly requests: number
  /** Of them, how many somebody answered on a phone. */
  readonly answered: number
  readonly nBefore: number
  readonly nAfter: number
  /** Calls that bleeps no longer lead to. */
  readonly spared: Shown | null
  /** Calls no longer made in vain: the line was engaged, or nobody took it. */
  readonly vainSpared: Shown | null
  /** Of those in vain, which found the line engaged; null as well where the exchange never says so. */
  readonly engagedSpared: Shown | null
  /** Bleeps answered on the phone that led to no call. */
  readonly answeredOnTheSpot: Shown | null
}

/** Why an emergency is not among those that were on a phone in time. */
export const MISSES = {
  'no-phone-rung': say('figures.noPhoneWasRung'),
  'no-phone-confirmed': say('figures.phonesWereRungNoneSaid'),
  late: say('figures.firstPhoneSaidSoToo'),
} as const
export type MissReason = keyof typeof MISSES

interface Miss {
  readonly at: string
  /** As the sender stated it; null where none was, or its words have had their keep time. */
  readonly place: string | null
  readonly why: MissReason
  /** From the first byte to the first phone. */
  readonly seconds: number | null
}

/** Misses listed in one report. */
export const MISSES_LISTED = 50

export interface Report {
  readonly site: string
  readonly zone: string
  readonly from: string
  readonly to: string
  readonly made: string
  readonly shift: string | null
  readonly baseline: { readonly from: string; readonly to: string } | null
  readonly counts: {
    readonly bleeps: number
    readonly byClass: Readonly<Record<Class, number>>
    readonly toPhones: number
    readonly acknowledged: number
    readonly unanswered: number
    readonly acknowledgedByCallBack: number
    readonly callRecords: number
  }
  readonly emergency: {
    readonly n: number
    readonly toDevice: Spread
    readonly toAccepted: Spread
    readonly toCovered: Spread
    /** Share of all emergencies, whether or not they went to a phone, that were on a device within the target. */
    readonly withinTarget: number | null
    readonly targetSeconds: number
    /** How many were not, and the worst of them: those that rang nobody first, then the longest waits. */
    readonly missed: number
    readonly misses: readonly Miss[]
    /** Those whose team took longest to come, hop by hop, without names. */
    readonly slowest: readonly { readonly at: string; readonly stamps: readonly Stamp[] }[]
  }
  /** Who was asked and said that the call was not for them. */
  readonly recipients: {
    readonly calls: number
    readonly asked: number
    readonly notMe: number
    readonly callsWithNotMe: number
  }
  readonly latency: readonly LatencyRow[]
  readonly callBack: {
    readonly requests: number
    readonly matched: number
    readonly censored: number
    readonly ambiguous: number
    readonly failedCalls: number
    readonly chanceRate: number | null
    /** Seconds and share still waiting: before (corrected for chance) and on phones. */
    readonly curves: {
      readonly before: readonly (readonly [number, number])[]
      readonly after: readonly (readonly [number, number])[]
    }
    readonly clockOffsets: readonly { readonly feed: string; readonly seconds: number | null }[]
  }
  readonly saved: readonly SavedRow[]
  readonly wards: readonly WardRow[]
  /** Empty where there are no call records. */
  readonly calls: readonly CallsRow[]
  readonly published: typeof PUBLISHED
  readonly assumed: { readonly seconds: number; readonly source: string }
  readonly limits: {
    readonly minimumN: number
    readonly smallestGroup: number
    readonly windowMinutes: number
  }
  readonly hours: readonly { readonly hour: number; readonly byClass: Readonly<Record<Class, number>> }[]
  readonly availability: readonly AvailabilityFigures[]
  readonly air: readonly (AirFigures & { readonly node: string })[]
  readonly footnotes: readonly {
    readonly code: Footnote
    readonly count: number
    readonly sentence: string
  }[]
  readonly definitions: readonly string[]
}

/** Adds the node to what a row is called, where several nodes watch the site; phones are everybody's. */
export function nodeNamer({
  availability,
  air,
}: Pick<Report, 'availability' | 'air'>): (
  row: { readonly node: string; readonly sort?: string },
  label: string,
) => string {
  const several = new Set([...availability, ...air].map((row) => row.node)).size > 1
  return ({ node, sort }, label) => (several && sort !== 'phones' ? `${label}, ${node}` : label)
}

/** How every figure is to be read; printed with every report. */
export const DEFINITIONS: readonly string[] = [
  say('figures.beforeFromBleepsFirstByte'),
  say('figures.phonesFromSameFirstByte'),
  say('figures.bothCutAt15Minutes'),
  say('figures.busyWardTelephoneSometimes'),
  say('figures.minutesSavedShiftMeanBefore'),
  say('figures.callsCountedWholeWindow'),
  say('figures.figuresNeverAdded'),
  say('figures.intervalsHoldTrueValue95'),
  say('figures.emergencyTestBleepsNotTime'),
  say('figures.notMePeopleWhoWere'),
]
