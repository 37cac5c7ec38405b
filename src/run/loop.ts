import type { FaultCode } from '../core/faults.ts'
import type { Millis } from '../core/instant.ts'
import type { Timer } from '../ports/clock.ts'
import { DEFECT } from '../ports/log.ts'
import { StoreFault, type Topic, type Wake } from '../ports/store.ts'
import type { Tools } from '../ports/tools.ts'
import { defect, defectOver } from './defect.ts'
import { ticks } from './ticks.ts'

export interface LoopTools extends Tools {
  readonly wake: Wake
  /** Nothing is done before this resolves: people must be able to look in while a backlog is worked off. */
  readonly begins?: Promise<void>
  /** Least time between the beginnings of two turns, however often it is rung; absent: none. */
  readonly spacing?: Millis
}

export interface Loop {
  /** Ends the loop; resolves when work under way is done. */
  stop(): Promise<void>
}

/**
 * Does `work` when one of the topics rings, and every `every` milliseconds whether or not anything rang (a lost ring
 * costs one interval, never a row). Never twice at once. What `work` throws is told and counted, and the loop goes on: one
 * task's trouble never stops another. A defect stands until a whole turn goes well.
 * @param atMost how long it may sleep now, where something is known to come sooner
 */
export function startLoop(
  name: string,
  topics: readonly Topic[],
  every: Millis,
  work: () => Promise<void>,
  { clock, wake, log, metrics, begins, spacing = 0 }: LoopTools,
  atMost: () => Millis = () => every,
): Loop {
  let timer: Timer | undefined
  let running: Promise<void> | undefined
  let rung = false
  let stopped = false
  let begun = begins === undefined
  let failing: FaultCode | undefined
  let last = Number.NEGATIVE_INFINITY

  const once = async (): Promise<void> => {
    try {
      await work()
      if (failing) defectOver({ log }, failing, name)
      failing = undefined
    } catch (error) {
      const fault = error instanceof StoreFault ? error.code : 'task-failed'
      metrics.count('bleepbridge_restarts_total', { task: name })
      if (failing !== undefined && failing !== fault) defectOver({ log }, failing, name)
      failing = fault
      // The database may refuse one task and serve all others, so the fault names this task.
      if (error instanceof StoreFault) log.error(DEFECT, { fault, subject: name, error })
      else defect({ log, metrics }, 'task-failed', name, error)
    }
  }
  const turn = (): void => {
    if (stopped || !begun) return
    if (running) {
      rung = true
      return
    }
    timer?.cancel()
    // Never longer than that, even where the clock went back.
    const early = Math.min(spacing, last + spacing - ticks(clock))
    if (early > 0) {
      timer = clock.after(early, turn)
      return
    }
    last = ticks(clock)
    running = once().then(() => {
      running = undefined
      if (stopped) return
      timer = clock.after(rung ? 0 : Math.min(every, atMost()), turn)
      rung = false
    })
  }
  const offs = topics.map((topic) => wake.on(topic, turn))
  if (begun) timer = clock.after(0, turn)
  void begins?.then(() => {
    begun = true
    turn()
  })
  return {
    async stop() {
      stopped = true
      timer?.cancel()
      for (const off of offs) off()
      await running
    },
  }
}
