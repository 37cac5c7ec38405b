import { isStanding, type StandingCode } from '../../core/faults.ts'
import { type Millis, SECOND } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import { type Store, StoreFault } from '../../ports/store.ts'
import { defect } from '../defect.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import { ticks } from '../ticks.ts'

const EVERY: Millis = 2 * SECOND
/** A database that has not taken one small write in this time has proved nothing, whatever it says later. */
const PATIENCE: Millis = 2 * SECOND
/** The last write that went well proves the database for so long. */
const PROVES: Millis = 4 * EVERY
/** A row of each node's own: two nodes never wait for each other here. */
const NOTE = 'probe/'

export interface StoreProbe extends Loop {
  /** What keeps the database from being trusted now; nothing while a write has just gone well. Answers at once. */
  found(): Finding | undefined
}

/**
 * Shows every other second that the database takes a write: reads go on working on a full disk. The first fault of a
 * row of them is the one that is told, because what follows from it (a roll-back that fails) says less. A write that
 * hangs holds up nobody: it is waited for once, and meanwhile the database is not proved.
 */
export function startStoreProbe({
  store,
  node,
  ...tools
}: LoopTools & { readonly store: Store; readonly node: string }): StoreProbe {
  const { clock } = tools
  const began = ticks(clock)
  let under: { readonly since: Millis; readonly done: Promise<void> } | undefined
  let proved: Millis | undefined
  let fault: StandingCode | undefined

  async function write(): Promise<void> {
    const at = clock.now()
    try {
      await store.transact((tx) => tx.notes.set(`${NOTE}${node}`, at, at))
      proved = ticks(clock)
      fault = undefined
    } catch (error) {
      if (!(error instanceof StoreFault)) defect(tools, 'task-failed', 'store-probe', error)
      fault ??= error instanceof StoreFault && isStanding(error.code) ? error.code : 'store-lost'
    } finally {
      under = undefined
    }
  }

  async function look(): Promise<void> {
    under ??= { since: ticks(clock), done: write() }
    let late: ReturnType<typeof clock.after> | undefined
    await Promise.race([
      under.done,
      new Promise<void>((next) => {
        late = clock.after(PATIENCE, next)
      }),
    ])
    late?.cancel()
  }

  const loop = startLoop('store-probe', [], EVERY, look, tools)
  return {
    stop: loop.stop,
    found() {
      const now = ticks(clock)
      if (fault !== undefined) return { code: fault, subject: 'store', unfit: true }
      const hangs = under !== undefined && now - under.since > PATIENCE
      const old = now - (proved ?? began) > PROVES
      if (proved !== undefined && !hangs && !old) return undefined
      return { code: 'store-unproved', subject: 'store', unfit: true }
    },
  }
}
