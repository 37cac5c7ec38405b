import { type HospitalNumbers, NO_HOSPITAL_NUMBERS } from '../directory/hospital-numbers.ts'
import { UK_TELEPHONE } from './telephone.ts'

/** What can name a patient or a caller inside free text. */
export const IDENTIFIERS = [
  'nhs-number',
  'hospital-number',
  'date-of-birth',
  'telephone',
  'postcode',
] as const
export type Identifier = (typeof IDENTIFIERS)[number]

/** One of them as it stands in a text, and the same however it is spaced: for masks and for searches alike. */
export interface Identified {
  readonly kind: Identifier
  readonly from: number
  readonly to: number
  readonly key: string
}

/**
 * Every identifier in a text, in order; where two overlap the one that begins first, then the longer.
 * @param own finds the hospital's own numbers, by the shape that the site gives for them
 */
export function identifiersIn(
  text: string,
  kinds: readonly Identifier[] = IDENTIFIERS,
  own: HospitalNumbers = NO_HOSPITAL_NUMBERS,
): readonly Identified[] {
  const spans = (kind: Identifier) =>
    kind === 'hospital-number'
      ? own(text)
      : SHAPES[kind]
          .flatMap((shape) => [...text.matchAll(shape)])
          .map(({ 0: said, index }) => ({ from: index, to: index + said.length, said }))
  const found = kinds
    .flatMap((kind) => spans(kind).map(({ from, to, said }) => ({ kind, from, to, key: keyOf(kind, said) })))
    .filter(({ kind, key }) => kind !== 'nhs-number' || isNhsNumber(key))
    .sort((a, b) => a.from - b.from || b.to - a.to)
  const kept: Identified[] = []
  for (const one of found) if (one.from >= (kept.at(-1)?.to ?? 0)) kept.push(one)
  return kept
}

/** The same number of a telephone in national and international form, the same date or postcode however it is written. */
function keyOf(kind: Identifier, said: string): string {
  if (kind === 'telephone') return said.replace(/^(?:\+44|0044)[ .-]?(?:\(0\))?/, '0').replace(/\D/g, '')
  return said.toUpperCase().replace(/[^A-Z0-9]/g, '')
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
const TELEPHONE = new RegExp(`(?<![\\d+])${UK_TELEPHONE}`, 'g')

/**
 * Area, district, sector and unit (Royal Mail, programmers' guide): letters that a unit never holds are left out, and
 * so are ordinals, because `W7 2ND BED` is a ward.
 */
const POSTCODE =
  /(?<![A-Z0-9])(?:[A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKPSTUW]?) ?\d(?!(?:ST|ND|RD|TH)(?![A-Z0-9]))[ABD-HJLNP-UW-Z]{2}(?![A-Z0-9])/gi

const SHAPES: Readonly<Record<Exclude<Identifier, 'hospital-number'>, readonly RegExp[]>> = {
  'nhs-number': [NHS_SHAPE],
  'date-of-birth': DATES,
  telephone: [TELEPHONE],
  postcode: [POSTCODE],
}
