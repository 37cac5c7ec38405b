import type { Bleep } from '../../core/bleep/bleep.ts'
import {
  alertWithoutWords,
  bleepWithoutWords,
  eventWithoutWords,
  sightingWithoutWords,
} from '../../core/govern/erase.ts'
import type { Instant } from '../../core/instant.ts'
import type { Tx } from '../../ports/store.ts'
import { unindex } from './search-index.ts'
import { wholeOf } from './whole.ts'

/**
 * Takes the words out of a bleep: every reading of it, and everything written on its alert. Who, when and how urgent
 * stays. False when its alert was changed at the same moment: nothing was done, and it can be tried again.
 */
export async function eraseWords(tx: Tx, bleep: Bleep, at: Instant): Promise<boolean> {
  const whole = await wholeOf(tx, bleep.id)
  if (whole === undefined) return false
  const { alert } = whole
  if (alert !== undefined) {
    if (!(await tx.alerts.save(alertWithoutWords(alert), alert.revision, []))) return false
    await tx.alerts.rewrite(alert.id, (event) => eventWithoutWords(event))
  }
  await tx.bleeps.resight(bleep.id, sightingWithoutWords)
  await tx.bleeps.save(bleepWithoutWords(bleep, at))
  await unindex(tx, whole, 'words')
  return true
}
