import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { MUTANTS } from './mutants.ts'

/**
 * Puts each mutant of `mutants.ts` in, runs the tests that must notice it, and takes it out again; ends with 1 when one
 * lives. Run on a clean tree: `node test/mutation/named.ts`.
 */
const OPTIONS = ['run', '--root', '.', '--config', 'test/vitest.config.ts', '--bail=1', '--maxWorkers=1']
const passes = (tests: string): boolean =>
  spawnSync('npx', ['--no', 'vitest', ...OPTIONS, ...tests.split(' ')], { stdio: 'ignore' }).status === 0

for (const tests of new Set(MUTANTS.map((mutant) => mutant.tests)))
  if (!passes(tests)) throw new Error(`${tests} does not pass as it is, so it can tell nothing`)

let lived = 0
for (const { name, file, from, to, tests } of MUTANTS) {
  const text = readFileSync(file, 'utf8')
  let lives: boolean
  try {
    writeFileSync(file, text.replace(from, to))
    lives = passes(tests)
  } finally {
    writeFileSync(file, text)
  }
  if (lives) lived += 1
  process.stdout.write(`${lives ? 'LIVES' : 'dies '}  ${name}\n`)
}
process.exitCode = lived > 0 ? 1 : 0
