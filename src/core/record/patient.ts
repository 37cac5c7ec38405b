import { identifiersIn, isNhsNumber } from '../bleep/identifiers.ts'

/** Which numbers name a patient: the NHS number everywhere, the hospital's own where the site has told us its shape. */
const PATIENT_SCHEMES = ['nhs', 'local'] as const
export type PatientScheme = (typeof PATIENT_SCHEMES)[number]

/** Whose record. The value has no spaces: ten digits for an NHS number, the hospital's own in capitals. */
export interface Patient {
  readonly scheme: PatientScheme
  readonly value: string
}

/** Finds the hospital's own numbers in a text; gives them as they stand there. */
export type LocalNumbers = (text: string) => readonly string[]

/** What a text says about whom: every patient named in it, and how many numbers were meant as one and cannot be. */
export interface PatientsFound {
  readonly patients: readonly Patient[]
  readonly wrong: number
}

/** By scheme and number: the same digits of another scheme are somebody else. */
export function samePatient(a: Patient, b: Patient): boolean {
  return a.scheme === b.scheme && a.value === b.value
}

/**
 * One number as a person typed it. Undefined: it is none, or its check digit is wrong (NHS Data Dictionary, NHS NUMBER).
 */
export function readPatient(typed: string, local: LocalNumbers): Patient | undefined {
  const text = typed.trim()
  const digits = text.replace(/[ .-]/g, '')
  if (isNhsNumber(digits)) return { scheme: 'nhs', value: digits }
  const [found] = local(text)
  return found !== undefined && found.length === text.length ? localPatient(found) : undefined
}

/**
 * Everybody that these texts name.
 * @param asked what stands in the asker's own field for the patient: anything there that is no number is a wrong one
 */
export function patientsIn(
  asked: string | undefined,
  texts: readonly string[],
  local: LocalNumbers,
): PatientsFound {
  const found = new Map<string, Patient>()
  const wrong = new Set<string>()
  const add = (patient: Patient) => found.set(patientKey(patient), patient)
  for (const text of asked === undefined ? texts : [asked, ...texts]) {
    for (const { key } of identifiersIn(text, ['nhs-number'])) add({ scheme: 'nhs', value: key })
    for (const own of local(text)) add(localPatient(own))
    for (const meant of meantAsNhsNumber(text)) wrong.add(meant)
  }
  const field = asked?.trim() ?? ''
  if (field !== '' && patientsOf(field, local) === 0) wrong.add(field)
  return { patients: [...found.values()], wrong: wrong.size }
}

/** The same for the same patient, however they were named, and for nobody else. */
export const patientKey = ({ scheme, value }: Patient): string => `${scheme} ${value}`

/** `943 476 5919`, as it is read out; any other number as it is. */
export function printPatient({ scheme, value }: Patient): string {
  return scheme === 'nhs' ? `${value.slice(0, 3)} ${value.slice(3, 6)} ${value.slice(6)}` : value
}

/** Enough to tell two patients of one call apart, and not enough to find anybody by. */
export function hintOf({ value }: Patient): string {
  return `…${value.slice(-4)}`
}

function localPatient(text: string): Patient {
  return { scheme: 'local', value: text.toUpperCase().replace(/\s/g, '') }
}

function patientsOf(text: string, local: LocalNumbers): number {
  return identifiersIn(text, ['nhs-number']).length + local(text).length
}

/** Ten digits that are called an NHS number or grouped like one, and whose check digit is wrong. */
const MEANT =
  /(?:\bNHS(?:\s?(?:NO|NUM|NUMBER))?[\s:.#]*)(\d{3}[ .-]?\d{3}[ .-]?\d{4})(?!\d)|(?<![\d+])([1-9]\d{2}[ -]\d{3}[ -]\d{4})(?!\d)/gi

function meantAsNhsNumber(text: string): readonly string[] {
  const phones = identifiersIn(text, ['telephone'])
  return [...text.matchAll(MEANT)].flatMap((m) => {
    const said = m[1] ?? m[2] ?? ''
    const from = m.index + m[0].length - said.length
    if (phones.some((phone) => phone.from < from + said.length && phone.to > from)) return []
    const digits = said.replace(/\D/g, '')
    return isNhsNumber(digits) ? [] : [digits]
  })
}

const LABELLED = /\b(?:DOB|D\.O\.B\.?|BORN|DATE OF BIRTH)[ :.-]*/gi
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

/**
 * Dates that the words call a date of birth, as `YYYY-MM-DD`, or `--YY-MM-DD` where the century was left out. Other dates
 * of a page may be of anything.
 */
export function birthDatesIn(text: string): readonly string[] {
  const dates = identifiersIn(text, ['date-of-birth'])
  return [...text.matchAll(LABELLED)].flatMap((label) => {
    const after = label.index + label[0].length
    const date = dates.find(({ from }) => from === after)
    const read = date && readDate(text.slice(date.from, date.to))
    return read === undefined ? [] : [read]
  })
}

/** Whether what the words say fits the record's date, as far as they say it. */
export function fitsBirthDate(said: string, recorded: string): boolean {
  return said.startsWith('--') ? recorded.slice(2) === said.slice(2) : recorded === said
}

function readDate(text: string): string | undefined {
  const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (iso !== null) return text
  const packed = /^(\d\d)(\d\d)(\d\d|\d{4})$/.exec(text)
  const split = /^(\d{1,2})(?:ST|ND|RD|TH)?[ /.-]*(\d{1,2}|[A-Z]{3,9})[ /.,-]*(\d{4}|\d\d)$/i.exec(text)
  const [, day = '', month = '', year = ''] = packed ?? split ?? []
  const named = MONTHS.indexOf(month.slice(0, 3).toUpperCase()) + 1
  const number = named > 0 ? named : Number(month)
  if (day === '' || !(number >= 1 && number <= 12)) return undefined
  const two = (n: number | string) => String(n).padStart(2, '0')
  return `${year.length === 4 ? year : `--${year}`}-${two(number)}-${two(Number(day))}`
}
