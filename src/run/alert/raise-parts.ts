import type { Bleep, Meaning } from '../../core/bleep/bleep.ts'
import type { Directory } from '../../core/directory/directory.ts'
import type { BleepId } from '../../core/ids.ts'
import type { Instant, Millis } from '../../core/instant.ts'
import type { Policies } from '../../core/route/policy.ts'
import type { AlertParts, Alerts } from './alerts.ts'
import type { Elsewhere } from './elsewhere.ts'

export interface RaiseParts extends Omit<AlertParts, 'radio'> {
  readonly alerts: Alerts
  readonly classify: (bleep: Bleep, directory: Directory) => Meaning
  readonly policies: () => Policies
  /** When T1 was durable, where this process saw it. */
  readonly storedAt?: (bleep: BleepId) => Instant | undefined
  /** Whether a bleep rings from another node while we are apart. Absent: never. */
  readonly elsewhere?: Elsewhere
  /** Whether we are on the file that outlasts the database. Absent: never. */
  readonly apart?: () => boolean
  readonly begins?: Promise<void>
  /** How often it looks without having been rung; absent: 500 ms. */
  readonly every?: Millis
}
