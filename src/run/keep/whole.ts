import { withWords } from '../../core/govern/restrict.ts'
import type { Whole } from '../../core/govern/subject.ts'
import { type AlertId, asId, type BleepId } from '../../core/ids.ts'
import type { Tx } from '../../ports/store.ts'

/** A bleep by its own id or by its alert's, with all that may hold somebody's data, what is restricted too. */
export async function wholeOf(tx: Tx, id: string): Promise<Whole | undefined> {
  const named = await tx.alerts.get(asId<AlertId>(id))
  const bleep = await tx.bleeps.get(named?.bleep ?? asId<BleepId>(id))
  if (bleep === undefined) return undefined
  const alert = named ?? (await tx.alerts.byBleep(bleep.id))
  const sightings = await tx.bleeps.sightings(bleep.id)
  const events = alert === undefined ? [] : await tx.alerts.events(alert.id)
  return readable(tx, { bleep, sightings, alert, events })
}

/** The same of several that were read already. */
export async function wholesOf(tx: Tx, bleeps: readonly Whole['bleep'][]): Promise<readonly Whole[]> {
  const sightings = Map.groupBy(await tx.bleeps.sightingsOf(bleeps.map(({ id }) => id)), (s) => s.bleep)
  const wholes: Whole[] = []
  for (const bleep of bleeps) {
    const alert = await tx.alerts.byBleep(bleep.id)
    const events = alert === undefined ? [] : await tx.alerts.events(alert.id)
    wholes.push(await readable(tx, { bleep, sightings: sightings.get(bleep.id) ?? [], alert, events }))
  }
  return wholes
}

/** Words that are kept apart are read by nobody but whoever looks for somebody's data. */
async function readable(tx: Tx, whole: Whole): Promise<Whole> {
  if (whole.bleep.restricted === undefined) return whole
  const apart = await tx.restricted.get(whole.bleep.id)
  return apart === undefined ? whole : { ...withWords(whole, apart), restricted: whole.bleep.restricted }
}
