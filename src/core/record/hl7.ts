import type { Instant } from '../instant.ts'
import type { FiledDocument } from './document.ts'
import { documentId } from './fhir.ts'
import { linesOf, type PrintTime } from './lines.ts'
import type { Patient, PatientScheme } from './patient.ts'

/** What a site's interface engine wants to read; HL7 v2 leaves it all to agreement. */
export interface Hl7Names {
  /** `mdm`: a document (MDM^T02, T10, T11) · `oru`: a result (ORU^R01). */
  readonly message: 'mdm' | 'oru'
  readonly version: string
  readonly application: string
  readonly facility: string
  readonly toApplication: string
  readonly toFacility: string
  /** TXA-2 of a document: the site's own type. */
  readonly documentType: string
  /** OBX-3, and OBR-4 of a result. */
  readonly code: { readonly code: string; readonly text: string; readonly system: string }
  /** PID-3.4: who gave the number. */
  readonly authorities: Readonly<Record<PatientScheme, string>>
}

const TYPES: Readonly<Record<PatientScheme, string>> = { nhs: 'NH', local: 'MR' }

/**
 * One HL7 v2 message, segments ended by CR. A first version is an original; a later one replaces it (MDM^T10, or result
 * status C); a withdrawal cancels it (MDM^T11, or status X with each line W: posted as wrong).
 */
export function messageOf(
  document: FiledDocument,
  names: Hl7Names,
  time: PrintTime,
  control = controlId(document),
): string {
  const own = names.message === 'mdm' ? mdm : oru
  const segments = own(document, names, time, control)
  return `${segments.join('\r')}\r`
}

/**
 * MSH-10, at most 20 characters, and the same each time this version is sent.
 * @param turn of messages for one version: 0 for the first
 */
export function controlId({ alert, document, version }: FiledDocument, turn = 0): string {
  return `${'BC'[turn] ?? 'D'}${hex(alert).slice(-13)}${document % 100}.${version % 1000}`
}

/** TXA-12 and OBR-3, at most 30 characters. */
function numberOf(document: FiledDocument, version: number): string {
  return `${hex(documentId(document)).slice(-24)}${document.document > 1 ? `.${document.document}` : ''}.${version}`
}

const hex = (id: string) => id.slice(0, 36).replaceAll('-', '')

function mdm(document: FiledDocument, names: Hl7Names, time: PrintTime, control: string): string[] {
  const { act, before, version, raised, ended, made } = document
  const replaced = before.kind === 'new' ? undefined : numberOf(document, before.version)
  const event = act === 'withdraw' ? 'T11' : replaced === undefined ? 'T02' : 'T10'
  const own = act === 'withdraw' ? (replaced ?? numberOf(document, version)) : numberOf(document, version)
  const txa = field(19)
  txa[0] = '1'
  txa[1] = spelt(names.documentType)
  txa[2] = 'TX'
  txa[3] = stamp(raised)
  txa[5] = stamp(ended)
  txa[11] = own
  if (event === 'T10') txa[12] = replaced ?? ''
  txa[16] = 'DO'
  txa[18] = event === 'T11' ? 'CA' : 'AV'
  const structure = event === 'T11' ? 'MDM_T01' : 'MDM_T02'
  return [
    head(document, names, `MDM^${event}^${structure}`, control),
    `EVN|${event}|${stamp(made)}`,
    pid(document.patient, names),
    'PV1|1|N',
    `TXA|${txa.join('|')}`,
    ...(event === 'T11' ? [] : lines(document, names, time, 'F')),
  ]
}

function oru(document: FiledDocument, names: Hl7Names, time: PrintTime, control: string): string[] {
  const { act, before, raised, made } = document
  const status = act === 'withdraw' ? 'X' : before.kind === 'new' ? 'F' : 'C'
  const obr = field(25)
  obr[0] = '1'
  // The same for every version: the result itself is corrected.
  obr[2] = numberOf(document, 1)
  obr[3] = codeOf(names)
  obr[6] = stamp(raised)
  obr[21] = stamp(made)
  obr[24] = status
  return [
    head(document, names, 'ORU^R01^ORU_R01', control),
    pid(document.patient, names),
    'PV1|1|N',
    `OBR|${obr.join('|')}`,
    ...lines(document, names, time, status === 'X' ? 'W' : status),
  ]
}

const field = (length: number): string[] => Array.from({ length }, () => '')

function head(document: FiledDocument, names: Hl7Names, type: string, control: string): string {
  const { application, facility, toApplication, toFacility, version } = names
  const of = [application, facility, toApplication, toFacility].map(spelt)
  return ['MSH|^~\\&', ...of, stamp(document.made), '', type, control, 'P', version]
    .concat(['', '', 'NE', 'AL', 'GBR', 'UNICODE UTF-8'])
    .join('|')
}

function pid(patient: Patient, { authorities }: Pick<Hl7Names, 'authorities'>): string {
  return `PID|1||${identifierOf(patient, { authorities })}||^`
}

/** A patient's number as CX (HL7 v2.5.1, section 2.A.14). */
export function identifierOf({ scheme, value }: Patient, { authorities }: Pick<Hl7Names, 'authorities'>) {
  return `${spelt(value)}^^^${spelt(authorities[scheme])}^${TYPES[scheme]}`
}

function codeOf({ code }: Hl7Names): string {
  return [code.code, code.text, code.system].map(spelt).join('^')
}

function lines(document: FiledDocument, names: Hl7Names, time: PrintTime, status: string): string[] {
  return linesOf(document, time).map((line, i) => {
    const obx = [String(i + 1), 'TX', codeOf(names), '1', spelt(line), '', '', '', '', '', status]
    return `OBX|${obx.join('|')}`
  })
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\E\\',
  '|': '\\F\\',
  '^': '\\S\\',
  '~': '\\R\\',
  '&': '\\T\\',
  '\n': '\\.br\\',
}

/** HL7 v2.5.1 chapter 2.7: delimiters in text are spelt out; a control character could end a segment, or the message. */
export function spelt(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\\|^~&\n]/g, (c) => ESCAPES[c] ?? '')
    .replace(/\p{Cc}/gu, ' ')
}

/** `20261130030405+0000` */
export function stamp(at: Instant): string {
  const iso = new Date(Math.max(0, at)).toISOString()
  return `${iso.slice(0, 19).replace(/\D/g, '')}+0000`
}
