import { say } from '../../core/catalogue/say.ts'
import type { ErasureView } from '../../core/desk/govern-views.ts'
import { type FaultCode, failed, ok, type Result } from '../../core/faults.ts'
import { names } from '../../core/govern/erase.ts'
import { asId, type BleepId, type PersonId, uuid7 } from '../../core/ids.ts'
import { DAY, MINUTE, type Millis, printInstant } from '../../core/instant.ts'
import { REASONS } from '../../core/reasons.ts'
import type { Erasure } from '../../ports/govern.ts'
import type { ErasureAsk } from '../../ports/govern-desk.ts'
import type { Tx } from '../../ports/store.ts'
import { eraseElsewhere, erasePersonElsewhere } from './erase-elsewhere.ts'
import { eachAlertOf, mayGo, renameOn, renameRest } from './erase-person.ts'
import { REFUSED, type Verdict, verdictOn } from './erase-words.ts'
import type { GovernParts } from './subjects.ts'
import { eraseWords } from './words.ts'

export interface Erasures {
  /** What would go, and what stays and why. Nothing is changed. */
  plan(actor: string, ask: ErasureAsk, reason: string): Promise<Result<ErasureView>>
  /** Does what was planned; each thing is looked at again. Asked twice, it happens once. */
  carryOut(actor: string, id: string): Promise<Result<ErasureView>>
  get(id: string): Promise<Result<ErasureView>>
  list(): Promise<readonly ErasureView[]>
  /** Goes on with what a stopped process left half done. */
  resume(): Promise<void>
}

/** A plan older than this says nothing about what is there now. */
const TRUSTED: Millis = 7 * DAY
const LISTED = 200
/** Nobody works this long on one page of an erasure. Whoever seems to is a process that has died. */
const ABANDONED: Millis = 10 * MINUTE

