import { type About, foundIn, type Place, type Whole } from '../../core/govern/subject.ts'
import type { PageMark } from '../../ports/page-mark.ts'
import type { Tx } from '../../ports/store.ts'
import type { Stored } from '../../ports/tools.ts'

/** Bleeps in one transaction: some milliseconds, because the daemon pages people between them. */
const PAGE = 50

/** Every bleep of a span that holds what is sought, oldest first, at most `most`. Others have their turn between pages. */
export async function searchAll(
  { store, clock }: Stored,
  about: About,
  most: number,
): Promise<readonly [Whole, readonly Place[]][]> {
  const found: [Whole, readonly Place[]][] = []
  let mark: PageMark = { at: about.from, id: '' }
  for (;;) {
    const from = mark
    const wholes = await store.transact((tx) => page(tx, from, about))
    for (const whole of wholes) {
      const where = foundIn(whole, about)
      if (where.length > 0) found.push([whole, where])
    }
    const last = wholes.at(-1)?.bleep
    if (last === undefined || found.length >= most) return found.slice(0, most)
    mark = { at: last.received, id: last.id }
    await new Promise<void>((next) => clock.after(0, next))
  }
}

async function page(tx: Tx, mark: PageMark, about: About): Promise<readonly Whole[]> {
  const bleeps = await tx.bleeps.page(mark, about.to, PAGE)
  const sightings = Map.groupBy(await tx.bleeps.sightingsOf(bleeps.map(({ id }) => id)), (s) => s.bleep)
  const wholes: Whole[] = []
  for (const bleep of bleeps) {
    const alert = await tx.alerts.byBleep(bleep.id)
    const events = alert === undefined ? [] : await tx.alerts.events(alert.id)
    wholes.push({ bleep, sightings: sightings.get(bleep.id) ?? [], alert, events })
  }
  return wholes
}
