import type { FaultCode } from '../core/faults.ts'
import { DEFECT, DEFECT_OVER } from '../ports/log.ts'
import { StoreFault } from '../ports/store.ts'
import type { Telling } from '../ports/tools.ts'

/** What of ours threw. Each stands on `/readyz` from the moment it is told here (run/watch/defect-watch.ts). */
export type DefectCode = Extract<
  FaultCode,
  | 'page-failed'
  | 'raise-failed'
  | 'step-failed'
  | 'hand-over-failed'
  | 'view-failed'
  | 'line-failed'
  | 'report-failed'
  | 'task-failed'
>

/**
 * Tells a defect of ours, whole and once: log, metric, and by the log `/readyz` and board.
 * @param subject id of what it met: a bleep, an alert, a feed, a loop; never a name or words
 */
export function defect({ log, metrics }: Telling, fault: DefectCode, subject: string, error: unknown): void {
  metrics.count('bleepbridge_faults_total', { fault })
  log.error(DEFECT, { fault, subject, error })
}

/** The same thing goes well again. */
export function defectOver({ log }: Pick<Telling, 'log'>, fault: FaultCode, subject: string): void {
  log.info(DEFECT_OVER, { fault, subject })
}

/**
 * Does one thing among many, so that its defect does not take its neighbours with it: what `work` gives, or what
 * `instead` gives once the defect is told. A database that cannot work now is no defect and is thrown on.
 */
export async function apart<T>(
  tools: Telling,
  fault: DefectCode,
  subject: string,
  work: () => Promise<T> | T,
  instead: () => T,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StoreFault) throw error
    defect(tools, fault, subject, error)
    return instead()
  }
}
