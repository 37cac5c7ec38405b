import type { FaultCode } from '../../core/faults.ts'
import { type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import { type Store, StoreFault, type Topic, type Tx } from '../../ports/store.ts'
import { isApart, isAwaited } from './bring-back.ts'
import type { Redo } from './bring-decided.ts'
import { gateOf } from './bring-gate.ts'
import { bringingOf } from './bring-turns.ts'
import { inboxBehind } from './inbox-behind.ts'
import { mirror } from './mirror.ts'
import type { RowStore } from './open.ts'
import { adoptCalls, mirrorCalls } from './open-calls.ts'
import { orElsewhere, tellingOf } from './outlast-tx.ts'
import { putBack } from './under-way.ts'
import { localWake } from './wake.ts'

export interface OutlastParts {
  /** Opens the database that we should be on. */
  readonly open: () => Promise<RowStore>
  /** Takes over while that is away: a file here, on another disk than a file that it stands in for. */
  readonly file: RowStore
  readonly node: string
  readonly now: () => Instant
  /** Why we went apart, and how many bleeps came back with us. */
  readonly onApart: (fault: FaultCode) => void
  readonly onTogether: (bleeps: number) => void
  /** Bringing back, or copying what paging needs, did not go well; it is tried again. */
  readonly onTrouble: (what: 'mirror' | 'bring-back', error: unknown) => void
}

export interface OutlastingStore extends Store {
  /** Since when we have been on our own file, and why. */
  apart(): { readonly since: Instant; readonly fault: FaultCode } | undefined
  /** Goes on here with the calls that were open in the database when it went away; gives how many were taken on. */
  adopt(): Promise<number>
  /** By whom is done what was decided here of a call that others went on with meanwhile; without it, such calls stay here. */
  redoBy(redo: Redo): void
}

/** A sender waits about this long, then sends its page once more. */
const PATIENCE: Millis = 2 * SECOND
/** Calls that are open are copied so often: they go on here as they were then. */
const COPY_CALLS: Millis = SECOND
/** What was changed by another node is copied so often; what this one changed, at once. */
const COPY_EVERY: Millis = 10 * SECOND
const LOOK_EVERY: Millis = SECOND
/** So many writes in a row must go well before we believe that the database is back; twice as many when it did not last. */
const PROOFS = 2
const LASTED: Millis = MINUTE
/** What a neighbour was to ring is waited for until so many have, should it bring that back. */
const LAST_PROOF = 8
/** A write that shows that the database is back may take so long. */
const PROOF_WITHIN: Millis = SECOND
const TOPICS: readonly Topic[] = ['bleeps', 'alerts', 'attempts', 'due', 'inbox', 'directory', 'phones']
const AWAY: ReadonlySet<FaultCode> = new Set([
  'store-lost',
  'store-busy',
  'store-full',
  'store-damaged',
  'store-moved',
])

/**
 * A store that outlives its database. While that has taken nothing for longer than a line waits, everything goes on in a
 * file of our own, with the phones and duties that were copied into it before: pages are durable here, and ring. When the
 * database is back, all of it is brought there, once, and the file is left.
 * @throws StoreFault when the database will have nothing to do with us, whatever its state
 */
export async function openOutlasting(parts: OutlastParts): Promise<OutlastingStore> {
  const { file, node, now } = parts
  const wake = localWake()
  let shared: RowStore | undefined
  let away: { readonly since: Instant; readonly fault: FaultCode } | undefined
  /** Since when nothing has gone well; absent while all does. */
  let failing: Instant | undefined
  /** How many pieces of work have gone well in the database. */
  let well = 0
  let proofs = 0
  let needed = PROOFS
  let joined: Instant | undefined
  let proving: Promise<boolean> | undefined
  let copying = false
  let again = false
  let closed = false
  let working = 0
  /** While the last of what came about apart is brought back everything waits. */
  const gate = gateOf(() => working)

  const hear = (store: RowStore): void => {
    for (const topic of TOPICS) store.wake.on(topic, () => wake.heard(topic))
  }
  const ringAll = (): void => {
    for (const topic of TOPICS) wake.heard(topic)
  }

  async function part(fault: FaultCode): Promise<void> {
    if (away) return
    away = { since: now(), fault }
    proofs = 0
    needed = joined !== undefined && now() - joined < LASTED ? Math.min(LAST_PROOF, needed * 2) : PROOFS
    parts.onApart(fault)
    await inboxBehind(file, now())
    ringAll()
  }

  /**
   * Whether this failure sent us to our own file, or happened while we were on it.
   * @param before how many had gone well when this began
   */
  async function failed(error: unknown, began: Instant, before: number): Promise<boolean> {
    if (!(error instanceof StoreFault) || !AWAY.has(error.code)) return false
    const doubted = well > before
    failing = Math.min(failing ?? now(), doubted ? now() : began)
    if (away === undefined && now() - (doubted ? began : failing) >= PATIENCE) {
      // One slow piece of work among others that went well proves little. A write proves more.
      if (doubted && (await provesOnce())) failing = undefined
      else await part(error.code)
    }
    return away !== undefined
  }

  async function proves(there: RowStore | undefined): Promise<boolean> {
    try {
      await there?.transact((tx) => tx.notes.set(`probe/${node}`, now(), now()), PROOF_WITHIN)
      return there !== undefined
    } catch {
      return false
    }
  }

  /** One write for all that doubt at this moment. */
  async function provesOnce(): Promise<boolean> {
    proving ??= proves(shared).finally(() => {
      proving = undefined
    })
    return proving
  }

  async function here<T>(work: (tx: Tx) => Promise<T>, within?: Millis): Promise<T> {
    working += 1
    try {
      return await file.transact((tx) => work(orElsewhere(tx)), within)
    } finally {
      working -= 1
    }
  }

  async function transact<T>(work: (tx: Tx) => Promise<T>, within?: Millis): Promise<T> {
    await gate.open
    const there = shared
    if (away !== undefined || there === undefined) return here(work, within)
    const [began, before] = [now(), well]
    try {
      let enrolled = false
      const enrolling = (): void => {
        enrolled = true
      }
      const done = await there.transact((tx) => work(tellingOf(tx, enrolling)), within)
      failing = undefined
      well += 1
      // A phone that has just enrolled must be rung, whatever becomes of the database in the next moment.
      if (enrolled) void copySoon()
      return done
    } catch (error) {
      if (await failed(error, began, before)) return here(work, within)
      throw error
    }
  }

  async function back(to: RowStore): Promise<void> {
    await bringing.all(
      to,
      () => closed,
      (bleeps) => {
        away = undefined
        failing = undefined
        joined = now()
        parts.onTogether(bleeps)
      },
    )
    ringAll()
  }

  async function look(): Promise<void> {
    if (away === undefined) return
    try {
      shared ??= await opened()
    } catch {
      proofs = 0
      return
    }
    proofs = (await proves(shared)) ? proofs + 1 : 0
    if (bringing.rests(LOOK_EVERY) || proofs < needed) return
    if (proofs < LAST_PROOF && (await isAwaited(file, shared).catch(() => false))) return
    await back(shared).catch((error) => parts.onTrouble('bring-back', error))
  }

  async function opened(): Promise<RowStore> {
    const store = await parts.open()
    hear(store)
    return store
  }

  let redo: Redo = () => Promise.reject(new StoreFault('store-busy'))
  const bringing = bringingOf({ file, node, now, redo: (...what) => redo(...what), alone: gate.alone })

  /** A start with pages in our own file goes on there, and pages at once; all of it is brought back behind. */
  async function goOn(to: RowStore): Promise<void> {
    try {
      await bringing.ahead(to)
      await mirror(to, file)
    } catch (error) {
      parts.onTrouble('mirror', error)
    }
    await part('store-lost')
  }

  /** One copy at a time; what is asked for meanwhile is one more. */
  async function copySoon(): Promise<void> {
    again = true
    if (copying) return
    copying = true
    while (again) {
      again = false
      await copy()
    }
    copying = false
  }

  async function copy(): Promise<void> {
    if (away !== undefined || shared === undefined) return
    await mirror(shared, file).catch((error) => parts.onTrouble('mirror', error))
  }

  async function copyCalls(): Promise<void> {
    if (away !== undefined || shared === undefined) return
    await mirrorCalls(shared, file).catch((error) => parts.onTrouble('mirror', error))
  }

  /** Does it again and again, never twice at once. */
  function repeat(every: Millis, work: () => Promise<void>): () => void {
    let timer: NodeJS.Timeout
    const turn = async (): Promise<void> => {
      await work()
      if (!closed) timer = setTimeout(() => void turn(), every).unref()
    }
    timer = setTimeout(() => void turn(), every).unref()
    return () => clearTimeout(timer)
  }

  hear(file)
  try {
    await putBack(file)
    shared = await opened()
    if (await isApart(file)) await goOn(shared)
  } catch (error) {
    if (!(error instanceof StoreFault) || !AWAY.has(error.code)) {
      await Promise.all([shared?.close(), file.close()])
      throw error
    }
    away = undefined
    await part(error.code)
  }
  await copySoon()
  const stops = [repeat(LOOK_EVERY, look), repeat(COPY_EVERY, copySoon), repeat(COPY_CALLS, copyCalls)]
  wake.on('directory', () => void copySoon())

  const current = (): RowStore => (away === undefined && shared !== undefined ? shared : file)
  return {
    apart: () => away,
    async adopt() {
      await gate.open
      if (away === undefined) return 0
      const calls = await adoptCalls(file)
      if (calls > 0) ringAll()
      return calls
    },
    redoBy(by) {
      redo = by
    },
    transact,
    wake: {
      on: wake.on,
      ring: (topic) => current().wake.ring(topic),
    },
    async lead(duty) {
      const store = current()
      const lease = await store.lead(duty)
      // A duty that we led in the database is not ours in the file, and the reverse.
      return lease && { ...lease, held: () => lease.held() && current() === store }
    },
    measure: () => current().measure(),
    tidy: () => current().tidy(),
    async close() {
      closed = true
      for (const stop of stops) stop()
      await Promise.all([shared?.close(), file.close()])
    },
  }
}
