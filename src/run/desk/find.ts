import { isOfHospital, isSought } from '../../core/desk/find.ts'
import type { Card } from '../../core/desk/views.ts'
import { DAY, type Instant, printInstant } from '../../core/instant.ts'
import type { Caller, Desk } from '../../ports/desk.ts'
import { type PageMark, readMark, writtenMark } from '../../ports/page-mark.ts'
import { restful } from '../slices.ts'
import { allowed, cardFor, contextOf, type DeskParts, done, readerOf, relatedOf, saw } from './desk-parts.ts'

/** A page of what was found; the last days of a large hospital fit on one. */
const PAGE = 500
/** Alerts in one transaction: a millisecond, because people are paged between them. */
const AT_ONCE = 5
/** Nobody waits for a search as they do for a page. */
const RESTS = 2
/** Looked at for one page at most; the next page goes on from there. */
const AT_MOST = 20_000
/** As far back as a search goes that names no beginning. */
const USUAL = 3 * DAY

/** Calls of any time, by time, number, ward, kind, role or any word, the newest first. */
export function createFind(parts: DeskParts): Pick<Desk, 'find'> {
  const { store, clock } = parts

  const some = (caller: Caller, from: Instant, before: PageMark) =>
    store.transact(async (tx) => {
      const alerts = await tx.alerts.list({ since: from, before, limit: AT_ONCE })
      const cards: Card[] = []
      for (const alert of alerts) {
        const bleep = await tx.bleeps.get(alert.bleep)
        if (bleep === undefined) continue
        const reader = readerOf(caller, [], alert)
        cards.push(await cardFor(parts, alert, bleep, reader, contextOf(parts), await relatedOf(tx, bleep)))
      }
      return { alerts, cards }
    })

  return {
    find: (caller, { from, to, cursor, hospital, ...sought }) =>
      allowed(parts, caller, 'board.read', async () => {
        const now = clock.now()
        const start = from ?? now - USUAL
        let mark: PageMark = readMark(cursor) ?? { at: (to ?? now) + 1, id: '' }
        const found: Card[] = []
        const rest = restful(clock, RESTS)
        for (let looked = 0; looked < AT_MOST && found.length < PAGE; looked += AT_ONCE) {
          const { alerts, cards } = await some(caller, start, mark)
          found.push(...cards.filter((card) => isSought(card, sought) && isOfHospital(card, hospital)))
          const last = alerts.at(-1)
          if (last === undefined || alerts.length < AT_ONCE) {
            saw(parts, caller, 'alert.find', found)
            return done({ now: printInstant(now), alerts: found })
          }
          mark = { at: last.raised, id: last.id }
          await rest()
        }
        saw(parts, caller, 'alert.find', found)
        return done({ now: printInstant(now), alerts: found, cursor: writtenMark(mark) })
      }),
  }
}
