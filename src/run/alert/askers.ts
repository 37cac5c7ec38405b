import { askerOf } from '../../core/bleep/asked.ts'
import type { Bleep } from '../../core/bleep/bleep.ts'
import type { Device } from '../../core/deliver/device.ts'
import { VOICE_DEADLINE } from '../../core/deliver/urgency.ts'
import { askStand, isAnswer } from '../../core/desk/asked.ts'
import type { Directory } from '../../core/directory/directory.ts'
import { given } from '../../core/given.ts'
import type { BleepId } from '../../core/ids.ts'
import { HOUR, type Instant, type Millis, SECOND } from '../../core/instant.ts'
import type { AskRow, OwedRow, Told, ToldWay } from '../../ports/asks.ts'
import type { PageMark } from '../../ports/page-mark.ts'
import { type Store, StoreFault, type Tx } from '../../ports/store.ts'
import { defect } from '../defect.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import { turn } from '../slices.ts'
import { alertOf } from './earlier.ts'

/** Puts on record who asked, with the bleep's own alert: by then it is known which telephone is to be rung. */
export async function noteAsker(tx: Tx, bleep: Bleep, directory: Directory): Promise<void> {
  const asker = askerOf(bleep, directory)
  if (asker !== undefined) await tx.asks.add({ bleep: bleep.id, at: bleep.received, ...asker, told: [] })
}

/** Tells our own app why it is rung. */
const ASK_NEWS = 'ask-'

/** After this nobody is waiting at a telephone any more. */
const OWED_FOR: Millis = 2 * HOUR
/** Not at each change of each alert, because each look reads everything that is owed. */
const POLL: Millis = SECOND
/** Read in one transaction: some hundred microseconds. */
const BATCH = 100
/** Looked at in one transaction: no page waits behind it for long. */
const TOGETHER = 25

interface TellParts extends Omit<LoopTools, 'wake'> {
  readonly store: Store
  readonly directory: () => Directory
  /** How long each way has to tell whoever asked. */
  readonly within: () => Millis
  /** Rings the phone that a call was put into: its app then shows what became of it, and only that is a receipt. */
  readonly ring?: (device: Device, id: string) => Promise<boolean>
  /** Tells somebody by telephone, who says by a key that they have heard it; absent: there is no exchange. */
  readonly speak?: (extension: string, sentence: string, signal: AbortSignal) => Promise<'heard' | 'unheard'>
}

/**
 * Sees to it that whoever asked is told. Each way has its turn, in order: the ward's screen or the asker's phone, a call
 * to the extension that asked, then the switchboard, who reads it out. Only a receipt, or a key in that call, ends it.
 */
export function startTell(parts: TellParts): Loop {
  const { store, clock, metrics } = parts
  /** How far each call was when it was looked at and nobody had been told yet: until it moves there is nothing to tell. */
  let seen = new Map<BleepId, number>()
  const run = async (): Promise<void> => {
    const now = clock.now()
    const looked = new Map<BleepId, number>()
    const moved: AskRow[] = []
    for await (const part of everyOwed(store, now - OWED_FOR))
      for (const row of part) {
        const { bleep, moves, told } = row
        if (moves === undefined || isUnderWay(told) || seen.get(bleep) !== moves) moved.push(row)
        if (moves !== undefined) looked.set(bleep, moves)
      }
    for (const bleep of await turning(store, moved, parts.directory())) {
      const speaks = parts.speak !== undefined
      const turn = await store.transact((tx) =>
        look(tx, bleep, parts.directory(), { now, within: parts.within(), speaks }),
      )
      if (turn === undefined) continue
      if (turn === 'switchboard') metrics.count('bleepbridge_reasons_total', { reason: 'asker-untold' })
      if (turn === 'phone') void ringAsker(parts, bleep).catch((error: unknown) => said(parts, bleep, error))
      if (turn === 'call')
        // Not waited for: a telephone rings for half a minute, and others have asked as well.
        void tellBySpeech(parts, bleep).catch((error: unknown) => said(parts, bleep, error))
      store.wake.ring('alerts')
    }
    // Only now: what the store would not do is looked at again.
    seen = looked
  }
  return startLoop('tell', [], POLL, run, { ...parts, wake: store.wake })
}

/**
 * Every ask since then that somebody may still have to be told of, the oldest first. A flood leaves thousands, so they are
 * read in parts, and pages are stored between two of them.
 */
export async function* everyOwed(
  store: Pick<Store, 'transact'>,
  since: Instant,
): AsyncGenerator<readonly OwedRow[], void> {
  for (let mark: PageMark = { at: since, id: '' }; ; ) {
    const behind = mark
    const part = await store.transact((tx) => tx.asks.owed(behind, BATCH))
    yield part
    const last = part.at(-1)
    if (last === undefined || part.length < BATCH) return
    mark = { at: last.at, id: last.bleep }
    await turn()
  }
}

/** One way has had its turn, and the next may begin when its time comes. The switchboard is the last. */
const isUnderWay = (told: readonly Told[]): boolean =>
  told.length > 0 && !told.some(({ way, said }) => way === 'switchboard' && said === undefined)

