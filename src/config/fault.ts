import type { FaultCode } from '../core/faults.ts'
import { FAULTS } from '../core/faults.ts'

/** One thing wrong with the configuration. Never holds a secret or a person's name. */
export interface ConfigFault {
  /** File and place in it: `people.csv:12:staffGroup`, `bridge.yaml:feeds.0.port`. */
  readonly path: string
  readonly code: FaultCode
  /** What exactly is wrong, to follow the table's sentence. */
  readonly detail?: string
}

/** The one line `bleepd check` prints: `path: code: sentence — what to do`. */
export function printConfigFault({ path, code, detail }: ConfigFault): string {
  const { sentence, remedy } = FAULTS[code]
  return `${path}: ${code}: ${sentence}${detail === undefined ? '' : ` (${detail})`} — ${remedy}`
}
