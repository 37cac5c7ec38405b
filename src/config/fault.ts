import type { FaultCode } from '../core/faults.ts'
import { FAULTS } from '../core/faults.ts'

/** One thing wrong with the configuration. Never holds a secret; `value` may hold what a person is called. */
export interface ConfigFault {
  /** File, line and place in it: `people.csv:12:staffGroup`, `bridge.yaml:31:feeds[0].port`. */
  readonly path: string
  readonly code: FaultCode
  /** What exactly is wrong, to follow the table's sentence. */
  readonly detail?: string
  /** What stands there. For the screen of whoever mends it, not for logs. */
  readonly value?: string
}

const LONGEST = 60

/** The one line `bleepd check` prints: `path: code: sentence (value: what is wrong) — what to do`. */
export function printConfigFault({ path, code, detail, value }: ConfigFault): string {
  const { sentence, remedy } = FAULTS[code]
  const shown = value === undefined ? undefined : `“${printable(value)}”`
  const said = [shown, detail].filter((part) => part !== undefined).join(': ')
  return `${printable(path, 400)}: ${code}: ${sentence}${said === '' ? '' : ` (${said})`} — ${remedy}`
}

/** A slip that may be meant: told by `check` and in the log, and no reason to keep files out. */
export function isDoubt({ code }: ConfigFault): boolean {
  return (
    code === 'config-doubtful' ||
    code === 'calendar-doubtful' ||
    code === 'rota-doubtful' ||
    code === 'config-unsafe' ||
    code === 'operator-keys'
  )
}

/** What `check` refuses and a daemon starts with all the same: its lines run, and it tells what is shut until it is mended. */
export function isBearable(fault: ConfigFault): boolean {
  return isDoubt(fault) || fault.code === 'certificate-bad' || fault.code === 'folder-unwritable'
}

function printable(text: string, longest = LONGEST): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text
  return cut.replace(/\p{C}/gu, '�')
}
