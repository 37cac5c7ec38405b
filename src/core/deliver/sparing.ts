import { type Millis, SECOND } from '../instant.ts'
import type { Attempt } from './attempt.ts'
import { traitsOf } from './channels.ts'

/** What costs money or a line goes out so often for one call to one device, and no sooner than this after the last. */
const MOST = 5
const APART: Millis = 30 * SECOND

/** The attempts without those by texts and telephone calls that would come too often; whatever else rings is left as it is. */
export function spared(planned: readonly Attempt[], earlier: readonly Attempt[]): readonly Attempt[] {
  return planned.filter((attempt) => {
    if (traitsOf(attempt.channel).last !== true) return true
    const before = earlier.filter((one) => one.device === attempt.device && one.channel === attempt.channel)
    return before.length < MOST && before.every((one) => Math.abs(attempt.created - one.created) >= APART)
  })
}

/** Whether it is worth looking up what went out before. */
export const isSparing = (planned: readonly Attempt[]): boolean =>
  planned.some(({ channel }) => traitsOf(channel).last === true)
