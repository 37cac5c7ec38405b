import { say } from '../catalogue/say.ts'
import { printInstant } from '../instant.ts'
import { type Class, isNo } from '../vocabulary.ts'
import type { FiledDocument } from './document.ts'
import { askerSays, wordsSay } from './lines.ts'
import type { Patient, PatientScheme } from './patient.ts'

/** JSON as it goes over the wire. */
type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json }
export type Resource = { readonly resourceType: string; readonly [name: string]: Json }

export interface FhirNames {
  /** Naming system of our documents: a URI that is the site's own. */
  readonly system: string
  /** Naming system of the ids of staff. */
  readonly staff: string
  /** Naming systems of patients; NHS numbers have the one of NHS England. */
  readonly patients: Readonly<Record<PatientScheme, string>>
  /** ODS code of the trust, where it wants to be named by it. */
  readonly ods?: string
  /**
   * How the subject is named. `search`: the record finds the one patient with this number, and refuses the whole where it
   * finds none or two (FHIR R4, transactions: conditional references) · `identifier`: for records that cannot do that.
   */
  readonly subject: 'search' | 'identifier'
}

export const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number'
const ODS = 'https://fhir.nhs.uk/Id/ods-organization-code'
const UK_CORE = 'https://fhir.hl7.org.uk/StructureDefinition/UKCore-'
const CODES = 'http://terminology.hl7.org/CodeSystem/'

/**
 * FHIR R4: a transaction with one Communication, in it the CommunicationRequest that it answers and the Task that came of
 * that, and its Provenance. The first version is created unless it is there; a later one, and a withdrawal, takes its
 * place. Sent twice, it is there once.
 */
export function bundleOf(document: FiledDocument, names: FhirNames): Resource {
  const id = `${names.system}|${documentId(document)}`
  const there = document.act === 'withdraw' || document.before.kind !== 'new'
  const communication = communicationOf(document, names)
  const at = `urn:uuid:${document.alert}`
  const recorded = printInstant(document.made)
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        ...{ fullUrl: at, resource: communication },
        request: there
          ? { method: 'PUT', url: `Communication?identifier=${encodeURIComponent(id)}` }
          : {
              ...{ method: 'POST', url: 'Communication' },
              ifNoneExist: `identifier=${encodeURIComponent(id)}`,
            },
      },
      {
        ...{ fullUrl: urnBeside(document.alert), resource: provenanceOf(document, names, at, recorded) },
        request: {
          ...{ method: 'POST', url: 'Provenance' },
          ifNoneExist: `target:identifier=${encodeURIComponent(id)}&recorded=${encodeURIComponent(recorded)}`,
        },
      },
    ],
  }
}

/** One document of an alert by our own name: the second is for another patient. */
export function documentId({ alert, document }: Pick<FiledDocument, 'alert' | 'document'>): string {
  return document === 1 ? alert : `${alert}-${document}`
}

/** Another name within the bundle, made of the first: version 8 is free for that (RFC 9562 clause 5.8). */
function urnBeside(alert: string): string {
  return `urn:uuid:${alert.slice(0, 14)}8${alert.slice(15)}`
}

const STATUS = {
  came: 'completed',
  coming: 'completed',
  'stood-down': 'stopped',
  nobody: 'not-done',
} as const
const TASK = { came: 'completed', coming: 'completed', 'stood-down': 'cancelled', nobody: 'failed' } as const
const PRIORITY: Readonly<Record<Class, string>> = {
  emergency: 'stat',
  urgent: 'urgent',
  routine: 'routine',
  test: 'routine',
}

function communicationOf(document: FiledDocument, names: FhirNames): Resource {
  const { act, patient, received } = document
  const error = act === 'withdraw'
  const identifier = [{ system: names.system, value: documentId(document) }]
  const base = {
    resourceType: 'Communication',
    meta: { profile: [`${UK_CORE}Communication`] },
    ...{ language: 'en-GB', identifier },
    subject: subjectOf(patient, names),
  }
  if (error) return { ...base, status: 'entered-in-error' }
  const { title, to, raised, people, thread, stages, outcome } = document
  const status = STATUS[outcome]
  return {
    ...base,
    contained: [requestOf(document, names), taskOf(document, names)],
    ...{ basedOn: [{ reference: '#request' }], partOf: [{ reference: '#task' }], status },
    ...(status === 'completed' ? {} : { statusReason: { text: document.outcomeSays } }),
    category: [{ coding: [{ system: `${CODES}communication-category`, code: 'alert' }] }],
    priority: PRIORITY[document.class],
    medium: [{ coding: [{ system: `${CODES}v3-ParticipationMode`, code: 'ELECTRONIC' }] }],
    topic: { text: `${title}, ${to}` },
    sent: printInstant(raised),
    ...(received === undefined ? {} : { received: printInstant(received) }),
    ...(people.length === 0 ? {} : { recipient: people.map((one) => staffOf(one, names)) }),
    sender: { type: 'Organization', display: askerSays(document) },
    payload: [
      { contentString: wordsSay(document.words, document.wordsOut) },
      ...thread.map(({ at, by, text }) => ({ contentString: `${printInstant(at)} ${by}: ${text}` })),
    ],
    note: stages.map(({ at, says }) => ({ time: printInstant(at), text: says })),
  }
}

