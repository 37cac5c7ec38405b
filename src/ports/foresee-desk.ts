import type { ForeseenView, WeekView } from '../core/foresee/view.ts'
import type { Instant } from '../core/instant.ts'
import type { Caller, Outcome } from './desk.ts'

/** Dry runs: nobody is rung, and nothing is kept of the words. */
export interface ForeseeDesk {
  /** What a page would lead to, second by second. Absent `at`: now. */
  foresee(
    caller: Caller,
    page: { readonly number: string; readonly text?: string; readonly at?: Instant },
  ): Promise<Outcome<ForeseenView>>
  /**
   * When in the coming week nobody would be rung for a number, or somebody who must come would be missing. A part at a
   * time, because a large site has many.
   * @param from of the groups of like numbers, as the part before said
   */
  week(caller: Caller, from: number): Promise<Outcome<WeekView>>
}
