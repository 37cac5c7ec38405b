import { given } from '../given.ts'
import { numberAt } from './telephone.ts'

/** What the sender stated in the text, in the sender's own words. Nothing here is inferred. */
export interface Stated {
  readonly place?: string
  readonly callBack?: string
  readonly eta?: string
}

/** Places every hospital has. A role that carries a place's name (`ICU REG`, `RESUS OFFICER`) is not a place. */
const GENERAL_PLACES = [
  '(?:WARD|WD)\\s?[A-Z]?\\d{1,2}[A-Z]?|W\\d{1,2}[A-Z]?',
  '(?:BED|BAY|SIDE\\s?ROOM|ROOM|RM|CUBICLE|ZONE|LEVEL|FLOOR)\\s?(?:\\d{1,3}[A-Z]?|[A-Z])',
  'THEATRES?(?:\\s?\\d{1,2})?',
  'RESUS(?:\\s?(?:BAY|ROOM)?\\s?\\d{1,2})?',
  'ED|A\\s?&\\s?E|(?:EMERGENCY\\s(?:DEPARTMENT|DEPT))',
  'ITU|ICU|HDU|CCU|PICU|PHDU|NICU|SCBU|NNU',
  'LABOUR\\s(?:WARD|SUITE)|DELIVERY\\s(?:SUITE|ROOM)|CDS',
  'AMU|MAU|EAU|SAU|CAU|PAU',
  'X-?RAY|CT(?:\\s?SCANNER)?|MRI|CATH\\sLAB',
  'OUTPATIENTS?|RECOVERY|ENDOSCOPY|DIALYSIS|MORTUARY|CANTEEN|CHAPEL|KITCHENS?',
  'CAR\\sPARK(?:\\s[A-Z0-9])?|MAIN\\s(?:ENTRANCE|RECEPTION|CORRIDOR)',
]
const NOT_A_ROLE =
  '(?!\\s(?:REG|REGISTRAR|SHO|NURSE|OFFICER|TEAM|LEAD|CONSULTANT|SISTER|DOCTOR|TECH|COORD|CO-ORD|TROLLEY|LIST)\\b)'
const SEPARATORS = /^[\s,;:/.()-]*$/

const CALL_BACK =
  /(?<![A-Z0-9])(?:CALL|RING|PHONE|DIAL|CONTACT|TEL(?:EPHONE)?|EXTENSION|EXTN|EXT|X)[\s.:]*(?:(?:BACK|ON|EXTENSION|EXTN|EXT|X|TEL|NUMBER|NO|MOBILE|MOB)[\s.:]*){0,3}(?=[\d+(])/gi
/** Whoever is to be rung stands between (`CALL WARD 7 ON 4421`), and the call is not the emergency itself. */
const CALL_SOMEBODY =
  /(?<!(?:CRASH|ARREST|TRAUMA|STROKE|MET|EMERGENCY|TEST)\s)(?<![A-Z0-9])(?:CALL|RING|PHONE|CONTACT)(?:\s[A-Z0-9&/'’-]{1,20}){1,4}?\sON\s(?=[\d+(])/gi
/** A number and then where it stands, as operators shorten it: `70123 WARD 3`. */
const NUMBER_THEN_PLACE =
  /^\s*(?=[\d+(])(?=[\d\s()+.-]{4,20}?\s(?:WARD|WD|BED|BAY|THEATRE|RESUS|ED|ITU|ICU|HDU|CCU|NICU|SCBU|AMU|MAU|LABOUR|DELIVERY|RECOVERY|CLINIC)\b)/i
/** Numbers that name the emergency itself are not there to be rung back. */
const CRASH_LINES = new Set(['2222', '3333', '999'])

const NUMBER_WORD =
  '(?:ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|NINE|TEN|TWELVE|FIFTEEN|TWENTY(?:[\\s-]FIVE)?|THIRTY|FORTY|SIXTY)'
const MINUTES = `(?:\\d{1,3}|${NUMBER_WORD})(?:\\s?-\\s?\\d{1,3})?\\s?(?:MINS?|MINUTES?|M|HRS?|HOURS?)`
const CLOCK = '(?:[01]?\\d|2[0-3])[:.]?[0-5]\\d(?:\\s?HRS?)?'
const ETA = new RegExp(
  `(?<![A-Z])ETA[\\s:]*(${MINUTES}|${CLOCK}|\\d{1,3}|${NUMBER_WORD}|NOW)(?![A-Z0-9])` +
    `|(?<![A-Z])IN\\s(${MINUTES})(?![A-Z0-9])` +
    `|(?<![A-Z0-9])(${MINUTES})\\s*$`,
  'i',
)

/** One pattern for every place of a site: its own names, longest first, before the general ones. */
export function placePattern(places: readonly string[]): RegExp {
  const own = [...places].sort((a, b) => b.length - a.length).map(escaped)
  return new RegExp(
    `(?<![A-Z0-9])(?:${[...own, ...GENERAL_PLACES].join('|')})(?![A-Z0-9])${NOT_A_ROLE}`,
    'gi',
  )
}

/**
 * Takes place, number to ring and time of arrival out of a page's text, each exactly as it was sent.
 * @param places of the site: see `placePattern`
 */
export function stated(text: string, places: RegExp): Stated {
  return given({ place: placeIn(text, places), callBack: callBackIn(text), eta: etaIn(text) })
}

/** Neighbouring places are one (`WARD 7B BED 3`); of several, the one people are sent `TO`, else the first. */
export function placeIn(text: string, places: RegExp): string | undefined {
  const groups: { from: number; to: number }[] = []
  for (const match of text.matchAll(places)) {
    const last = groups.at(-1)
    const to = match.index + match[0].length
    if (last !== undefined && SEPARATORS.test(text.slice(last.to, match.index))) last.to = to
    else groups.push({ from: match.index, to })
  }
  const sent = groups.find(({ from }) => /(?:^|\s)TO\s+(?:THE\s+)?$/i.test(text.slice(0, from))) ?? groups[0]
  return sent === undefined ? undefined : text.slice(sent.from, sent.to)
}

/**
 * The extension to ring: the only number of a digits-only page (`70123`, `2345 2345`), or one named as such
 * (`PLS CALL EXT 4421`). Text, because leading zeros are dialled. An outside number is whole, or it is not given.
 */
export function callBackIn(text: string): string | undefined {
  if (isDigits(text)) {
    const whole = numberAt(text.replace(/^[^\d+]+/, ''))
    if (whole !== undefined || text.includes('+')) return whole
    const numbers = new Set(text.match(/(?<!\d)\d{3,11}(?!\d)/g))
    const [only] = numbers
    return numbers.size === 1 && !/^0\d{4}/.test(only ?? '') ? only : undefined
  }
  const named = [CALL_BACK, CALL_SOMEBODY].flatMap((pattern) =>
    [...text.matchAll(pattern)].map((m) => numberAt(text.slice(m.index + m[0].length))),
  )
  const first = NUMBER_THEN_PLACE.test(text) ? numberAt(text.trimStart()) : undefined
  return [...named, first].find((number) => number !== undefined && !CRASH_LINES.has(number))
}

/** True for a page that holds digits and the marks a numeric pager shows, and nothing else. */
export function isDigits(text: string): boolean {
  return /\d/.test(text) && /^[\d\s\-[\]()*#U.+]+$/.test(text)
}

function etaIn(text: string): string | undefined {
  const match = ETA.exec(text)
  return match?.slice(1).find((part) => part !== undefined)
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+')
}
