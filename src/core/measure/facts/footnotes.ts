/** What a figure left out, corrected or could not know. Every record that is not used is counted under one of these. */
const FOOTNOTES = {
  'call-unstamped': 'call records without a usable time were left out',
  'call-date-wrong': 'call records whose date is days away from when they arrived were left out',
  'call-future': 'call records stamped after they arrived were left out',
  'call-doubled': 'call records came twice and were counted once',
  'call-out-of-order': 'call records came out of order and were sorted',
  'call-late': 'call records came more than five minutes after their call and were used all the same',
  'call-clock-moved': 'call records around a jump of the exchange’s clock were left out',
  'call-clock-hours': 'the exchange’s clock is an hour or more off; its times were corrected',
  'call-clock-unknown':
    'call records came only in batches, so the exchange’s clock could not be measured; it was taken to be right',
  'no-call-records': 'no call records exist: the time before is an assumed constant and not a measurement',
  'request-ambiguous':
    'call-back requests shared an extension with another within 15 minutes and were left out',
  'request-unsure': 'requests fell where call records were left out, and were left out with them',
  'request-repeated': 'requests repeated an open one and were timed from the first',
  'request-cut':
    'requests came too close to the end of the span to be followed for 15 minutes and were left out',
  'no-call-back-number': 'bleeps before carried no call-back number, so their time is unknown',
  'no-role': 'bleeps went to no role of the directory and appear under “no role”',
  'outside-shifts': 'bleeps fell into no shift: the shift pattern has a gap',
  'fact-unordered': 'bleeps carried times that run backwards; those times were left out',
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
