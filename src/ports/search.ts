import type { BleepId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'

/** Any of these words must be in it. */
export type AnyOf = readonly string[]

/**
 * By which words and people bleeps are found: made behind the paging, and taken away with the words. A bleep is known here
 * by when it was received, so what is found is looked at again before it counts.
 */
export interface SearchTable {
  /** Adds words of a bleep that was received at an instant; those that are there stay. */
  put(at: Instant, words: readonly string[]): Promise<void>
  /** Takes them out; a word that no bleep holds any more goes as well. */
  forget(at: Instant, words: readonly string[]): Promise<void>
  /** Every word there is, some at a time, in no order that means anything. */
  words(after: number, limit: number): Promise<readonly { readonly place: number; readonly word: string }[]>
  /** When bleeps were received that hold a word of each group, oldest first, behind `after` and before `to`. */
  find(groups: readonly AnyOf[], after: Instant, to: Instant, limit: number): Promise<readonly Instant[]>
  /** Takes away what is of no use any more, some at a time; true while there is more. Nothing may be put in before. */
  outdated(limit: number): Promise<boolean>
  /** Bleeps on whose alert something was written or closed since they were put in. */
  again(limit: number): Promise<readonly BleepId[]>
  /** They are put in as they stand now. */
  seen(bleeps: readonly BleepId[]): Promise<void>
}
