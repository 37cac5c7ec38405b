import type { AlertId, BleepId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import type { FilingStand } from '../vocabulary.ts'
import { type Patient, type PatientsFound, samePatient } from './patient.ts'
import type { FilingSend, NewSend } from './send.ts'

export type FilingReason = Extract<ReasonCode, `filing-${string}`>

/**
 * Where the filing of one alert stands. `open` the alert has not ended · `none` nobody said whose record · `ask` a person
 * must say · `made` a document is on its way or there · `left` a person decided against · `withdrawn` it was filed and is
 * marked as an error.
 */
type FilingPhase = 'open' | 'none' | 'ask' | 'made' | 'left' | 'withdrawn'

/**
 * What is to become of one alert in the patient's record. Holds no words: the document is made from the alert each time
 * it is sent. The patient's number goes with the words (`forgotten`).
 */
export interface Filing {
  readonly alert: AlertId
  readonly bleep: BleepId
  readonly raised: Instant
  readonly phase: FilingPhase
  readonly reason: FilingReason
  readonly patient?: Patient
  /** Who read the number back and said it is right; absent: it was read in the call itself. */
  readonly by?: string
  /** The record's own answer was looked at: it knows the patient, and nothing that the words say speaks against it. */
  readonly checked?: true
  /** The words speak of more than one patient: they stay out of the document. */
  readonly many?: true
  /** Which document it is: another one for another patient, so that what stands in the wrong record stays marked there. */
  readonly document: number
  /** Of that document; rises with every correction. */
  readonly version: number
  /** Revision of the alert that it was last made from. */
  readonly revision: number
  /** Number of the last send: sends of one alert go out in their order. */
  readonly seq: number
}

export type FilingInput =
  | {
      readonly kind: 'ended'
      readonly at: Instant
      readonly revision: number
      readonly found: PatientsFound
    }
  /** Somebody typed a number and said yes to what was read back. */
  | {
      readonly kind: 'patient'
      readonly at: Instant
      readonly patient: Patient
      readonly by: string
      /** Name or date of birth from the record were among what was read back. */
      readonly checked: boolean
    }
  /** The alert was added to after its end. */
  | { readonly kind: 'changed'; readonly at: Instant; readonly revision: number }
  /** The record does not know the patient, or knows them otherwise than the words do. */
  | { readonly kind: 'doubt'; readonly at: Instant; readonly reason: FilingReason }
  | { readonly kind: 'checked'; readonly at: Instant }
  /** It belongs in no record. */
  | { readonly kind: 'left'; readonly at: Instant }
  /** It must not stand where it was filed. */
  | { readonly kind: 'withdrawn'; readonly at: Instant }
  /** The words have gone, by keep time or on request. */
  | { readonly kind: 'forgotten'; readonly at: Instant }

export interface FilingStep {
  readonly filing: Filing
  readonly add: readonly NewSend[]
  /** What waits is not sent any more. */
  readonly drop: boolean
  /** False: it means nothing where the filing stands. */
  readonly done: boolean
}

/** Of an alert that was just raised: nothing is decided, nothing is filed. */
export function newFiling(alert: AlertId, bleep: BleepId, raised: Instant): Filing {
  return {
    ...{ alert, bleep, raised, phase: 'open', reason: 'filing-open' },
    ...{ document: 0, version: 0, revision: 0, seq: 0 },
  }
}

/** The machine of one filing. Pure. */
export function stepFiling(filing: Filing, input: FilingInput): FilingStep {
  switch (input.kind) {
    case 'ended':
      return filing.phase === 'open' ? ended(filing, input) : nothing(filing)
    case 'patient':
      return named(filing, input)
    case 'changed':
      if (filing.phase !== 'made' || filing.patient === undefined || input.revision <= filing.revision)
        return nothing({ ...filing, revision: Math.max(filing.revision, input.revision) })
      return again({ ...filing, revision: input.revision }, filing.patient)
    case 'doubt': {
      if (filing.phase !== 'made' || filing.patient === undefined) return nothing(filing)
      // One way may have taken it before another had its doubts.
      const back = withdrawn(filing, filing.patient)
      return { ...back, filing: { ...back.filing, phase: 'ask', reason: input.reason } }
    }
    case 'checked':
      return filing.phase === 'made' ? done({ ...filing, checked: true }) : nothing(filing)
    case 'left': {
      if (filing.phase !== 'ask' && filing.phase !== 'none') return nothing(filing)
      return done({ ...filing, phase: 'left', reason: 'filing-left' })
    }
    case 'withdrawn':
      if (filing.phase !== 'made' || filing.patient === undefined) return nothing(filing)
      return withdrawn(filing, filing.patient)
    case 'forgotten': {
      const { patient: _, ...rest } = filing
      const lost = filing.phase === 'ask' || filing.phase === 'open'
      return done(lost ? { ...rest, phase: 'left', reason: 'filing-words-gone' } : rest, [], true)
    }
  }
}

function ended(filing: Filing, { revision, found }: Extract<FilingInput, { kind: 'ended' }>): FilingStep {
  const { patients, wrong } = found
  const named = filing.patient
  const others = named === undefined ? patients.slice(1) : patients.filter((one) => !samePatient(one, named))
  const many = others.length > 0 || (patients.length > 0 && wrong > 0)
  const next: Filing = { ...filing, revision, ...(many ? { many } : {}) }
  if (named !== undefined) return fresh(next, named)
  const ask = (reason: FilingReason) => done({ ...next, phase: 'ask', reason })
  if (patients.length > 1) return ask('filing-two-patients')
  if (wrong > 0) return ask('filing-check-digit')
  const [patient] = patients
  if (patient === undefined) return done({ ...next, phase: 'none', reason: 'filing-no-patient' })
  return fresh({ ...next, patient }, patient)
}

function named(filing: Filing, input: Extract<FilingInput, { kind: 'patient' }>): FilingStep {
  const { patient, by, checked } = input
  const { checked: _, ...rest } = filing
  const next: Filing = { ...rest, patient, by, ...(checked ? { checked: true } : {}) }
  if (filing.phase === 'open') return done(next)
  if (filing.phase !== 'made') return fresh(next, patient)
  if (filing.patient === undefined || samePatient(filing.patient, patient)) return nothing(filing)
  // It stands, or may stand, in the record of somebody else: that is taken back first.
  const back = withdrawn(filing, filing.patient)
  const made = fresh({ ...next, seq: back.filing.seq }, patient)
  return { ...made, add: [...back.add, ...made.add], drop: true }
}

/** A document of its own. */
function fresh(filing: Filing, patient: Patient): FilingStep {
  return again({ ...filing, phase: 'made', document: filing.document + 1, version: 0 }, patient)
}

/** The next version of the document. */
function again(filing: Filing, patient: Patient): FilingStep {
  const [seq, version] = [filing.seq + 1, filing.version + 1]
  const next: Filing = { ...filing, reason: 'filing-waiting', seq, version }
  const { document } = next
  return done(next, [{ act: 'file', seq, document, version, patient }])
}

function withdrawn(filing: Filing, patient: Patient): FilingStep {
  const { document } = filing
  const [seq, version] = [filing.seq + 1, filing.version + 1]
  const { patient: _, checked: __, by: ___, ...rest } = filing
  return done(
    { ...rest, phase: 'withdrawn', reason: 'filing-withdrawn', seq, version },
    [{ act: 'withdraw', seq, document, version, patient }],
    true,
  )
}

function done(filing: Filing, add: readonly NewSend[] = [], drop = false): FilingStep {
  return { filing, add, drop, done: true }
}

function nothing(filing: Filing): FilingStep {
  return { filing, add: [], drop: false, done: false }
}

/** As the alert, the board and the figures tell it; absent while the alert is open. */
export function standOf(filing: Filing, sends: readonly FilingSend[]): FilingStand | undefined {
  if (filing.phase === 'open') return undefined
  if (filing.phase === 'none') return 'no-patient'
  const last = lastOf(sends)
  if (last.some(({ state }) => state === 'refused')) return 'refused'
  if (filing.phase !== 'made') return 'not-filed'
  const current = last.filter(({ document }) => document === filing.document)
  return last.length > 0 && current.length > 0 && last.every(({ state }) => state === 'taken')
    ? 'filed'
    : 'not-filed'
}

/** Why it stands so, for whoever reads. */
export function reasonOf(filing: Filing, sends: readonly FilingSend[]): FilingReason {
  const stand = standOf(filing, sends)
  if (stand === 'filed') return 'filing-filed'
  if (stand === 'refused') return 'filing-refused'
  const withdrawing = lastOf(sends).some(({ act, state }) => act === 'withdraw' && state === 'waiting')
  return filing.phase === 'withdrawn' && withdrawing ? 'filing-withdrawing' : filing.reason
}

/** By each way the last that counts of each document: what came before it is overtaken. */
function lastOf(sends: readonly FilingSend[]): readonly FilingSend[] {
  const last = new Map<string, FilingSend>()
  for (const send of sends) {
    if (send.state === 'dropped') continue
    const key = `${send.way} ${send.document}`
    if ((last.get(key)?.seq ?? 0) < send.seq) last.set(key, send)
  }
  return [...last.values()]
}
