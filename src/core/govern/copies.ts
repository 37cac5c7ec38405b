import { DAY, type Instant, type Millis } from '../instant.ts'
import type { Anchor } from './audit.ts'

/** What is written beside a copy of the database, so that the right one can be found when it is needed. */
export interface CopyNote {
  readonly made: Instant
  readonly bytes: number
  readonly sha256: string
  /** Name of the last migration in it. */
  readonly schema: string
  /** Where the audit chain stood: an older place of the same chain proves that nothing before it was changed since. */
  readonly audit: Anchor
  /** What was erased on request before this is erased in it too; absent: before it was made. */
  readonly erased?: Instant
}

export interface CopyRule {
  readonly every: Millis
  readonly copies: number
  readonly days: number
}

/** Which copies may go, by count or by age. The newest is always kept, because an old copy is better than none. */
export function copiesOver<C extends Pick<CopyNote, 'made'>>(
  all: readonly C[],
  rule: Pick<CopyRule, 'copies' | 'days'>,
  now: Instant,
): readonly C[] {
  const newestFirst = all.toSorted((a, b) => b.made - a.made)
  return newestFirst.filter((copy, i) => i > 0 && (i >= rule.copies || now - copy.made > rule.days * DAY))
}

/** A copy this much older than it should be is an alarm: two were missed. */
export function isTooOld(age: Millis, rule: Pick<CopyRule, 'every'>): boolean {
  return age > 3 * rule.every
}
