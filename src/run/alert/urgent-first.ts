import type { Bleep, Meaning } from '../../core/bleep/bleep.ts'
import { classRank } from '../../core/vocabulary.ts'

/** Bleeps in the order in which to raise them: the most urgent first, each class as it came. */
export function mostUrgentFirst(
  all: readonly Bleep[],
  classify: (bleep: Bleep) => Meaning,
): readonly Bleep[] {
  const rank = (bleep: Bleep): number => {
    try {
      return classRank(classify(bleep).class)
    } catch {
      // A defect in classifying is told when its turn comes: in doubt it comes first.
      return classRank('emergency')
    }
  }
  return all
    .map((bleep) => ({ bleep, rank: rank(bleep) }))
    .sort((a, b) => b.rank - a.rank)
    .map(({ bleep }) => bleep)
}
