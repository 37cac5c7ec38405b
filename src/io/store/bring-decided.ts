import { isDeepStrictEqual } from 'node:util'
import type { Alert, AlertEvent } from '../../core/alert/alert.ts'
import { redone } from '../../core/alert/redo.ts'
import { type AlertId, asId } from '../../core/ids.ts'
import { readDoc } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { Tx } from '../../ports/store.ts'
import type { Row } from './rows.ts'

/** Does an event on a call as it stands, in the transaction that is given. */
export type Redo = (tx: Tx, alert: AlertId, event: AlertEvent) => Promise<unknown>

/** A call that has only been raised, and nothing more decided. */
const RAISED = 1

const versionOf = (doc: unknown): number => readDoc<Alert>(FORMS.alert, String(doc)).version

/** How much more was decided here than there. */
export const decidedBy = (here: unknown, there: unknown): number => versionOf(here) - versionOf(there)

/** @param since the revision at which we went on with it; absent: it was raised here */
export const isDecided = (doc: unknown, since: number = RAISED): boolean => versionOf(doc) > since

/** What happened here to calls of which something was decided here. Read where it lies: its words are sealed there. */
export async function decidedHere(
  here: Tx,
  alerts: readonly Row[],
  events: readonly Row[],
  adopted: ReadonlyMap<unknown, number>,
): Promise<ReadonlyMap<unknown, readonly AlertEvent[]>> {
  const found = new Map<unknown, readonly AlertEvent[]>()
  for (const { id, doc } of alerts) {
    const since = adopted.get(id) ?? RAISED
    if (!isDecided(doc, since)) continue
    const earlier = events.filter((row) => row.alert === id && Number(row.seq) <= since).length
    found.set(id, (await here.alerts.events(asId(String(id)))).slice(earlier))
  }
  return found
}

/** The call stands as it does there, and hears what was decided here meanwhile; what it has heard before, not again. */
export async function redoThere(
  them: Tx,
  alert: AlertId,
  events: readonly AlertEvent[],
  redo: Redo,
): Promise<void> {
  const heard = (await them.alerts.events(alert)).map((event) => redone(event, 0))
  for (const event of events) {
    if (heard.some((one) => isDeepStrictEqual(one, redone(event, 0)))) continue
    const again = redone(event, (await them.alerts.get(alert))?.version ?? RAISED)
    if (again) await redo(them, alert, again)
  }
}
