import { defineConfig } from 'vitest/config'
import { tests } from './areas.ts'

/**
 * Only the tests that speak of the code being mutated, in one worker that they share: a run starts it once for each
 * change, thousands of times, and each test cleans up behind itself.
 */
export default defineConfig({
  test: {
    include: tests,
    setupFiles: ['test/mutation/patience.ts'],
    pool: 'threads',
    isolate: false,
    maxWorkers: 1,
  },
})
