import type { ChannelId } from './attempt.ts'

/** What can name a patient or a caller inside free text. */
export type Identifier = 'nhs-number' | 'date-of-birth' | 'telephone'

const ALL: readonly Identifier[] = ['nhs-number', 'date-of-birth', 'telephone']

/** Where text is shown, or to whom: an enrolled phone after unlock by the holder's staff group, or a screen. */
export type Viewer =
  | { readonly kind: 'console' }
  /** A report, an export, a log of the day: no one needs the identifiers there. */
  | { readonly kind: 'report' }
  | { readonly kind: 'device'; readonly channel: ChannelId; readonly clinical: boolean }

/**
 * Which identifiers are masked for whom. Switchboard and clinicians who answer must be able to ring back and find the
 * patient; a shared display or a non-clinical phone needs the place, not the person.
 */
export function maskedFor(viewer: Viewer): readonly Identifier[] {
  switch (viewer.kind) {
    case 'report':
      return ALL
    case 'console':
      return ['nhs-number', 'date-of-birth']
    case 'device':
      if (viewer.channel === 'mqtt' || viewer.channel === 'nudge') return ALL
      return viewer.clinical ? [] : ['nhs-number', 'date-of-birth']
  }
}

/**
 * Replaces identifiers by a note of what stood there. Extensions and bleep numbers (3 to 6 digits) are never touched:
 * without them nobody can ring back.
 */
export function maskText(text: string, kinds: readonly Identifier[]): string {
  let out = text
  if (kinds.includes('nhs-number'))
    out = out.replace(NHS_SHAPE, (all: string) =>
      isNhsNumber(all.replace(/\D/g, '')) ? '[NHS number]' : all,
    )
  if (kinds.includes('date-of-birth')) for (const shape of DATES) out = out.replace(shape, '[date]')
  if (kinds.includes('telephone')) out = out.replace(TELEPHONE, '[telephone]')
  return out
}

/** Ten digits as people write them: together, or 3-3-4 with spaces, hyphens or points. */
const NHS_SHAPE = /(?<![\d])\d{3}[ .-]?\d{3}[ .-]?\d{4}(?![\d])/g

/**
 * The check digit of an NHS number (NHS Data Dictionary, NHS NUMBER): the first nine digits weighted 10 down to 2,
 * eleven less the remainder by eleven; 11 counts as 0, and 10 marks a number that was never issued.
 */
export function isNhsNumber(digits: string): boolean {
  if (!/^\d{10}$/.test(digits)) return false
  let sum = 0
  for (let i = 0; i < 9; i++) sum += Number(digits[i]) * (10 - i)
  const check = (11 - (sum % 11)) % 11
  return check !== 10 && check === Number(digits[9])
}

const MONTH =
  '(?:JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)'

/** Full dates: day first as in the UK, ISO order, month by name; and eight digits where the text calls them a birth date. */
const DATES: readonly RegExp[] = [
  /(?<!\d)(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:(?:19|20)\d\d|\d\d)(?!\d)/g,
  /(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)/g,
  new RegExp(
    `(?<!\\d)(?:0?[1-9]|[12]\\d|3[01])(?:ST|ND|RD|TH)?[ .-]?${MONTH}[ .,-]*(?:(?:19|20)\\d\\d|\\d\\d)(?!\\d)`,
    'gi',
  ),
  /(?<=\b(?:DOB|D\.O\.B\.?|BORN|DATE OF BIRTH)[ :.-]*)(?:\d{8}|\d{6})(?!\d)/gi,
]

/** UK numbers in national (0…) or international (+44, 0044) form: ten or eleven digits with the usual gaps. */
const TELEPHONE = /(?<![\d+])(?:\+44|0044|0)[ .-]?(?:\(0\)[ .-]?)?\(?[1-9](?:[ .()-]{0,2}\d){8,9}(?!\d)/g
