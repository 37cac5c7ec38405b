import { MINUTE, type Millis } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Machine } from '../../ports/machine.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'

export interface TimeWatch extends Loop {
  troubles(): readonly Finding[]
}

const EVERY: Millis = 5 * MINUTE
/** A machine that has just begun, or lost its time server for a moment, may say no so often. */
const IN_A_ROW = 3

/**
 * Whether something keeps the machine's clock. A clock that nobody sets strays by seconds a day, and no step and no
 * neighbour shows it; rotas change at the wrong minute all the same. A machine that cannot say has proved nothing, and
 * that is told as well.
 */
export function startTimeWatch(
  parts: LoopTools & { readonly machine: Pick<Machine, 'keepsTime'> },
): TimeWatch {
  let said: boolean | undefined
  let nots = 0

  async function look(): Promise<void> {
    said = parts.machine.keepsTime?.()
    nots = said === true ? 0 : nots + 1
  }

  const loop = startLoop('time-watch', [], EVERY, look, parts)
  return {
    stop: loop.stop,
    troubles: () =>
      nots < IN_A_ROW
        ? []
        : [{ code: said === undefined ? 'clock-unproved' : 'clock-unkept', subject: 'clock' }],
  }
}
