import { resolve } from 'node:path'
import type { Whole } from '../config/whole.ts'
import { sweepCaptures } from '../io/line/capture.ts'
import type { UpkeepParts } from '../run/keep/upkeep.ts'

/** How long things are kept, and how captured bytes are let go. */
export function upkeepOf({ config }: Whole): Pick<UpkeepParts, 'keeps' | 'sweep'> {
  const { capture, folder, retention } = config
  if (capture === undefined) return { keeps: retention }
  const captures = resolve(folder, capture.folder)
  return { keeps: retention, sweep: (before) => sweepCaptures(captures, before) }
}
