import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

/** The log is copied back into the database when it is larger than this, bytes. */
const LARGE = 1 << 20
/** The size is looked at after so many commits. */
const LOOK = 16
/** The file stays as large as it once was: where it has not grown, so many commits are waited for. */
const WRITTEN = 128
/** A thread that has had nothing to do for so long ends and gives its memory back, milliseconds: it takes 10 MB and more. */
const QUIET = 30_000

export interface Checkpoints {
  /** Something was committed. */
  committed(): void
  close(): Promise<void>
}

/** Copies the log back in a thread of its own, because it waits for the disk twice and no page may wait with it. */
export function checkpoints(path: string, quietFor = QUIET): Checkpoints {
  let commits = 0
  let copied = { at: 0, size: 0 }
  let worker: Worker | undefined
  let busy = false
  let quiet: NodeJS.Timeout | undefined
  const end = async (): Promise<void> => {
    clearTimeout(quiet)
    const ended = worker
    worker = undefined
    await ended?.terminate()
  }
  const work = (): void => {
    busy = true
    clearTimeout(quiet)
    if (!worker) {
      const made = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), {
        workerData: path,
        resourceLimits: { maxOldGenerationSizeMb: 16 },
      })
      made.unref()
      made.on('message', () => {
        busy = false
        quiet = setTimeout(() => void end(), quietFor).unref()
      })
      // SQLite's own checkpoints, on the thread that works, are far behind it: a later try makes a new thread.
      made.on('error', () => {
        busy = false
        worker = undefined
      })
      worker = made
    }
    worker.postMessage('now')
  }
  return {
    committed() {
      commits += 1
      if (commits % LOOK !== 0 || busy) return
      const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
      if (log === undefined || log.size <= LARGE) return
      if (log.size === copied.size && commits - copied.at < WRITTEN) return
      copied = { at: commits, size: log.size }
      work()
    },
    close: end,
  }
}
