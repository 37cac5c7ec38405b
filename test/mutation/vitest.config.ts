import { defineConfig } from 'vitest/config'

/** Only the tests that speak of the code being mutated, so that a run takes minutes. */
export default defineConfig({
  test: {
    include: ['test/core/bleep/**/*.test.ts', 'test/core/alert/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 10_000,
  },
})
