import { MINUTE, type Millis } from '../../core/instant.ts'
import type { Store } from '../../ports/store.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'

/** Written at the first start with a line. It stays, whatever becomes of the line. */
const NOTE = 'line-set-up'
const EVERY: Millis = MINUTE

export interface FirstLineParts extends LoopTools {
  readonly store: Store
  /** How many are configured. */
  readonly lines: number
}

export interface FirstLine extends Loop {
  /** No line was ever set up with this database. False until that is known: in doubt, a site without lines is an alarm. */
  isToCome(): boolean
}

/** Tells a site that waits for its first line from one that has lost those it had. */
export function startFirstLine(parts: FirstLineParts): FirstLine {
  const { store, clock, lines } = parts
  let isToCome: boolean | undefined
  async function look(): Promise<void> {
    if (isToCome !== undefined) return
    isToCome = await store.transact(async (tx) => {
      const known = (await tx.notes.get(NOTE)) !== undefined
      if (lines > 0 && !known) await tx.notes.set(NOTE, true, clock.now())
      return lines === 0 && !known
    })
  }
  return { ...startLoop('first-line', [], EVERY, look, parts), isToCome: () => isToCome === true }
}
