import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

const db = new DatabaseSync(workerData)
db.exec('pragma synchronous = normal')
parentPort?.on('message', () => {
  try {
    // Passive: it never makes a writer or a reader wait, and does what it can.
    db.exec('pragma wal_checkpoint(passive)')
  } finally {
    parentPort?.postMessage('done')
  }
})
