import { FAULTS, type StandingCode } from '../../faults.ts'
import { type Instant, printInstant } from '../../instant.ts'
import type { Sort } from '../telemetry.ts'
import type { Watched } from './availability.ts'

/** Something that is not well, or not proved to be, as whoever watches it found it just now. */
export interface Finding {
  readonly code: StandingCode
  /** What it concerns: the id of a feed, role, alert, loop; `store`, `broker`, `node` where there is one. Never a name. */
  readonly subject: string
  readonly detail?: string
  /** While it stands we are not fit to page. */
  readonly unfit?: boolean
}

/** A finding with the time it was first found without having gone away. */
export interface Standing extends Finding {
  readonly since: Instant
}

/** Sorts of things whose trouble nobody else tells: lines, phones, database and broker have watchers of their own. */
const UNTOLD: ReadonlySet<Sort> = new Set(['node', 'provider', 'transmitter'])

/** What is supervised and ails. A provider that refuses our keys or a disk that fills up is not known to `/readyz` otherwise. */
export function ailing(things: readonly Watched[]): readonly Finding[] {
  return things.flatMap(({ sort, subject, state, why }): Finding[] => {
    if (!UNTOLD.has(sort) || why === undefined || (state !== 'failed' && state !== 'degraded')) return []
    return [{ code: why, subject }]
  })
}

/** What stands now: what was found before keeps its beginning, what is found no more is gone. One of each code and subject. */
export function stand(
  before: readonly Standing[],
  found: readonly Finding[],
  at: Instant,
): readonly Standing[] {
  const began = new Map(before.map((one) => [keyOf(one), one.since]))
  const now = new Map<string, Standing>()
  for (const one of found) {
    const key = keyOf(one)
    const other = now.get(key)
    const unfit = one.unfit === true || other?.unfit === true
    const { unfit: _, ...rest } = other ?? one
    now.set(key, { ...rest, ...(unfit ? { unfit } : {}), since: began.get(key) ?? at })
  }
  return [...now.values()].sort(byWeight)
}

/** A reason as `/readyz`, board and support bundle show it: all but code and subject is from the one table of faults. */
export function reasonOf({ code, subject, detail, since, unfit }: Standing) {
  const { sentence, remedy } = FAULTS[code]
  return {
    code,
    subject,
    ...(detail === undefined ? {} : { detail }),
    sentence,
    remedy,
    since: printInstant(since),
    ...(unfit === true ? { unfit: true } : {}),
  }
}

/** How many stand of each code: the figure behind the rule of each fault. */
export function countOf(standing: readonly Standing[]): ReadonlyMap<StandingCode, number> {
  const counts = new Map<StandingCode, number>()
  for (const { code } of standing) counts.set(code, (counts.get(code) ?? 0) + 1)
  return counts
}

const WEIGHT = { alarm: 0, warning: 1, info: 2 }

/** What makes us unfit first, then by severity, then what has stood longest. */
function byWeight(a: Standing, b: Standing): number {
  return (
    Number(b.unfit === true) - Number(a.unfit === true) ||
    WEIGHT[FAULTS[a.code].severity] - WEIGHT[FAULTS[b.code].severity] ||
    a.since - b.since ||
    (keyOf(a) < keyOf(b) ? -1 : 1)
  )
}

const keyOf = ({ code, subject }: Finding): string => `${code} ${subject}`
