import type { PackReview, RequestView } from '../../core/desk/govern-views.ts'
import { failed, ok, type Result } from '../../core/faults.ts'
import {
  dueOf,
  pressing,
  type RequestInput,
  type RequestRules,
  type SubjectRequest,
  step,
} from '../../core/govern/request.ts'
import { textsOf } from '../../core/govern/subject.ts'
import { type BleepId, uuid7 } from '../../core/ids.ts'
import { MINUTE, type Millis } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { RequestAsk } from '../../ports/govern-desk.ts'
import type { Sealer } from '../../ports/requests.ts'
import type { Tx } from '../../ports/store.ts'
import { eraseElsewhere } from './erase-elsewhere.ts'
import { REFUSED, verdictOn } from './erase-words.ts'
import { packOf, requestViews } from './request-views.ts'
import { searchAll } from './search.ts'
import type { GovernParts } from './subjects.ts'
import { wholeOf } from './whole.ts'
import { eraseWords, liftRestriction, restrictWords } from './words.ts'

export interface RequestParts extends GovernParts {
  readonly rules: RequestRules
  readonly sealer: Sealer
}

/** A pack on its way to the person: both forms, locked. */
interface SealedPack {
  readonly page: Uint8Array
  readonly data: Uint8Array
}

export interface Requests {
  open(actor: string, ask: RequestAsk, reason: string): Promise<Result<RequestView>>
  /** Verify, decide, review, approve, withdraw: whatever only changes the request itself. */
  step(actor: string, id: string, input: RequestInput): Promise<Result<RequestView>>
  find(actor: string, id: string): Promise<Result<RequestView>>
  /** What of one item may name somebody else, and what was decided on it. */
  review(actor: string, id: string, bleep: BleepId): Promise<Result<PackReview>>
  carryOut(actor: string, id: string): Promise<Result<RequestView>>
  pack(actor: string, id: string, passphrase: string): Promise<Result<SealedPack>>
  get(id: string): Promise<Result<RequestView>>
  list(): Promise<readonly RequestView[]>
  /** Goes on with what a stopped process left half done. */
  resume(): Promise<void>
  /** Requests that are due or late. */
  pressing(): Promise<readonly Finding[]>
  /** Words that were kept apart go back to where they were. */
  lift(actor: string, bleep: BleepId, reason: string): Promise<Result<{ readonly lifted: boolean }>>
}

const LISTED = 500
/** Nobody works this long on one item. Whoever seems to is a process that has died. */
const ABANDONED: Millis = 10 * MINUTE
const MOST = 2000