/** What was asked for. */
function requestOf(document: FiledDocument, names: FhirNames): Resource {
  const { outcome, raised, to, number, place } = document
  return {
    ...{ resourceType: 'CommunicationRequest', id: 'request' },
    status: outcome === 'stood-down' ? 'revoked' : 'completed',
    ...{ priority: PRIORITY[document.class], subject: patientOf(document.patient, names) },
    payload: [{ contentString: wordsSay(document.words, document.wordsOut) }],
    ...{ occurrenceDateTime: printInstant(raised), authoredOn: printInstant(raised) },
    requester: { type: 'Organization', display: askerSays(document) },
    recipient: [{ display: `${to} (${number})` }],
    ...(place === undefined ? {} : { note: [{ text: place }] }),
  }
}

/** What came of it: who took it on, and how it ended. */
function taskOf(document: FiledDocument, names: FhirNames): Resource {
  const { outcome, raised, ended, came, people } = document
  const owner = came[0] ?? people.find(({ state }) => !isNo(state))
  return {
    ...{ resourceType: 'Task', id: 'task', basedOn: [{ reference: '#request' }] },
    ...{ status: TASK[outcome], intent: 'order', priority: PRIORITY[document.class] },
    businessStatus: { text: document.outcomeSays },
    ...{ for: patientOf(document.patient, names), authoredOn: printInstant(raised) },
    lastModified: printInstant(Math.max(ended, raised)),
    executionPeriod: { start: printInstant(raised), end: printInstant(Math.max(ended, raised)) },
    ...(owner === undefined ? {} : { owner: staffOf(owner, names) }),
  }
}

const ACTIVITY = { create: 'CREATE', update: 'UPDATE', withdraw: 'NULLIFY' } as const

function provenanceOf(document: FiledDocument, names: FhirNames, target: string, recorded: string): Resource {
  const { act, before, raised, ended, site } = document
  const activity = act === 'withdraw' ? 'withdraw' : before.kind === 'new' ? 'create' : 'update'
  return {
    resourceType: 'Provenance',
    target: [{ reference: target, identifier: { system: names.system, value: documentId(document) } }],
    occurredPeriod: { start: printInstant(raised), end: printInstant(Math.max(ended, raised)) },
    recorded,
    activity: { coding: [{ system: `${CODES}v3-DataOperation`, code: ACTIVITY[activity] }] },
    agent: [
      {
        type: { coding: [{ system: `${CODES}provenance-participant-type`, code: 'assembler' }] },
        who: { type: 'Device', display: say('filed.system', { site: site.name }) },
        ...(names.ods === undefined
          ? {}
          : { onBehalfOf: { type: 'Organization', identifier: { system: ODS, value: names.ods } } }),
      },
      {
        type: { coding: [{ system: `${CODES}provenance-participant-type`, code: 'author' }] },
        who: { type: 'Organization', display: askerSays(document) },
      },
    ],
  }
}

function subjectOf(patient: Patient, names: FhirNames): Json {
  const named = patientOf(patient, names)
  if (names.subject === 'identifier') return named
  return { reference: `Patient?identifier=${tokenOf(patient, names)}`, ...named }
}

function patientOf(patient: Patient, names: FhirNames) {
  const { scheme, value } = patient
  return { type: 'Patient', identifier: { system: names.patients[scheme], value } }
}

/** A patient as a search names them, ready for an address. */
export function tokenOf({ scheme, value }: Patient, { patients }: Pick<FhirNames, 'patients'>): string {
  return encodeURIComponent(`${patients[scheme]}|${value}`)
}

function staffOf({ person, name }: { readonly person: string; readonly name: string }, names: FhirNames) {
  return { type: 'Practitioner', identifier: { system: names.staff, value: person }, display: name }
}
