import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Of those that start no process, the ones that compute longest. */
const COMPUTES = [
  'core/measure/report/',
  'core/line/readings.',
  'core/pocsag/',
  'core/exhaustive.',
  'property/',
]

/** What starts processes takes longest and begins first, then what computes long: nothing long is left over at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const known = await super.sort(files)
    const rank = ({ moduleId }: TestSpecification) =>
      moduleId.includes('/test/e2e/')
        ? 0
        : COMPUTES.some((part) => moduleId.includes(`/test/${part}`))
          ? 1
          : 2
    return known.toSorted((a, b) => rank(a) - rank(b))
  }
}

/**
 * Rooms whose tests leave nothing behind: their files share a process and what it has imported, which costs up to a second
 * of processor time in each file that begins afresh. Mutants are looked for in the same way (`mutation/fast.config.ts`).
 */
const SHARED = ['core', 'config', 'property', 'structure'].map((room) => `test/${room}/**/*.test.ts`)

export default defineConfig({
  // Screens name their one library by the address that the server gives it.
  resolve: {
    alias: {
      '/vendor/lit-html.js': 'lit-html',
      '/vendor/directives/repeat.js': 'lit-html/directives/repeat.js',
    },
  },
  test: {
    projects: [
      { extends: true, test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: SHARED } },
      { extends: true, test: { name: 'shared', include: SHARED, isolate: false } },
    ],
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
