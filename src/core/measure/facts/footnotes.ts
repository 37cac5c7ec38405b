import { say } from '../../catalogue/say.ts'

/** What a figure left out, corrected or could not know. Every record that is not used is counted under one of these. */
const FOOTNOTES = {
  'call-unstamped': say('footnotes.callRecordsWithoutUsableTime'),
  'call-date-wrong': say('footnotes.callRecordsWhoseDateDays'),
  'call-future': say('footnotes.callRecordsStampedAfterThey'),
  'call-doubled': say('footnotes.callRecordsCameTwiceWere'),
  'call-out-of-order': say('footnotes.callRecordsCameOutOrder'),
  'call-late': say('footnotes.callRecordsCameMoreThan'),
  'call-clock-moved': say('footnotes.callRecordsAroundJumpExchanges'),
  'call-clock-hours': say('footnotes.exchangesClockHourMoreOff'),
  'call-clock-unknown': say('footnotes.callRecordsCameOnlyBatches'),
  'no-call-records': say('footnotes.callRecordsExistTimeBefore'),
  'request-ambiguous': say('footnotes.callBackRequestsShared'),
  'request-unsure': say('footnotes.requestsFellWhereCallRecords'),
  'request-repeated': say('footnotes.requestsRepeatedOpenOneWere'),
  'request-cut': say('footnotes.requestsCameTooCloseEnd'),
  'no-call-back-number': say('footnotes.bleepsBeforeCarriedCallBack'),
  'no-role': say('footnotes.bleepsWentRoleDirectoryAppear'),
  'outside-shifts': say('footnotes.bleepsFellIntoShiftShift'),
  'fact-unordered': say('footnotes.bleepsCarriedTimesRunBackwards'),
} as const satisfies Record<string, string>

export type Footnote = keyof typeof FOOTNOTES

export class Footnotes {
  readonly #counts = new Map<Footnote, number>()

  add(note: Footnote, count = 1): void {
    if (count > 0) this.#counts.set(note, (this.#counts.get(note) ?? 0) + count)
  }

  list(): { readonly code: Footnote; readonly count: number; readonly sentence: string }[] {
    return (Object.keys(FOOTNOTES) as Footnote[])
      .filter((code) => this.#counts.has(code))
      .map((code) => ({ code, count: this.#counts.get(code) ?? 0, sentence: FOOTNOTES[code] }))
  }
}