/**
 * The asks of which somebody may have to be told, or that may be settled. One look serves all; most still wait for an
 * answer.
 */
async function turning(
  store: Store,
  moved: readonly AskRow[],
  directory: Directory,
): Promise<readonly BleepId[]> {
  const some: BleepId[] = []
  for (let i = 0; i < moved.length; i += TOGETHER)
    await store.transact(async (tx) => {
      for (const { bleep: id, known } of moved.slice(i, i + TOGETHER)) {
        const bleep = await tx.bleeps.get(id)
        const alert = bleep && (await alertOf(tx, bleep.id))
        if (bleep === undefined) continue
        const isAnswered = known === undefined && isAnswer(askStand(bleep, alert, directory).state)
        if (isAnswered || alert?.phase === 'closed') some.push(id)
      }
    })
  return some
}

/** A store that is away is told of elsewhere, and what is owed is looked at again. */
function said(parts: TellParts, bleep: BleepId, error: unknown): void {
  if (!(error instanceof StoreFault)) defect(parts, 'step-failed', bleep, error)
}

async function ringAsker({ store, ring }: TellParts, bleep: BleepId): Promise<void> {
  const device = await store.transact(async (tx) => {
    const of = (await tx.asks.get(bleep))?.device
    return of === undefined ? undefined : tx.devices.get(of)
  })
  if (device !== undefined) await ring?.(device, `${ASK_NEWS}${bleep}`)
}

/** Calls the extension that asked, and puts on record what was heard: a key that is pressed says so, nothing else does. */
async function tellBySpeech(parts: TellParts, id: AskRow['bleep']): Promise<void> {
  const { store, clock, metrics, directory } = parts
  const stands = async (tx: Tx) => {
    const [row, bleep] = [await tx.asks.get(id), await tx.bleeps.get(id)]
    if (row === undefined || bleep === undefined) return undefined
    return { row, stand: askStand(bleep, await alertOf(tx, bleep.id), directory()) }
  }
  const found = await store.transact(stands)
  if (found?.row.extension === undefined || parts.speak === undefined) return
  const ringing = new AbortController()
  const late = clock.after(VOICE_DEADLINE, () => ringing.abort())
  const heard = await parts
    .speak(found.row.extension, found.stand.sentence, ringing.signal)
    .finally(() => late.cancel())
  if (heard !== 'heard') return
  const { said } = found.stand
  await store.transact(async (tx) => {
    await tx.alone(`ask/${id}`)
    const now = await stands(tx)
    if (now === undefined) return
    const at = clock.now()
    const known = now.row.known ?? (said === now.stand.said ? at : undefined)
    const told = [...now.row.told, { way: 'call' as const, at, said }]
    await tx.asks.save({ ...now.row, told, ...given({ known }) })
  })
  metrics.count('bleepbridge_reasons_total', { reason: 'asker-told' })
  store.wake.ring('alerts')
}

/** One ask: gives the way whose turn has just begun. */
async function look(
  tx: Tx,
  id: AskRow['bleep'],
  directory: Directory,
  { now, within, speaks }: { readonly now: Instant; readonly within: Millis; readonly speaks: boolean },
): Promise<ToldWay | undefined> {
  await tx.alone(`ask/${id}`)
  const [row, bleep] = [await tx.asks.get(id), await tx.bleeps.get(id)]
  if (row === undefined || bleep === undefined) return undefined
  const alert = await alertOf(tx, bleep.id)
  const stand = askStand(bleep, alert, directory)
  if (alert?.phase === 'closed' && row.known !== undefined) {
    await tx.asks.save({ ...row, settled: true })
    return undefined
  }
  if (!isAnswer(stand.state) || row.known !== undefined) return undefined
  const turn = nextTurn(row.told, await waysOf(tx, row, speaks), now, within)
  if (turn !== undefined) await tx.asks.save({ ...row, told: [...row.told, { way: turn, at: now }] })
  return turn
}

/** The ways that this asker has, in order. The switchboard is always the last of them. */
async function waysOf(tx: Tx, row: AskRow, speaks: boolean): Promise<readonly ToldWay[]> {
  const own = row.device === undefined ? undefined : await tx.devices.get(row.device)
  const screens = row.ward === undefined ? [] : await tx.devices.owned({ people: [], wards: [row.ward] })
  return [
    ...(screens.some(({ state }) => state === 'active') ? (['screen'] as const) : []),
    ...(own?.owner.kind === 'person' && own.state === 'active' ? (['phone'] as const) : []),
    ...(speaks && row.extension !== undefined ? (['call'] as const) : []),
    'switchboard',
  ]
}

/** The way whose turn it is by now, where it has not begun yet. */
function nextTurn(
  told: readonly Told[],
  ways: readonly ToldWay[],
  now: Instant,
  within: Millis,
): ToldWay | undefined {
  const tried = told.filter(({ said }) => said === undefined)
  const last = tried.at(-1)
  // Never for much longer, whatever a clock says that went back.
  if (last !== undefined && Math.abs(now - last.at) < within) return undefined
  return ways.find((way) => !tried.some((t) => t.way === way))
}
