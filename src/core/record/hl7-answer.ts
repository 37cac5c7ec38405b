import type { Instant } from '../instant.ts'
import type { FiledDocument } from './document.ts'
import { type Hl7Names, identifierOf, spelt, stamp } from './hl7.ts'
import type { Looked } from './looked.ts'
import type { Patient } from './patient.ts'
import type { FilingAnswer } from './send.ts'

/** One message as fields by segment; components stay together. */
export type Segments = readonly (readonly string[])[]

/** Reads what a far end sent. Undefined: it is no HL7 v2 message. */
export function readSegments(text: string): Segments | undefined {
  const rows = text.split(/[\r\n]+/).filter((row) => row !== '')
  const between = rows[0]?.startsWith('MSH') === true ? rows[0][3] : undefined
  if (between === undefined) return undefined
  return rows.map((row) => {
    const [name = '', ...fields] = row.split(between)
    // The separator itself is the first field of a header.
    return name === 'MSH' ? [name, between, ...fields] : [name, ...fields]
  })
}

/**
 * What an acknowledgement says of the message that had this control id; undefined: it is about another one, such as an
 * earlier answer said twice. `CA` releases us as well: the engine has it in safe storage (HL7 v2.5.1 chapter 2.9.3).
 */
export function readAck(segments: Segments, control: string): FilingAnswer | undefined {
  const msa = segments.find(([name]) => name === 'MSA')
  if (msa === undefined || msa[2]?.trim() !== control) return undefined
  const code = msa[1]?.trim() ?? ''
  const why = [code, ...errorCodes(segments, msa)]
  switch (code) {
    case 'AA':
    case 'CA':
      return { kind: 'taken', answer: code }
    // Read, and something in it is wrong.
    case 'AE':
    case 'CE':
      return { kind: 'refused', why }
    // Not processed: often because the far end itself is ill, and then the same again is right.
    case 'AR':
    case 'CR':
      return { kind: 'rejected', why }
    default:
      return { kind: 'later', fault: 'filing-answer-unreadable', why }
  }
}

/** Unknown key identifier (HL7 table 0357): the far end has no such document. */
const UNKNOWN_KEY = '204'

/**
 * What the first message for a document is about: the document itself, but for the withdrawal of one of which a later version
 * may have arrived. That is withdrawn first.
 */
export function firstOf(document: FiledDocument): FiledDocument {
  const { act, before } = document
  const later = before.kind === 'there' ? before.maybe : undefined
  if (act !== 'withdraw' || later === undefined) return document
  return { ...document, before: { kind: 'unknown', version: later } }
}

/**
 * What the answer to it means; undefined: it never arrived, and now the version goes that is known to be there. Where none
 * is, there is nothing to withdraw.
 */
export function meaningOf(document: FiledDocument, answer: FilingAnswer): FilingAnswer | undefined {
  const { before } = firstOf(document)
  const isAway = answer.kind === 'refused' && answer.why.includes(UNKNOWN_KEY)
  if (document.act !== 'withdraw' || before.kind !== 'unknown' || !isAway) return answer
  return document.before.kind === 'there' ? undefined : { kind: 'taken', answer: answer.why.join(' ') }
}

/** Places and codes of errors; texts may name a patient and are left out. */
function errorCodes(segments: Segments, msa: readonly string[]): readonly string[] {
  const first = (field = '') => field.split('^')[0] ?? ''
  const errors = segments.filter(([name]) => name === 'ERR')
  return [
    first(msa[6]),
    ...errors.flatMap((err) => {
      const [segment = '', , place = '', code = ''] = (err[1] ?? '').split('^')
      const old =
        err[1] === undefined || err[1] === '' ? [] : [`${segment}.${place}`, code.split('&')[0] ?? '']
      return [...old, (err[2] ?? '').split('^').slice(0, 3).join('.'), first(err[3])]
    }),
  ].filter((code) => code !== '' && code !== '.')
}

/** Asks who has a number: QBP^Q21, get person demographics (HL7 v2.5 chapter 3.3.56). */
export function queryOf(patient: Patient, names: Hl7Names, control: string, at: Instant): string {
  const { application, facility, toApplication, toFacility, version } = names
  const of = [application, facility, toApplication, toFacility].map(spelt)
  const msh = ['MSH|^~\\&', ...of, stamp(at), '', 'QBP^Q21^QBP_Q21', control, 'P', version]
  return [
    msh.concat(['', '', 'NE', 'AL', 'GBR', 'UNICODE UTF-8']).join('|'),
    `QPD|Q21^Get Person Demographics^HL7nnn|${control}|${identifierOf(patient, names)}`,
    'RCP|I',
    '',
  ].join('\r')
}

/** Who the record says has this number (RSP^K21); undefined: it answers another question. */
export function readPerson(
  segments: Segments,
  control: string,
  patient: Patient,
  names: Pick<Hl7Names, 'authorities'>,
): Looked | undefined {
  const msa = segments.find(([name]) => name === 'MSA')
  if (msa === undefined || msa[2]?.trim() !== control) return undefined
  const qak = segments.find(([name]) => name === 'QAK')?.[2]?.trim()
  if (!['AA', 'CA'].includes(msa[1]?.trim() ?? '') || (qak !== undefined && qak !== 'OK' && qak !== 'NF'))
    return { kind: 'away', fault: 'filing-answer-unreadable' }
  const people = segments.filter(([name]) => name === 'PID')
  if (people.length > 1) return { kind: 'several' }
  const [one] = people
  if (one === undefined)
    return qak === 'NF' ? { kind: 'none' } : { kind: 'away', fault: 'filing-answer-unreadable' }
  const authority = names.authorities[patient.scheme]
  const has = (one[3] ?? '').split('~').some((id) => {
    const [value, , , from = ''] = id.split('^')
    return value?.replace(/\s/g, '') === patient.value && [authority, ''].includes(from.split('&')[0] ?? '')
  })
  if (!has) return { kind: 'away', fault: 'filing-answer-unreadable' }
  const [family = '', ...given] = (one[5] ?? '').split('~')[0]?.split('^') ?? []
  const name = [given[0] ?? '', family]
    .filter((part) => part !== '')
    .map(plain)
    .join(' ')
  const born = /^(\d{4})(\d\d)(\d\d)/.exec(one[7] ?? '')
  return {
    kind: 'one',
    ...(name === '' ? {} : { name }),
    ...(born === null ? {} : { born: `${born[1]}-${born[2]}-${born[3]}` }),
  }
}

const PLAIN: Readonly<Record<string, string>> = { E: '\\', F: '|', S: '^', R: '~', T: '&' }

function plain(text: string): string {
  return text.replace(/\\([EFSRT])\\/g, (_, c: string) => PLAIN[c] ?? '')
}
