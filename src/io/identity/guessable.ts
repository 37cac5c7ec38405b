import { Worker } from 'node:worker_threads'

/** Words of ours that a guess would begin with. */
const OURS = ['bleep', 'bridge', 'bleepbridge', 'pager', 'switchboard', 'hospital', 'nhs']

/**
 * Whether a password is known or soon guessed: one of the tens of thousands that leaks show most often, in whatever
 * spelling; rows of the keyboard, repeats, dates; or what this is about. In a thread that ends with the answer: the lists
 * take 50 ms to set up, and more memory than the daemon should rest on.
 */
export function guessable(password: string, about: readonly string[]): Promise<boolean> {
  return new Promise((done, broken) => {
    const worker = new Worker(new URL('./guess-worker.ts', import.meta.url), {
      workerData: { password, about: [...OURS, ...about] },
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    })
    worker.once('message', done)
    worker.once('error', broken)
    worker.once('exit', (code) => broken(new Error(`the thread that guesses passwords ended with ${code}`)))
  })
}