/** Requests of people about their own data: from who asks to the proof that it was done. */
export function createRequests(parts: RequestParts): Requests {
  const { store, clock, random, directory, rules, sealer } = parts
  const views = requestViews(parts)
  const { viewOf, proposals } = views
  const zone = () => directory().zone
  const turn = () => new Promise<void>((next) => void clock.after(0, next))

  /** One step in one transaction, with its line of the audit. */
  async function move(
    actor: string,
    id: string,
    input: RequestInput,
    also: (tx: Tx, request: SubjectRequest) => Promise<Result<undefined>> = async () => ok(undefined),
  ): Promise<Result<SubjectRequest>> {
    const at = clock.now()
    return store.transact(async (tx) => {
      await tx.alone(`request/${id}`)
      const request = await tx.requests.get(id)
      if (request === undefined) return failed('request-unknown')
      const may = await also(tx, request)
      const stepped = may.ok ? step(request, input, { by: actor, at }, rules) : may
      if (stepped.ok) await tx.requests.put(stepped.value)
      await tx.audit.append({
        ...{ at, actor, action: `request.${input.kind}`, subject: id },
        outcome: stepped.ok ? 'done' : 'refused',
        detail: { reason: request.reason, ...(stepped.ok ? {} : { fault: stepped.fault.code }) },
      })
      return stepped
    })
  }

  const seen = async (result: Result<SubjectRequest>): Promise<Result<RequestView>> =>
    result.ok ? ok(await viewOf(result.value, true)) : result

  async function carryOn(request: SubjectRequest, actor: string): Promise<Result<SubjectRequest>> {
    const going = request.items.filter(
      ({ decided, outcome }) => decided?.what === 'erase' && outcome === undefined,
    )
    await eraseElsewhere(
      parts,
      going.map(({ bleep }) => bleep),
    )
    for (const { bleep, decided, outcome } of request.items) {
      if (outcome !== undefined || decided === undefined) continue
      const what = decided.what
      const became =
        what === 'give' || what === 'refuse'
          ? 'done'
          : await store.transact(async (tx) => {
              const said = await carried(tx, bleep, what)
              await noteOutcome(tx, request.id, bleep, said)
              return said
            })
      if (what === 'give' || what === 'refuse')
        await store.transact((tx) => noteOutcome(tx, request.id, bleep, became))
      await turn()
    }
    const proof = await prove(request)
    const done = await move(actor, request.id, { kind: 'done', proof })
    await store.tidy()
    return done
  }

  async function carried(tx: Tx, id: BleepId, what: 'erase' | 'restrict'): Promise<string> {
    const { bleep, reason } = await verdictOn(tx, id)
    if (bleep === undefined || reason !== 'erase-goes') return reason === 'erase-done' ? 'done' : reason
    const work = what === 'erase' ? eraseWords : restrictWords
    return (await work(tx, bleep, clock.now())) ? 'done' : 'kept-changed'
  }

  async function noteOutcome(tx: Tx, id: string, bleep: BleepId, outcome: string): Promise<void> {
    const request = await tx.requests.get(id)
    if (request === undefined) return
    const noted = step(
      request,
      { kind: 'carried-out', bleep, outcome },
      { by: 'bleepd', at: clock.now() },
      rules,
    )
    if (noted.ok) await tx.requests.put(noted.value)
  }

  /** What a hold or an open call keeps cannot be promised to go: it has to be decided anew. */
  async function mayBegin(tx: Tx, { items }: SubjectRequest): Promise<Result<undefined>> {
    for (const { bleep, decided } of items) {
      if (decided?.what !== 'erase' && decided?.what !== 'restrict') continue
      const { reason } = await verdictOn(tx, bleep)
      const fault = REFUSED[reason]
      if (fault !== undefined) return failed(fault, bleep)
    }
    return ok(undefined)
  }

  /** Everything is looked at again, and looked for again: nothing is said to be gone that was not shown to be. */
  async function prove(request: SubjectRequest): Promise<NonNullable<SubjectRequest['proof']>> {
    const gone = request.items.filter(({ decided }) => decided?.what === 'erase')
    let still = 0
    for (const { bleep } of gone) {
      const left = await store.transact((tx) => wholeOf(tx, bleep))
      if (left !== undefined && textsOf(left).length > 0) still += 1
    }
    if (request.about?.text !== undefined) {
      const found = await searchAll(parts, { ...request.about }, MOST, directory().hospitalNumbers)
      const erased = new Set(gone.map(({ bleep }) => bleep))
      still = Math.max(still, (found ?? []).filter(({ bleep }) => erased.has(bleep)).length)
    }
    return { at: clock.now(), looked: gone.length, still }
  }

  return {
    async open(actor, { kind, about, received = clock.now() }, reason) {
      const at = clock.now()
      const request: SubjectRequest = {
        ...{ id: uuid7(at, random.bytes(10)), kind, reason, by: actor, received, state: 'open', items: [] },
        ...{
          due: dueOf(received, zone()),
          about: { ...about, from: 0, to: Number.MAX_SAFE_INTEGER },
          touched: at,
        },
      }
      await store.transact(async (tx) => {
        await tx.requests.put(request)
        await tx.audit.append({
          ...{ at, actor, action: 'request.opened', subject: request.id, outcome: 'done' },
          detail: { reason, kind },
        })
      })
      return ok(await viewOf(request, true))
    },

    step: async (actor, id, input) => seen(await move(actor, id, input)),

    async find(actor, id) {
      const request = await store.transact((tx) => tx.requests.get(id))
      if (request === undefined) return failed('request-unknown')
      if (request.verified === undefined) return failed('request-unverified')
      if (request.about === undefined) return failed('request-over')
      const found = await searchAll(parts, request.about, MOST, directory().hospitalNumbers)
      if (found === undefined) return failed('subject-too-wide', `${MOST}`)
      return seen(await move(actor, id, { kind: 'found', items: found }))
    },

    async review(actor, id, bleep) {
      const request = await store.transact((tx) => tx.requests.get(id))
      const item = request?.items.find((one) => one.bleep === bleep)
      if (request === undefined || item === undefined) return failed('request-unknown')
      await store.transact((tx) =>
        tx.audit.append({
          ...{ at: clock.now(), actor, action: 'request.review', subject: bleep, outcome: 'done' },
          detail: { reason: request.reason },
        }),
      )
      return ok({
        bleep,
        places: (await proposals(request, item)).map((one) => {
          const said = item.reviewed[one.place]
          return {
            ...one,
            ...(said === undefined ? {} : { hide: said.hide, because: said.because, by: said.by }),
          }
        }),
      })
    },

    async carryOut(actor, id) {
      const started = await move(actor, id, { kind: 'started' }, async (tx, request) => {
        if (request.state === 'started' && clock.now() - request.touched < ABANDONED)
          return failed('request-over')
        return mayBegin(tx, request)
      })
      return started.ok ? seen(await carryOn(started.value, actor)) : started
    },

    async pack(actor, id, passphrase) {
      const request = await store.transact((tx) => tx.requests.get(id))
      if (request === undefined) return failed('request-unknown')
      if (request.state !== 'approved' && request.state !== 'done') return failed('request-early')
      const packed = await packOf(parts, views, request, actor)
      if (!packed.ok) return packed
      await store.transact((tx) =>
        tx.audit.append({
          ...{ at: clock.now(), actor, action: 'request.pack', subject: id, outcome: 'done' },
          detail: { reason: request.reason, bleeps: packed.value.bleeps },
        }),
      )
      return ok({
        page: await sealer.seal(packed.value.page, passphrase),
        data: await sealer.seal(packed.value.data, passphrase),
      })
    },

    async get(id) {
      const request = await store.transact((tx) => tx.requests.get(id))
      return request === undefined ? failed('request-unknown') : ok(await viewOf(request, true))
    },

    async list() {
      const all = await store.transact((tx) => tx.requests.list(LISTED))
      return Promise.all(all.map((request) => viewOf(request, false)))
    },

    async resume() {
      for (const request of await store.transact((tx) => tx.requests.open(LISTED)))
        if (request.state === 'started' && clock.now() - request.touched >= ABANDONED)
          await carryOn(request, 'bleepd')
    },

    async pressing() {
      const open = await store.transact((tx) => tx.requests.open(LISTED))
      return open.flatMap((request) => {
        const code = pressing(request, clock.now())
        return code === undefined ? [] : [{ code, subject: request.reason, detail: views.day(request.due) }]
      })
    },

    lift: (actor, bleep, reason) =>
      store.transact(async (tx) => {
        const done = await liftRestriction(tx, bleep)
        await tx.audit.append({
          ...{ at: clock.now(), actor, action: 'request.lift', subject: bleep },
          ...{ outcome: done ? 'done' : 'refused', detail: { reason } },
        })
        return done ? ok({ lifted: true }) : failed('bleep-unknown')
      }),
  }
}
