import type { AsksView, AskView } from '../../core/desk/ask-views.ts'
import { given } from '../../core/given.ts'
import { HOUR, type Instant, type Millis, printInstant } from '../../core/instant.ts'
import type { AskRow } from '../../ports/asks.ts'
import type { Caller, Outcome } from '../../ports/desk.ts'
import type { Tx } from '../../ports/store.ts'
import { everyOwed } from '../alert/askers.ts'
import { alertOf } from '../alert/earlier.ts'
import { askView } from './ask-view.ts'
import { type DeskParts, deviceOf, done, refuse } from './desk-parts.ts'

/** What a ward's screen shows. */
const SHOWN_FOR: Millis = 12 * HOUR
const MOST = 40
/** By then nobody waits at a telephone to be told. */
const READ_OUT_FOR: Millis = 2 * HOUR

export interface AskLists {
  /** The caller's own asks, the newest first; for the switchboard those that it has to read out. */
  list(caller: Caller, since?: Instant): Promise<Outcome<AsksView>>
  /** One ask as this caller sees it; undefined where its bleep is gone. */
  view(tx: Tx, caller: Caller, row: AskRow): Promise<AskView | undefined>
}

interface Waiting {
  readonly caller: Extract<Caller, { kind: 'device' }>
  readonly since: Instant
  readonly done: (said: Outcome<AsksView>) => void
  readonly fail: (error: unknown) => void
}

/**
 * The lists of whoever asked. All screens of a ward are woken at once, so whoever wants to know before a reading begins
 * is served by it: one transaction for them all, one list for each ward. Nobody gets a list older than their question.
 */
export function createAskLists({ store, clock, roster }: DeskParts): AskLists {
  const waiting: Waiting[] = []

  const view = async (tx: Tx, caller: Caller, row: AskRow): Promise<AskView | undefined> => {
    const bleep = await tx.bleeps.get(row.bleep)
    if (bleep === undefined) return undefined
    return askView(row, bleep, await alertOf(tx, bleep.id), caller.access, roster.current())
  }

  const listOf = async (
    tx: Tx,
    caller: Caller,
    rows: readonly AskRow[],
    ward?: string,
  ): Promise<AsksView> => {
    const asks: AskView[] = []
    for (const row of rows) {
      const one = await view(tx, caller, row)
      if (one !== undefined && (caller.kind === 'device' || isStillNews(one))) asks.push(one)
    }
    return { now: printInstant(clock.now()), asks, ...given({ ward }) }
  }

  /** Read in parts, because a flood leaves thousands. */
  const forSwitchboard = async (caller: Caller, since: Instant): Promise<Outcome<AsksView>> => {
    const owed: AskRow[] = []
    for await (const part of everyOwed(store, Math.max(since, clock.now() - READ_OUT_FOR)))
      owed.push(...part.filter(isForSwitchboard))
    return store.transact(async (tx) => done(await listOf(tx, caller, toReadOut(owed))))
  }

  /** The lists of one reading by whose they are. One that cannot be made fails those who wait for it, and no others. */
  const reading = (tx: Tx, now: Instant) => {
    const made = new Map<string, Promise<AsksView>>()
    return async ({ caller, since }: Waiting): Promise<Outcome<AsksView>> => {
      const from = Math.max(since, now - SHOWN_FOR)
      const device = await deviceOf(tx, caller)
      if (device === undefined) return refuse('not-signed-in')
      const ward = device.owner.kind === 'ward' ? device.owner.ward : undefined
      const whose = ward === undefined ? { device: device.id } : { ward }
      const key = JSON.stringify([whose, from, caller.access])
      const list =
        made.get(key) ?? tx.asks.of(whose, from, MOST).then((rows) => listOf(tx, caller, rows, ward))
      made.set(key, list)
      return done(await list)
    }
  }

  const answer = async (): Promise<void> => {
    const all: Waiting[] = []
    try {
      const said = await store.transact(async (tx) => {
        all.push(...waiting.splice(0))
        const read = reading(tx, clock.now())
        const each: (() => void)[] = []
        // One after the other: a transaction has one connection.
        for (const one of all)
          each.push(
            await read(one).then(
              (outcome) => () => one.done(outcome),
              (error: unknown) => () => one.fail(error),
            ),
          )
        return each
      })
      for (const tell of said) tell()
    } catch (error) {
      for (const { fail } of [...all, ...waiting.splice(0)]) fail(error)
    }
  }

  return {
    view,
    list: (caller, since = 0) => {
      if (caller.kind === 'operator') return forSwitchboard(caller, since)
      return new Promise((done, fail) => {
        waiting.push({ caller, since, done, fail })
        if (waiting.length === 1) void answer()
      })
    },
  }
}

/** Whoever has been spoken to, or stands beside the one who came, need not be rung. */
const isStillNews = ({ state }: AskView): boolean => state !== 'there' && state !== 'done'

/**
 * First those whom one of their ways has failed, the longest waiting first; then wards that have no way, the newest
 * first.
 */
function toReadOut(owed: readonly AskRow[]): readonly AskRow[] {
  const tried = owed.filter(({ told }) => told.some(({ way }) => way !== 'switchboard'))
  const without = owed.filter((row) => !tried.includes(row))
  return [...tried.slice(0, MOST * 2), ...without.slice(-MOST * 2)]
}

/** The other ways have had their turn. */
function isForSwitchboard({ told, known }: AskRow): boolean {
  return known === undefined && told.some(({ way, said }) => way === 'switchboard' && said === undefined)
}
