import { say } from '../../core/catalogue/say.ts'
import type { ChainView, SubjectCopy } from '../../core/desk/govern-views.ts'
import { incidentPage } from '../../core/desk/incident-page.ts'
import { timeIn } from '../../core/desk/plain-page.ts'
import type { Break, ChainState } from '../../core/govern/audit.ts'
import type { Caller, Outcome } from '../../ports/desk.ts'
import type { GovernDesk } from '../../ports/govern-desk.ts'
import { isSound, type VerifyParts, verifyAudit } from '../keep/audit-verify.ts'
import type { Elsewhere } from '../keep/erase-elsewhere.ts'
import { createErasures } from '../keep/erasures.ts'
import { createHolds } from '../keep/holds.ts'
import { type IncidentParts, incidentPack } from '../keep/incident.ts'
import { createRequests, type RequestParts } from '../keep/requests.ts'
import type { RecordState } from '../keep/seal-records.ts'
import { createSubjects } from '../keep/subjects.ts'
import { actorOf, allowed, audit, type DeskParts, done } from './desk-parts.ts'

/** Bleeps of a copy over HTTP; the command writes longer ones as they are read. */
const COPIED = 2000

/** Find, copy, trace, erase, hold, for whoever the role table lets. */
export function createGovernDesk(
  parts: DeskParts,
  asked: Pick<RequestParts, 'rules' | 'sealer'> &
    Elsewhere &
    Pick<IncidentParts, 'digest' | 'signer' | 'heard'> &
    Pick<VerifyParts, 'held'>,
): GovernDesk {
  const govern = { ...parts, directory: parts.roster.current, ledger: asked.ledger, captures: asked.captures }
  const subjects = createSubjects(govern)
  const erasures = createErasures(govern)
  const holds = createHolds(govern)
  const requests = createRequests({ ...govern, ...asked })
  const reads = <T>(caller: Caller, work: () => Promise<Outcome<T>>) =>
    allowed(parts, caller, 'subject.read', work)
  const acts = <T>(caller: Caller, work: () => Promise<Outcome<T>>) =>
    allowed(parts, caller, 'subject.erase', work)
  return {
    find: (caller, about, reason) =>
      allowed(parts, caller, 'subject.read', () => subjects.find(actorOf(caller), about, reason)),
    copy: (caller, about, reason) =>
      allowed(parts, caller, 'subject.read', async () => {
        const copying = await subjects.copy(actorOf(caller), about, reason, COPIED)
        if (!copying.ok) return copying
        const bleeps: SubjectCopy['bleeps'] = []
        for await (const bleep of copying.value.bleeps) bleeps.push(bleep)
        return done({ ...copying.value.head, bleeps })
      }),
    trace: (caller, id, reason) =>
      allowed(parts, caller, 'subject.read', () => subjects.trace(actorOf(caller), id, reason)),
    plan: (caller, ask, reason) =>
      allowed(parts, caller, 'subject.erase', () => erasures.plan(actorOf(caller), ask, reason)),
    carryOut: (caller, id) =>
      allowed(parts, caller, 'subject.erase', () => erasures.carryOut(actorOf(caller), id)),
    erasure: (caller, id) => allowed(parts, caller, 'subject.read', () => erasures.get(id)),
    erasures: (caller) => allowed(parts, caller, 'subject.read', async () => done(await erasures.list())),
    hold: (caller, ask, reason) =>
      allowed(parts, caller, 'subject.erase', () => holds.add(actorOf(caller), ask, reason)),
    release: (caller, id, reason) =>
      allowed(parts, caller, 'subject.erase', () => holds.release(actorOf(caller), id, reason)),
    holds: (caller) => allowed(parts, caller, 'subject.read', async () => done(await holds.list())),
    incident: (caller, id, reason, names, format) =>
      reads(caller, async () => {
        const { digest, signer, heard } = asked
        const pack = await incidentPack(
          { ...govern, digest, signer, heard },
          actorOf(caller),
          id,
          reason,
          names,
        )
        if (!pack.ok || format === 'jsonl') return pack
        const { zone } = govern.directory()
        return done(incidentPage(pack.value, timeIn(zone), timeIn(zone, 'long')))
      }),
    requests: {
      open: (caller, ask, reason) => acts(caller, () => requests.open(actorOf(caller), ask, reason)),
      step: (caller, id, input) => acts(caller, () => requests.step(actorOf(caller), id, input)),
      find: (caller, id) => acts(caller, () => requests.find(actorOf(caller), id)),
      review: (caller, id, bleep) => reads(caller, () => requests.review(actorOf(caller), id, bleep)),
      carryOut: (caller, id) => acts(caller, () => requests.carryOut(actorOf(caller), id)),
      pack: (caller, id, passphrase) => acts(caller, () => requests.pack(actorOf(caller), id, passphrase)),
      get: (caller, id) => reads(caller, () => requests.get(id)),
      list: (caller) => reads(caller, async () => done(await requests.list())),
      lift: (caller, bleep, reason) => acts(caller, () => requests.lift(actorOf(caller), bleep, reason)),
    },
    verify: (caller, anchor) =>
      allowed(parts, caller, 'audit.read', async () => {
        const state = await verifyAudit({ ...parts, held: asked.held }, anchor)
        await audit(parts, caller, 'audit.verify', '', 'done')
        return done(chainView(state))
      }),
  }
}

const BREAKS: Readonly<Record<Break, string>> = {
  forged: say('record.sealNotMadeWithOurKey'),
  missing: say('record.entryBeforeTakenOut'),
  changed: say('record.longerSaysWhatSaid'),
  unlinked: say('record.putOneBeforeTakenOut'),
  'other-chain': say('record.chainDoesNotLeadThrough'),
  'cut-off': say('record.chainEndsBeforePlaceWritten'),
}

export function chainView(state: ChainState, records?: RecordState): ChainView {
  const { seq, head, erased, unaccounted, unread, broken } = state
  return {
    ...{ sound: isSound(state) && (records?.changed ?? []).length === 0, entries: seq, head, erased },
    unaccounted: unaccounted.map(([first, last]) => [first, last]),
    ...(unread === undefined ? {} : { unread }),
    ...(broken === undefined
      ? {}
      : { broken: { entry: broken.seq, why: broken.why, sentence: BREAKS[broken.why] } }),
    ...(records === undefined ? {} : { records: { ...records, changed: [...records.changed] } }),
  }
}
