import type { Millis } from '../core/instant.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Metrics } from '../ports/metrics.ts'
import { StoreFault, type Topic, type Wake } from '../ports/store.ts'
import { defect, defectOver } from './defect.ts'

export interface LoopTools {
  readonly clock: Clock
  readonly wake: Wake
  readonly log: Log
  readonly metrics: Metrics
}

export interface Loop {
  /** Ends the loop; settles when work under way is done. */
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
  { clock, wake, log, metrics }: LoopTools,
  atMost: () => Millis = () => every,
): Loop {
  let timer: Timer | undefined
  let running: Promise<void> | undefined
  let rung = false
  let stopped = false
  let failing = false

  const once = async (): Promise<void> => {
    try {
      await work()
      if (failing) defectOver({ log }, 'task-failed', name)
      failing = false
    } catch (error) {
      metrics.count('bleepbridge_restarts_total', { task: name })
      if (error instanceof StoreFault) return log.error('loop-failed', { loop: name, fault: error.code })
      failing = true
      defect({ log, metrics }, 'task-failed', name, error)
    }
  }
  const turn = (): void => {
    if (stopped) return
    if (running) {
      rung = true
      return
    }
    timer?.cancel()
    running = once().then(() => {
      running = undefined
      if (stopped) return
      timer = clock.after(rung ? 0 : Math.min(every, atMost()), turn)
      rung = false
    })
  }
  const offs = topics.map((topic) => wake.on(topic, turn))
  timer = clock.after(0, turn)
  return {
    async stop() {
      stopped = true
      timer?.cancel()
      for (const off of offs) off()
      await running
    },
  }
}
