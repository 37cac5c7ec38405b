import { ring } from '../shared/ring.js'

/** @import { Task } from './pages.d.ts' */

/** Between two soundings of the alarm. */
export const ALARM_EVERY = 8000
/** How long one press keeps an alarm quiet. Acting on the call ends it; nothing else ends it for good. */
export const QUIET = { act: 60_000, prompt: 120_000, soon: 0 }
const LOUDNESS = /** @type {const} */ (['emergency', 'urgent', 'routine'])
const KEPT = 'alarms-silenced'

/**
 * Alarms that were silenced, and until when. A reload does not forget them: nobody is to be startled twice by one thing.
 * @param {Pick<Storage, 'getItem' | 'setItem'>} storage
 */
export function createAlarm(storage) {
  /** @type {Map<string, number>} */
  const silenced = new Map(read(storage))
  const keep = () => storage.setItem(KEPT, JSON.stringify([...silenced]))

  /**
   * @param {Task} task
   * @param {number} now
   */
  const quietFor = (task, now) => Math.max(0, (silenced.get(task.key) ?? 0) - now)

  return {
    quietFor,
    /**
     * Those that sound now.
     * @param {readonly Task[]} tasks
     * @param {number} now
     */
    sounding: (tasks, now) => tasks.filter((t) => t.sounds !== undefined && quietFor(t, now) === 0),
    /**
     * @param {readonly Task[]} tasks
     * @param {number} now
     */
    silence(tasks, now) {
      for (const [key, until] of silenced) if (until <= now) silenced.delete(key)
      for (const task of tasks) silenced.set(task.key, now + QUIET[task.level])
      keep()
    },
  }
}

/**
 * @param {Pick<Storage, 'getItem'>} storage
 * @returns {[string, number][]}
 */
function read(storage) {
  try {
    const kept = JSON.parse(storage.getItem(KEPT) ?? '[]')
    return Array.isArray(kept) ? kept : []
  } catch {
    return []
  }
}

/**
 * One sounding: the loudest of what waits.
 * @param {readonly Task[]} sounding
 */
export function sound(sounding) {
  const loudest = LOUDNESS.find((sounds) => sounding.some((t) => t.sounds === sounds))
  if (loudest !== undefined) ring(loudest)
}
