import { resolve } from 'node:path'
import type { Whole } from '../config/whole.ts'
import type { Instant } from '../core/instant.ts'
import { sweepCaptures } from '../io/line/capture.ts'
import type { Store } from '../ports/store.ts'
import type { UpkeepParts } from '../run/keep/upkeep.ts'

/** How long things are kept, and how captured bytes are let go: never what an open alert needs. */
export function upkeepOf(
  { config }: Whole,
  needed: () => Instant,
  store: Store,
): Pick<UpkeepParts, 'keeps' | 'sweep'> {
  const { capture, folder, retention } = config
  if (capture === undefined) return { keeps: retention }
  const forget = (keys: readonly string[]) => store.transact((tx) => tx.words.gone(keys))
  const captures = resolve(folder, capture.folder)
  return { keeps: retention, sweep: (before) => sweepCaptures(captures, Math.min(before, needed()), forget) }
}
