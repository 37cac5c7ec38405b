import { Worker } from 'node:worker_threads'
import type { Sealer } from '../../ports/requests.ts'

/**
 * Files in the age format (age-encryption.org/v1), locked with a passphrase: any age program opens them. Deriving the key
 * takes a second of a processor, so that a passphrase cannot be guessed in bulk: it is done in a thread of its own.
 */
export const ageSealer: Sealer = {
  seal: (plain, passphrase) =>
    new Promise((done, broken) => {
      const worker = new Worker(new URL('./age-worker.ts', import.meta.url), {
        workerData: { plain, passphrase },
        resourceLimits: { maxOldGenerationSizeMb: 512 },
      })
      worker.once('message', done)
      worker.once('error', broken)
      worker.once('exit', (code) => broken(new Error(`the sealing thread ended with ${code}`)))
    }),
}
