/**
 * What is mutated, and the tests that have to notice. `AREA=run/line npm run mutate` takes one; without it, the two of
 * `core` that decide about bleeps and alerts.
 */
/** The scores but those that play a whole night or month, or the filing, which wait for nothing that is changed here. */
const scores = 'test/scenario/!(filing|locked|month|night).test.ts'

const AREAS: Readonly<Record<string, { readonly mutate: string[]; readonly tests: string[] }>> = {
  'core/bleep': {
    mutate: ['src/core/bleep/**/*.ts', '!src/core/bleep/uk-starter.ts'],
    tests: ['test/core/bleep/**/*.test.ts'],
  },
  'core/alert': { mutate: ['src/core/alert/**/*.ts'], tests: ['test/core/alert/**/*.test.ts'] },
  'core/deliver': { mutate: ['src/core/deliver/**/*.ts'], tests: ['test/core/deliver/**/*.test.ts'] },
  'run/line': {
    mutate: ['src/run/line/**/*.ts'],
    tests: [
      'test/run/line/**/*.test.ts',
      'test/run/{defects,straight}.test.ts',
      'test/scenario/{better-copy,joined}.test.ts',
    ],
  },
  'run/alert': {
    mutate: ['src/run/alert/**/*.ts'],
    tests: ['test/run/alert/**/*.test.ts', 'test/run/{adopt,elsewhere,straight}.test.ts', scores],
  },
  'run/deliver': {
    mutate: ['src/run/deliver/**/*.ts'],
    tests: ['test/run/deliver/**/*.test.ts', 'test/run/straight.test.ts', scores],
  },
  'io/http': { mutate: ['src/io/http/**/*.ts'], tests: ['test/io/http/**/*.test.ts'] },
}

const chosen = (process.env.AREA ?? 'core/bleep,core/alert').split(',').map((name) => {
  const area = AREAS[name]
  if (area === undefined) throw new Error(`no area ${name}: ${Object.keys(AREAS).join(' ')}`)
  return area
})

export const mutate = chosen.flatMap((area) => area.mutate)
export const tests = chosen.flatMap((area) => area.tests)
