import { mutate } from './areas.ts'

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/fast.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  mutate,
  tsconfigFile: 'test/mutation/no-tsconfig.json',
  coverageAnalysis: 'perTest',
  ignoreStatic: false,
  concurrency: Number(process.env.CONCURRENCY ?? 2),
  timeoutMS: 5000,
  tempDirName: '.stryker-tmp',
  cleanTempDir: 'always',
  reporters: ['clear-text', 'progress'],
  clearTextReporter: { allowColor: false, reportTests: false },
}
