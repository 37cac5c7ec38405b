import type { Alert } from '../../core/alert/alert.ts'
import { responderOf } from '../../core/alert/responder.ts'
import { type Key, say } from '../../core/catalogue/say.ts'
import { readsPatient } from '../../core/desk/card.ts'
import type { ReadBackView } from '../../core/desk/filing-views.ts'
import { given } from '../../core/given.ts'
import type { AlertId } from '../../core/ids.ts'
import { type Millis, SECOND } from '../../core/instant.ts'
import { doubtOf, type Looked } from '../../core/record/looked.ts'
import { type Patient, printPatient, readPatient } from '../../core/record/patient.ts'
import { filingNoteOf } from '../../core/record/view.ts'
import type { Caller, Outcome } from '../../ports/desk.ts'
import type { FilingDesk } from '../../ports/filing-desk.ts'
import type { FilingSite } from '../../ports/filings.ts'
import type { Tx } from '../../ports/store.ts'
import { applyFiling, writtenOn } from '../keep/filing-parts.ts'
import { termsFor } from './conduct.ts'
import {
  actorOf,
  allowed,
  type DeskParts,
  deviceOf,
  done,
  isGiven,
  readerOf,
  refuse,
  speakersOf,
} from './desk-parts.ts'

/** Somebody stands there with a phone in the hand. */
const LOOK_WITHIN: Millis = 5 * SECOND

interface Read extends ReadBackView {
  readonly patient: Patient
}

/** Saying whose record a call belongs in: the number is read back with whom the record has under it, and only a yes to that counts. */
export function createReadBack(parts: DeskParts): Pick<FilingDesk, 'readBack' | 'setPatient'> {
  const { store, clock, filing, digest, metrics } = parts

  /** The call, where this caller was on it and may still read it, or looks after the record. */
  async function mayName(tx: Tx, caller: Caller, id: AlertId): Promise<Outcome<Alert>> {
    const alert = await tx.alerts.get(id)
    if (alert === undefined) return refuse('alert-unknown')
    if (caller.kind === 'operator') return done(alert)
    const device = await deviceOf(tx, caller)
    if (device === undefined) return refuse('alert-unknown')
    const people = (await speakersOf(parts, tx, device, alert)).filter((p) => responderOf(alert, p))
    if (people.length === 0) return refuse('alert-unknown')
    const unsigned = (await termsFor(tx, parts, device)) !== undefined
    const reader = readerOf(caller, people, alert, device, unsigned)
    if (!readsPatient(reader, parts.roster.current())) return refuse('not-permitted')
    return people.some((p) => isGiven(parts, device, alert, p)) ? done(alert) : refuse('content-cleared')
  }

  async function read(caller: Caller, id: AlertId, typed: string): Promise<Outcome<Read>> {
    if (filing === undefined) return refuse('filing-not-set')
    const { site } = filing
    const patient = readPatient(typed, site.local)
    const texts = await store.transact(async (tx): Promise<Outcome<readonly string[]>> => {
      const alert = await mayName(tx, caller, id)
      if (!alert.ok) return alert
      const bleep = await tx.bleeps.get(alert.value.bleep)
      if (bleep === undefined || bleep.erased !== undefined) return refuse('content-cleared')
      const at = clock.now()
      await tx.audit.append({
        ...{ at, actor: actorOf(caller), action: 'patient.read-back', subject: id },
        outcome: patient === undefined ? 'refused' : 'done',
      })
      return done((await writtenOn(tx, alert.value, bleep)).texts)
    })
    if (!texts.ok) return texts
    if (patient === undefined) return refuse('patient-number-wrong')
    const looked = await lookUp(site, patient)
    if (looked?.kind === 'none' || looked?.kind === 'several') return refuse('patient-not-there')
    const { name, born } = looked?.kind === 'one' ? looked : {}
    const differs = looked !== undefined && doubtOf(looked, texts.value) === 'filing-born-differs'
    const said = [id, patient.scheme, patient.value, name ?? '', born ?? '', looked?.kind ?? '']
    return done({
      ...{ patient, number: printPatient(patient), checked: looked?.kind === 'one', differs },
      ...given({ name, born }),
      sentence: say(sentenceOf(looked, differs)),
      readBack: digest(said.join('\n')).slice(0, 24),
    })
  }

  async function lookUp({ ways }: FilingSite, patient: Patient): Promise<Looked | undefined> {
    const look = ways.find((way) => way.look !== undefined)?.look
    if (look === undefined) return undefined
    const deadline = new AbortController()
    const timer = clock.after(LOOK_WITHIN, () => deadline.abort())
    return look(patient, deadline.signal).finally(() => timer.cancel())
  }

  return {
    readBack: (caller, id, typed) =>
      allowed(parts, caller, 'patient.set', async () => {
        const found = await read(caller, id, typed)
        if (!found.ok) return found
        const { patient: _, ...view } = found.value
        return done(view)
      }),

    setPatient: (caller, id, typed, readBack) =>
      allowed(parts, caller, 'patient.set', async () => {
        const found = await read(caller, id, typed)
        if (!found.ok) return found
        if (found.value.readBack !== readBack) return refuse('read-back-other')
        const { patient, checked } = found.value
        const ways = filing?.site.ways ?? []
        const set = await store.transact(async (tx) => {
          const may = await mayName(tx, caller, id)
          if (!may.ok) return may
          const [at, by] = [clock.now(), actorOf(caller)]
          await applyFiling(tx, may.value, { kind: 'patient', at, patient, by, checked }, { ways })
          const filed = await tx.filings.get(id)
          await tx.audit.append({
            ...{ at, actor: by, action: 'patient.set', subject: id, outcome: 'done' },
            detail: { scheme: patient.scheme, checked: checked ? 'yes' : 'no' },
          })
          return filed === undefined
            ? refuse('filing-unknown')
            : done(filingNoteOf(filed.filing, filed.sends))
        })
        if (!set.ok) return set
        metrics.count('bleepbridge_audit_total', { outcome: 'done' })
        store.wake.ring('filings')
        return set
      }),
  }
}

function sentenceOf(looked: Looked | undefined, differs: boolean) {
  if (differs) return 'patient.bornDiffers' satisfies Key
  if (looked?.kind === 'one') return 'patient.compare' satisfies Key
  return looked === undefined ? ('patient.readOut' satisfies Key) : ('patient.notAsked' satisfies Key)
}
