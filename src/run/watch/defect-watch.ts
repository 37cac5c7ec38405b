import { FAULTS, type FaultCode, isStanding, type StandingCode } from '../../core/faults.ts'
import { HOUR, type Instant, type Millis } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Clock } from '../../ports/clock.ts'
import { DEFECT, DEFECT_OVER, type Log } from '../../ports/log.ts'

/** A defect that nothing has shown to be over is told for so long after it was last met. */
const TOLD: Millis = HOUR
/** More subjects of one code than anybody reads; the count in the detail goes on. */
const SUBJECTS = 20

interface Met {
  readonly last: Instant
  readonly times: number
}

export interface DefectWatch {
  /** The same log; every defect that passes stands from then on. */
  readonly log: Log
  standing(): readonly Finding[]
}

/**
 * Overhears the log: a defect that is logged stands on `/readyz`, metric and board until it is said to be over or has
 * not been met for an hour, so that none can be told to the log alone.
 */
export function watchDefects(log: Log, clock: Clock): DefectWatch {
  const met = new Map<StandingCode, Map<string, Met>>()

  const heard = (fields: Readonly<Record<string, unknown>>): void => {
    const { fault, subject } = fields
    if (!isCode(fault) || typeof subject !== 'string') return
    const subjects = met.get(fault) ?? new Map<string, Met>()
    met.set(fault, subjects)
    const times = (subjects.get(subject)?.times ?? 0) + 1
    subjects.delete(subject)
    subjects.set(subject, { last: clock.now(), times })
    if (subjects.size > SUBJECTS) subjects.delete(subjects.keys().next().value ?? '')
  }
  const over = ({ fault, subject }: Readonly<Record<string, unknown>>): void => {
    if (isCode(fault) && typeof subject === 'string') met.get(fault)?.delete(subject)
  }

  return {
    log: {
      ...log,
      info(event, fields) {
        log.info(event, fields)
        if (event === DEFECT_OVER && fields !== undefined) over(fields)
      },
      error(event, fields) {
        log.error(event, fields)
        if (event === DEFECT && fields !== undefined) heard(fields)
      },
    },
    standing() {
      const now = clock.now()
      const found: Finding[] = []
      for (const [code, subjects] of met)
        for (const [subject, { last, times }] of subjects) {
          if (now - last >= TOLD) subjects.delete(subject)
          else found.push({ code, subject, ...(times === 1 ? {} : { detail: `${times} times` }) })
        }
      return found
    },
  }
}

const isFault = (fault: unknown): fault is FaultCode =>
  typeof fault === 'string' && Object.hasOwn(FAULTS, fault)
const isCode = (fault: unknown): fault is StandingCode => isFault(fault) && isStanding(fault)
