import { say } from '../../catalogue/say.ts'
import { type Instant, type Millis, SECOND } from '../../instant.ts'

/** One bleep by both paths: the pager's air and the phones. */
export interface ByBothPaths {
  /** Whom it was for, as `role:…` or `team:…`. */
  readonly to: string
  /** End of the page on the air, as the first receiver heard it; absent: no receiver did. */
  readonly pager?: Instant
  /** When the first phone said that it had it; absent: none did. */
  readonly phone?: Instant
  /** We rang somebody; otherwise it was left to the pagers, or nobody could be rung. */
  readonly rung: boolean
}

/** Fewer bleeps by both paths than this decide nothing. */
export const ENOUGH = 30
/** A phone that is usually no more than this behind the pager is as good as it. */
const BEHIND: Millis = 5 * SECOND

export interface ParallelRow {
  readonly to: string
  readonly name: string
  readonly bleeps: number
  /** Of them, those for which we rang nobody. */
  readonly unrung: number
  readonly byBoth: number
  readonly phoneFirst: number
  readonly pagerFirst: number
  /** How far the phone was behind the pager; negative: ahead of it. Null: none by both paths. */
  readonly behindSeconds: { readonly p50: number; readonly p95: number } | null
  /** On the air, rung, and no phone said that it had it. */
  readonly phoneLost: number
  /** On a phone, and never heard on the air. Null: no receiver listens to the air. */
  readonly pagerLost: number | null
  /** We rang, no phone had it, and no receiver heard it. Null: no receiver listens to the air. */
  readonly bothLost: number | null
  readonly verdict: Verdict
}

type Verdict = 'listens' | 'phone-loses' | 'not-enough' | 'phone-slower' | 'as-good'

const VERDICTS: Readonly<Record<Verdict, string>> = {
  listens: say('parallel.listens'),
  'phone-loses': say('parallel.phoneLoses'),
  'not-enough': say('parallel.notEnough', { enough: ENOUGH }),
  'phone-slower': say('parallel.phoneSlower', { seconds: BEHIND / SECOND }),
  'as-good': say('parallel.asGood'),
}

/** What the figures of a role say about its going live; a person decides. */
export const verdictOf = ({ verdict }: Pick<ParallelRow, 'verdict'>): string => VERDICTS[verdict]

/**
 * Parallel running: for each role and team, which path was the quicker and what either lost.
 * @param air whether a receiver listens to the air: without one nothing is known of the pagers
 * @param nameOf of a role or a team
 */
export function parallelRows(
  all: readonly ByBothPaths[],
  air: boolean,
  nameOf: (to: string) => string,
): readonly ParallelRow[] {
  return [...Map.groupBy(all, ({ to }) => to)]
    .map(([to, some]) => rowOf(to, nameOf(to), some, air))
    .sort((a, b) => b.bleeps - a.bleeps || (a.to < b.to ? -1 : 1))
}

function rowOf(to: string, name: string, all: readonly ByBothPaths[], air: boolean): ParallelRow {
  const rung = all.filter((one) => one.rung)
  const behind = rung
    .flatMap(({ pager, phone }) => (pager === undefined || phone === undefined ? [] : [phone - pager]))
    .sort((a, b) => a - b)
  const lost = (pager: boolean, phone: boolean) =>
    rung.filter((one) => (one.pager !== undefined) === pager && (one.phone !== undefined) === phone).length
  const figures = {
    ...{ to, name, bleeps: all.length, unrung: all.length - rung.length, byBoth: behind.length },
    phoneFirst: behind.filter((by) => by < 0).length,
    pagerFirst: behind.filter((by) => by >= 0).length,
    behindSeconds: behind.length === 0 ? null : { p50: at(behind, 0.5), p95: at(behind, 0.95) },
    phoneLost: lost(true, false),
    ...(air
      ? { pagerLost: lost(false, true), bothLost: lost(false, false) }
      : { pagerLost: null, bothLost: null }),
  }
  return { ...figures, verdict: judged(figures) }
}

function judged(row: Omit<ParallelRow, 'verdict'>): Verdict {
  if (row.unrung === row.bleeps) return 'listens'
  if (row.phoneLost > 0 || (row.bothLost ?? 0) > 0) return 'phone-loses'
  if (row.byBoth < ENOUGH || row.behindSeconds === null) return 'not-enough'
  return row.behindSeconds.p50 > BEHIND / SECOND ? 'phone-slower' : 'as-good'
}

/** Seconds at a share of a sorted list, to a tenth. */
function at(sorted: readonly Millis[], share: number): number {
  const ms = sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0
  return Math.round(ms / 100) / 10
}
