import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Mutants that once outlived the tests of their own part, each with the tests that must now notice it. Puts one in, runs
 * those tests, takes it out again; ends with 1 when one lives. Run on a clean tree: `node test/mutation/named.ts`.
 */
const MUTANTS: readonly (readonly [name: string, file: string, from: string, to: string, tests: string])[] = [
  [
    ...(['a page overtakes held ones', 'src/run/line/feed.ts'] as const),
    ...(['if (waiting.length > 0) return hold(it)', '', 'test/run/line'] as const),
  ],
  [
    ...(['remembered pages have no bound', 'src/run/line/feed.ts'] as const),
    ...(['if (bleeps.size > REMEMBER)', 'if (false)', 'test/run/line'] as const),
  ],
  [
    ...(['the latest page is forgotten, not the oldest', 'src/run/line/feed.ts'] as const),
    ...(['.next().value ?? ref', '.next().value && ref', 'test/run/line'] as const),
  ],
  [
    ...(['back-off goes on after a sound link', 'src/run/line/port.ts'] as const),
    ...(['if (at - openedAt >= SOUND_AFTER) tries = 0', '', 'test/run/line'] as const),
  ],
  [
    ...(['an ignored due row is not mended', 'src/run/alert/alert-rows.ts'] as const),
    ...([
      '  else await tx.due.set([{ alert: alert.id, name: event.name, at }])',
      '',
      'test/run/alert',
    ] as const),
  ],
  [
    ...(['an ignored due row that nobody wants stays', 'src/run/alert/alert-rows.ts'] as const),
    ...(['await tx.due.forget(alert.id, [event.name])', 'void 0', 'test/run/alert'] as const),
  ],
  [
    ...(['the board is told at every event', 'src/io/http/stream.ts'] as const),
    ...(["this.#kind === 'operator' ? BOARD_PAUSE : 0", '0', 'test/io/http/stream.test.ts'] as const),
  ],
  [
    ...(['the board has no order', 'src/run/desk/board.ts'] as const),
    ...(['shown.sort(byOrder)', 'shown', 'test/io/http/board-order.test.ts'] as const),
  ],
  [
    ...(['the phone says that everybody is coming', 'src/web/app/alert.js'] as const),
    ...(['card.coming.includes(r.person) && r.person', 'r.person', 'test/web'] as const),
  ],
  [
    ...(['the board says that everybody is coming', 'src/web/console/people.js'] as const),
    ...(['.filter((r) => card.coming.includes(r.person))', '', 'test/web'] as const),
  ],
  [
    ...(['a receipt moves no attempt', 'src/core/deliver/attempt.ts'] as const),
    ...(['const next = move(attempt, input.stage)', 'const next = attempt', 'test/core/deliver'] as const),
  ],
  [
    ...(['a receipt stamps no hop', 'src/core/deliver/attempt.ts'] as const),
    ...(['next === attempt ? []', 'true ? []', 'test/core/deliver'] as const),
  ],
]

const OPTIONS = ['run', '--root', '.', '--config', 'test/vitest.config.ts', '--bail=1', '--maxWorkers=1']
const passes = (tests: string): boolean =>
  spawnSync('npx', ['--no', 'vitest', ...OPTIONS, ...tests.split(' ')], { stdio: 'ignore' }).status === 0

for (const tests of new Set(MUTANTS.map((mutant) => mutant[4])))
  if (!passes(tests)) throw new Error(`${tests} does not pass as it is, so it can tell nothing`)

let lived = 0
for (const [name, file, from, to, tests] of MUTANTS) {
  const text = readFileSync(file, 'utf8')
  if (!text.includes(from)) throw new Error(`${name}: ${file} does not say ${from}`)
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
