import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What starts processes takes longest and begins first, so that nothing long is left over at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const known = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => moduleId.includes('/test/e2e/')
    return [...known.filter(isLong), ...known.filter((one) => !isLong(one))]
  }
}

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
    sequence: { sequencer: LongestFirst },
    // Files that start daemons, browsers and servers wait for a third of their time: one more than there are processors.
    maxWorkers: availableParallelism() + 1,
    // Limits for what never comes, not bounds: a wait that ends well costs only what it took, and a busy machine takes long.
    testTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // A real process or browser that a shared machine starves is given one more try there, and nowhere else.
    retry: process.env.CI === undefined ? 0 : 1,
    hookTimeout: 180_000,
  },
})
