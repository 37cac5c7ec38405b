import { closeSync, fdatasync, openSync } from 'node:fs'

/** Makes the write-ahead log durable, for every transaction that is in it. */
export interface WalSync {
  /** Settles when everything committed before this call is on the disk; rejects where the disk says that it is not. */
  done(): Promise<void>
  close(): void
}

/**
 * A commit is durable once the log is synced. The syncs run beside the thread that works, one at a time: whoever commits
 * while one is under way shares the next, so that a slow disk costs each page two syncs at most and the lines none.
 */
export function walSync(log: string): WalSync {
  let file: number | undefined
  let under: Promise<void> | undefined
  let next: Promise<void> | undefined

  const sync = (): Promise<void> =>
    new Promise((resolve, reject) => {
      file ??= openSync(log, 'r')
      fdatasync(file, (error) => (error ? reject(error) : resolve()))
    })
  return {
    done() {
      // A sync that has begun may have missed us: the next one covers us.
      next ??= (under ?? Promise.resolve())
        .catch(() => undefined)
        .then(() => {
          under = next
          next = undefined
          return sync()
        })
        .finally(() => {
          under = undefined
        })
      return next
    },
    close() {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
}