export function createErasures(parts: GovernParts): Erasures {
  const { store, clock, random } = parts

  const tell = (
    actor: string,
    action: string,
    subject: string,
    outcome: 'done' | 'refused',
    detail: Record<string, string | number>,
  ) => store.transact((tx) => tx.audit.append({ at: clock.now(), actor, action, subject, outcome, detail }))

  async function plan(actor: string, ask: ErasureAsk, reason: string): Promise<Result<ErasureView>> {
    const at = clock.now()
    const id = uuid7(at, random.bytes(10))
    const made = { id, at, by: actor, reason, state: 'planned' as const, erased: 0, left: {}, touched: at }
    const refused = async (code: FaultCode) => {
      await tell(actor, 'erase.plan', '', 'refused', { reason, fault: code })
      return failed(code)
    }
    let erasure: Erasure
    if ('person' in ask) {
      const may = await mayGo(parts, ask.person)
      if (!may.ok) return refused(may.fault.code)
      // Drawn by lot and kept by nobody: the one thing that leads back is this plan, until it is done.
      const pseudonym = asId<PersonId>(`gone-${Buffer.from(random.bytes(6)).toString('hex')}`)
      erasure = { ...made, bleeps: [], person: ask.person, pseudonym }
    } else {
      const verdicts = await verdictsOn(ask.bleeps)
      if (!verdicts.some(({ reason }) => reason === 'erase-goes'))
        return refused(REFUSED[verdicts[0]?.reason ?? 'erase-done'] ?? 'erase-nothing')
      erasure = { ...made, bleeps: [...new Set(ask.bleeps)] }
    }
    const view = await viewOf(erasure)
    await store.transact((tx) => tx.erasures.put(erasure))
    const goes = view.person?.alerts ?? view.bleeps.filter((b) => b.goes).length
    await tell(actor, 'erase.plan', id, 'done', { reason, what: view.what, goes })
    return ok(view)
  }

  async function verdictsOn(ids: readonly BleepId[]): Promise<readonly Verdict[]> {
    const verdicts: Verdict[] = []
    for (const id of new Set(ids)) verdicts.push(await store.transact((tx) => verdictOn(tx, id)))
    return verdicts
  }

  async function carryOut(actor: string, id: string): Promise<Result<ErasureView>> {
    const found = await store.transact((tx) => tx.erasures.get(id))
    if (found === undefined) return failed('erasure-unknown')
    if (found.state !== 'planned') return ok(await viewOf(found))
    const old = clock.now() - found.at > TRUSTED
    const may = old
      ? failed('erasure-over')
      : found.person === undefined
        ? ok(undefined)
        : await mayGo(parts, found.person)
    if (!may.ok) {
      await tell(actor, 'erase.do', id, 'refused', { fault: may.fault.code })
      return may
    }
    const started = await claim(id, 'planned', async (tx) =>
      tx.audit.append({
        ...{ at: clock.now(), actor, action: 'erase.start', subject: id, outcome: 'done' },
        detail: { reason: found.reason },
      }),
    )
    return started === undefined ? get(id) : ok(await viewOf(await work(started, actor)))
  }

  /** Takes an erasure on, if nobody else has. */
  function claim(
    id: string,
    state: Erasure['state'],
    tell: (tx: Tx) => Promise<void> = async () => undefined,
  ): Promise<Erasure | undefined> {
    return store.transact(async (tx) => {
      await tx.alone(`erasure/${id}`)
      const erasure = await tx.erasures.get(id)
      const dead = clock.now() - (erasure?.touched ?? 0) > ABANDONED
      if (erasure?.state !== state || (state === 'started' && !dead)) return undefined
      const taken: Erasure = { ...erasure, state: 'started', touched: clock.now() }
      await tx.erasures.put(taken)
      await tell(tx)
      return taken
    })
  }

  async function work(erasure: Erasure, actor: string): Promise<Erasure> {
    const { person, pseudonym } = erasure
    const done =
      person === undefined || pseudonym === undefined
        ? await words(erasure)
        : await rename(erasure, person, pseudonym)
    const { person: _, ...rest } = done
    const over: Erasure = { ...rest, state: 'done', done: clock.now() }
    await store.transact(async (tx) => {
      // A plan for the same person that was never done would still name them.
      for (const other of await tx.erasures.list('planned', 1000))
        if (person !== undefined && other.person === person) {
          const { person: __, ...nobody } = other
          await tx.erasures.put({ ...nobody, state: 'done', done: clock.now() })
        }
      await tx.erasures.put(over)
      await tx.audit.append({
        ...{ at: clock.now(), actor, action: 'erase.do', subject: over.id, outcome: 'done' },
        detail: { erased: over.erased, ...over.left, reason: over.reason },
      })
    })
    await store.tidy()
    return over
  }

  async function words(erasure: Erasure): Promise<Erasure> {
    let { erased } = erasure
    const left: Record<string, number> = {}
    await eraseElsewhere(parts, erasure.bleeps)
    for (const id of erasure.bleeps) {
      const reason = await store.transact(async (tx) => {
        const verdict = await verdictOn(tx, id)
        if (verdict.reason !== 'erase-goes' || verdict.bleep === undefined) return verdict.reason
        return (await eraseWords(tx, verdict.bleep, clock.now())) ? 'erase-goes' : 'kept-changed'
      })
      if (reason === 'erase-goes') erased += 1
      else left[reason] = (left[reason] ?? 0) + 1
    }
    return { ...erasure, erased, left }
  }

  async function rename(erasure: Erasure, person: PersonId, pseudonym: PersonId): Promise<Erasure> {
    // Whatever was renamed before is found no more: who goes on after a stop only has the rest to do.
    await erasePersonElsewhere(parts, person)
    let current: Erasure = { ...erasure, left: {} }
    await eachAlertOf(parts, person, async (tx, whole) => {
      const became = await renameOn(tx, whole, person, pseudonym)
      current =
        became === 'changed'
          ? { ...current, erased: current.erased + 1 }
          : { ...current, left: { ...current.left, [became]: (current.left[became] ?? 0) + 1 } }
      current = { ...current, touched: clock.now() }
      await tx.erasures.put(current)
    })
    const deadToken = () => Buffer.from(random.bytes(32)).toString('hex')
    await renameRest(store, person, pseudonym, deadToken, clock.now())
    return current
  }

  /** @param full what it would do now as well, which takes a look at everything it names */
  async function viewOf(erasure: Erasure, full = true): Promise<ErasureView> {
    const { id, state, at, by, reason, bleeps, person, erased, left, done } = erasure
    const ahead = full && state === 'planned'
    const verdicts = ahead ? await verdictsOn(bleeps) : []
    return {
      ...{ id, state, made: printInstant(at), by, reason, erased, left: { ...left } },
      what: erasure.pseudonym === undefined ? 'words' : 'person',
      bleeps: verdicts.map(({ id, bleep, reason }) => ({
        bleep: id,
        ...(bleep === undefined ? {} : { received: printInstant(bleep.received), number: bleep.number }),
        ...{ goes: reason === 'erase-goes', why: reason, sentence: REASONS[reason] },
      })),
      ...(ahead && person !== undefined ? { person: await countOf(person) } : {}),
      ...(done === undefined ? {} : { done: printInstant(done) }),
      says: [...(erasure.pseudonym === undefined ? WORDS_SAY : PERSON_SAYS)],
    }
  }

  async function countOf(person: PersonId) {
    let [alerts, held] = [0, 0]
    await eachAlertOf(parts, person, async (tx, { bleep }) => {
      alerts += 1
      if (await tx.holds.keeps(bleep)) held += 1
    })
    return store.transact(async (tx) => ({
      ...{ alerts, held },
      devices: (await tx.devices.owned({ people: [person] })).length,
      rota: (await tx.directory.list()).filter(({ edit }) => names(edit, person)).length,
    }))
  }

  async function get(id: string): Promise<Result<ErasureView>> {
    const found = await store.transact((tx) => tx.erasures.get(id))
    return found === undefined ? failed('erasure-unknown') : ok(await viewOf(found))
  }

  return {
    plan,
    carryOut,
    get,
    async list() {
      const all = await store.transact(async (tx) => [
        ...(await tx.erasures.list('started', LISTED)),
        ...(await tx.erasures.list('planned', LISTED)),
        ...(await tx.erasures.list('done', LISTED)),
      ])
      const views: ErasureView[] = []
      for (const erasure of all) views.push(await viewOf(erasure, false))
      return views
    },
    async resume() {
      for (const { id } of await store.transact((tx) => tx.erasures.list('started', LISTED))) {
        const taken = await claim(id, 'started')
        if (taken !== undefined) await work(taken, 'bleepd')
      }
    },
  }
}

const ELSEWHERE: readonly string[] = [say('record.copiesDatabaseRawLineCaptures')]
const WORDS_SAY: readonly string[] = [say('record.wordsPlaceCallBackNumber'), ...ELSEWHERE]
const PERSON_SAYS: readonly string[] = [
  say('record.pseudonymTakesTheirPlaceAlerts'),
  say('record.sitesOwnFilesPeopleRota'),
  ...ELSEWHERE,
]
