import type { Alert } from '../../core/alert/alert.ts'
import { radioOf } from '../../core/desk/card.ts'
import { isOfHospital } from '../../core/desk/find.ts'
import { byOrder } from '../../core/desk/order.ts'
import type { Card } from '../../core/desk/views.ts'
import type { Directory } from '../../core/directory/directory.ts'
import { given } from '../../core/given.ts'
import { permits } from '../../core/govern/permit.ts'
import type { Reader } from '../../core/govern/reader.ts'
import type { AlertId } from '../../core/ids.ts'
import { type Instant, printInstant, SECOND } from '../../core/instant.ts'
import type { Caller, Desk } from '../../ports/desk.ts'
import { readMark, writtenMark } from '../../ports/page-mark.ts'
import type { Tx } from '../../ports/store.ts'
import { restful } from '../slices.ts'
import { termsFor } from './conduct.ts'
import {
  allowed,
  cardFor,
  contextOf,
  type DeskParts,
  deviceOf,
  done,
  isGiven,
  peopleOf,
  readerOf,
  refuse,
  relatedOf,
  saw,
} from './desk-parts.ts'
import { joinedCard } from './joined.ts'

/** In one answer: more open alerts than a board can show in one look. */
const BOARD = 500
/** Read in one transaction: a millisecond. */
const AT_ONCE = 5
/** Every console and every phone asks for it, and what it shows goes out in one piece. */
const RESTS = 2

/**
 * A card stays as it is for this long at most: who holds a missing role changes with the clock, and what was merged into
 * the page with the page, neither with the alert.
 */
const FRESH = 2 * SECOND

type Filter = Parameters<Tx['alerts']['list']>[0]

/** How a caller reads one alert. */
type ReaderFor = (alert: Alert) => Reader

interface Remembered {
  readonly version: number
  readonly directory: Directory
  readonly made: Instant
  readonly card: Card
}

/**
 * Boards and lists of alerts. Every console looks after every event, so a card is made once for each version of its
 * alert and each role that reads it; what has not changed is neither read nor made again.
 */
export function createBoard(parts: DeskParts): Pick<Desk, 'board' | 'card'> {
  const { store, clock } = parts
  const remembered = new Map<string, Remembered>()

  const cards = async (tx: Tx, alerts: readonly Alert[], caller: Caller, readerFor: ReaderFor) => {
    const shown: Card[] = []
    for (const alert of alerts) {
      const card = await remember(tx, alert, caller, readerFor)
      if (card !== undefined) shown.push(card)
    }
    return shown
  }

  async function remember(tx: Tx, alert: Alert, caller: Caller, readerFor: ReaderFor) {
    const context = contextOf(parts)
    const key = `${caller.access}/${alert.id}`
    const known = caller.kind === 'device' ? undefined : remembered.get(key)
    if (
      known?.version === alert.version &&
      known.card.radio?.state !== 'asked' &&
      known.directory === context.directory &&
      context.now - known.made < FRESH
    )
      return known.card
    const bleep = await tx.bleeps.get(alert.bleep)
    if (bleep === undefined) return undefined
    const reader = readerFor(alert)
    const card = {
      ...(await cardFor(parts, alert, bleep, reader, context, await relatedOf(tx, bleep))),
      ...(await joinedCard(tx, parts, caller, alert, bleep)),
      ...(alert.radioed === undefined ? {} : radioOf(alert, await tx.attempts.ofAlert(alert.id))),
    }
    if (caller.kind === 'operator')
      remembered.set(key, { version: alert.version, directory: context.directory, made: context.now, card })
    return card
  }

  /** What is open no more is forgotten, or a year of alerts would stay in memory. */
  const forgetBut = (open: readonly Alert[]) => {
    const ids = new Set<string>(open.map(({ id }) => id))
    for (const key of remembered.keys()) if (!ids.has(key.slice(key.indexOf('/') + 1))) remembered.delete(key)
  }

  let under: Promise<unknown> = Promise.resolve()
  const oneAtATime = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = under.then(work)
    under = mine.catch(() => undefined)
    return mine
  }

  /**
   * What a filter finds, and the cards that `show` makes of it. In parts, and pages are stored between two of them: a flood
   * leaves hundreds. However many look at once, only one of them is behind its first part, so no page waits for them all.
   */
  async function inParts(
    filter: Filter,
    show: (tx: Tx, found: readonly Alert[]) => Promise<readonly Card[]>,
  ) {
    const found: Alert[] = []
    const shown: Card[] = []
    /** True: there may be more. */
    const goOn = async (): Promise<boolean> => {
      const last = found.at(-1)
      const before = last === undefined ? filter.before : { at: last.raised, id: last.id }
      const limit = Math.min(AT_ONCE, filter.limit - found.length)
      const count = found.length
      await store.transact(async (tx) => {
        const part = await tx.alerts.list({ ...filter, ...given({ before }), limit })
        shown.push(...(await show(tx, part)))
        found.push(...part)
      })
      return found.length - count === limit && found.length < filter.limit
    }
    if (await goOn())
      await oneAtATime(async () => {
        const rest = restful(clock, RESTS)
        do await rest()
        while (await goOn())
      })
    return { found, shown: shown.sort(byOrder) }
  }

  return {
    async board(caller, { phase = 'open', since, hospital, cursor, limit = BOARD }) {
      const filter: Filter = { phase, ...given({ since, before: readMark(cursor) }), limit }
      const goesOn = (found: readonly Alert[]) => {
        const last = found.length === limit ? found.at(-1) : undefined
        return last && writtenMark({ at: last.raised, id: last.id })
      }
      const now = printInstant(clock.now())
      if (permits(caller.access, 'board.read')) {
        // One look at the whole board: what was open then says which alerts it showed.
        saw(parts, caller, 'board.read', [{ id: '' }])
        const reader: ReaderFor = (alert) => readerOf(caller, [], alert)
        const { found, shown } = await inParts(filter, (tx, part) => cards(tx, part, caller, reader))
        const next = goesOn(found)
        if (phase === 'open' && since === undefined && cursor === undefined && next === undefined)
          forgetBut(found)
        const alerts = shown.filter((card) => isOfHospital(card, hospital))
        return done({ now, alerts, ...given({ cursor: next }) })
      }
      return allowed(parts, caller, 'alert.read', async () => {
        const whose = await store.transact(async (tx) => {
          const device = await deviceOf(tx, caller)
          return device && { device, unsigned: (await termsFor(tx, parts, device)) !== undefined }
        })
        if (whose === undefined) return refuse('not-signed-in')
        const { device, unsigned } = whose
        const people = peopleOf(parts, device)
        const reader: ReaderFor = (alert) => readerOf(caller, people, alert, device, unsigned)
        const { found, shown } = await inParts(filter, (tx, part) => {
          const own = part.filter((a) => people.some((p) => isGiven(parts, device, a, p)))
          saw(parts, caller, 'alert.read', own)
          return cards(tx, own, caller, reader)
        })
        return done({ now, alerts: shown, ...given({ cursor: goesOn(found) }) })
      })
    },

    card: (caller, id: AlertId) =>
      allowed(parts, caller, 'board.read', () =>
        store.transact(async (tx) => {
          const alert = await tx.alerts.get(id)
          const card = alert && (await remember(tx, alert, caller, () => readerOf(caller, [], alert)))
          return card === undefined ? refuse('alert-unknown') : done(card)
        }),
      ),
  }
}
