import type { Bleep } from '../../core/bleep/bleep.ts'
import {
  alertWithoutWords,
  bleepWithoutWords,
  eventWithoutWords,
  sightingWithoutWords,
} from '../../core/govern/erase.ts'
import { apartOf, restrictedBleep } from '../../core/govern/restrict.ts'
import type { Whole } from '../../core/govern/subject.ts'
import type { BleepId } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'
import type { Tx } from '../../ports/store.ts'
import { applyFiling } from './filing-parts.ts'
import { unindex } from './search-index.ts'
import { wholeOf } from './whole.ts'

/**
 * Takes the words out of a bleep: every reading of it, the telephone to ring, and everything written on its alert. Who, when and how urgent
 * stays. False when its alert was changed at the same moment: nothing was done, and it can be tried again.
 */
export async function eraseWords(tx: Tx, bleep: Bleep, at: Instant): Promise<boolean> {
  const whole = await wholeOf(tx, bleep.id)
  if (whole === undefined || !(await takeOut(tx, whole))) return false
  const { restricted: _, ...rest } = bleep
  await tx.bleeps.save(bleepWithoutWords(rest, at))
  await tx.restricted.forget(bleep.id)
  const ask = await tx.asks.get(bleep.id)
  if (ask?.extension !== undefined) {
    const { extension: _, ...others } = ask
    await tx.asks.save(others)
  }
  const { alert } = whole
  // The patient's number is not needed for anything more; what stands in the record is the record's to keep.
  if (alert !== undefined && (await tx.filings.get(alert.id)) !== undefined)
    await applyFiling(tx, alert, { kind: 'forgotten', at }, { ways: [] })
  await unindex(tx, whole, 'words')
  return true
}

/** The same for everybody but governance: the words are kept apart, and found by whoever looks for somebody's data. */
export async function restrictWords(tx: Tx, bleep: Bleep, at: Instant): Promise<boolean> {
  const whole = await wholeOf(tx, bleep.id)
  if (whole === undefined || !(await takeOut(tx, whole))) return false
  await tx.restricted.put(bleep.id, at, apartOf(whole))
  await tx.bleeps.save(restrictedBleep(bleep, at))
  return true
}

/** Puts words back where they were. False where none are kept apart, or the alert was changed at the same moment. */
export async function liftRestriction(tx: Tx, id: BleepId): Promise<boolean> {
  const whole = await wholeOf(tx, id)
  if (whole?.restricted === undefined) return false
  const { bleep, alert, events, sightings } = whole
  if (alert !== undefined) {
    if (!(await tx.alerts.save(alert, alert.revision, []))) return false
    let i = 0
    await tx.alerts.rewrite(alert.id, (event) => events[i++] ?? event)
  }
  const known = new Map(sightings.map((one) => [one.id, one]))
  await tx.bleeps.resight(id, (one) => known.get(one.id) ?? one)
  await tx.bleeps.save(bleep)
  await tx.restricted.forget(id)
  return true
}

async function takeOut(tx: Tx, { bleep, alert }: Whole): Promise<boolean> {
  if (alert !== undefined) {
    if (!(await tx.alerts.save(alertWithoutWords(alert), alert.revision, []))) return false
    await tx.alerts.rewrite(alert.id, (event) => eventWithoutWords(event))
  }
  await tx.bleeps.resight(bleep.id, sightingWithoutWords)
  return true
}
