import { defineConfig } from 'vitest/config'

/**
 * Only the tests that speak of the code being mutated, in one worker that they share: a run starts it once for each
 * change, thousands of times, and what is under test is pure, so that no test can leave anything behind for the next.
 */
export default defineConfig({
  test: {
    include: ['test/core/bleep/**/*.test.ts', 'test/core/alert/**/*.test.ts'],
    pool: 'threads',
    isolate: false,
    maxWorkers: 1,
    testTimeout: 10_000,
  },
})
