import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Screens name their one library by the address that the server gives it.
  resolve: {
    alias: {
      '/vendor/lit-html.js': 'lit-html',
      '/vendor/directives/repeat.js': 'lit-html/directives/repeat.js',
    },
  },
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['./test/support/reporter.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
