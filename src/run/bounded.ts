import type { Millis } from '../core/instant.ts'
import type { Tools } from '../ports/tools.ts'

/**
 * Waits for a part to end, and no longer than it is given: a client that holds on, a copy half made, a library that never
 * answers must not keep a daemon from stopping. What did not end, or failed to, is named in the log.
 */
export function bounded({ clock, log }: Pick<Tools, 'clock' | 'log'>) {
  return (part: string, ms: Millis, ended: Promise<unknown>): Promise<void> =>
    new Promise((done) => {
      const late = clock.after(ms, () => {
        log.warn('stop-unfinished', { part })
        done()
      })
      const over = (): void => {
        late.cancel()
        done()
      }
      ended.then(over, () => {
        log.warn('stop-failed', { part })
        over()
      })
    })
}
