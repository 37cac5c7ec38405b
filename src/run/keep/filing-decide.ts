import type { AlertId } from '../../core/ids.ts'
import { DAY, type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { FilingSite } from '../../ports/filings.ts'
import type { Store } from '../../ports/store.ts'
import { apart } from '../defect.ts'
import { leaderOf } from '../leader.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import { applyFiling, foundOn, writtenOn } from './filing-parts.ts'

export interface FilingDecideParts extends LoopTools {
  readonly store: Store
  readonly filing: FilingSite
}

const EVERY: Millis = 5 * SECOND
/** Alerts in one turn, each in a transaction of its own: no page waits behind a filing. */
const BATCH = 50
/** Since when calls are filed here: from the first start with a way into a record. */
const SINCE = 'filing-since'
/** Added to for so long after its end, a call is filed anew. */
const ADDED: Millis = 7 * DAY
/** Now and then it looks back so far: what came about apart was raised before. */
const DEEP: Millis = 10 * MINUTE

/** Makes a filing of every call that has ended, and of what was added to one later. One node does it for all. */
export function startFilingDecide(given: FilingDecideParts): Loop {
  const leader = leaderOf(given.store, 'filing')
  const parts = { ...given, store: leader.store }
  const { store, clock, filing, wake } = parts
  /** What ended before is filed. */
  let mark: Instant | undefined
  let deep: Instant = 0

  const one = (id: AlertId, work: () => Promise<boolean>) =>
    apart(parts, 'task-failed', `filing/${id}`, work, () => false)

  const ended = (id: AlertId) =>
    store.transact(async (tx) => {
      const alert = await tx.alerts.get(id)
      const bleep = alert && (await tx.bleeps.get(alert.bleep))
      if (alert === undefined || bleep === undefined) return false
      const at = clock.now()
      // Words that are gone name nobody, and are not looked for.
      const written =
        bleep.erased === undefined && bleep.restricted === undefined
          ? await writtenOn(tx, alert, bleep)
          : { asked: undefined, texts: [] }
      const found = foundOn(written, filing.local)
      await applyFiling(tx, alert, { kind: 'ended', at, revision: alert.revision, found }, filing)
      return true
    })

  const changed = (id: AlertId) =>
    store.transact(async (tx) => {
      const alert = await tx.alerts.get(id)
      if (alert === undefined) return false
      const { revision } = alert
      await applyFiling(tx, alert, { kind: 'changed', at: clock.now(), revision }, filing)
      return true
    })

  async function turn(): Promise<void> {
    if (!(await leader.leads())) return
    const now = clock.now()
    const { since, open } = await store.transact(async (tx) => {
      const noted = await tx.notes.get(SINCE)
      if (typeof noted !== 'number') await tx.notes.set(SINCE, now, now)
      const from = typeof noted === 'number' ? noted : now
      return { since: from, open: await tx.filings.firstOpen(from) }
    })
    const late = Math.max(since, now - ADDED)
    const from = now - deep >= DEEP || mark === undefined ? late : Math.max(late, mark)
    const { unfiled, added } = await store.transact(async (tx) => ({
      unfiled: await tx.filings.unfiled(from, BATCH),
      added: await tx.filings.changed(late, BATCH),
    }))
    let made = 0
    for (const id of unfiled) if (await one(id, () => ended(id))) made += 1
    for (const id of added) if (await one(id, () => changed(id))) made += 1
    if (unfiled.length < BATCH) {
      if (from === late) deep = now
      mark = Math.min(open ?? now, now)
    }
    if (made > 0) wake.ring('filings')
  }

  const loop = startLoop('filing', [], EVERY, turn, parts)
  return {
    async stop() {
      await loop.stop()
      await leader.leave()
    },
  }
}
