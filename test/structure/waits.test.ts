import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Where everything runs on a clock of the test's own: time passes when the test says so, and on a busy machine no sooner. */
const ON_ITS_OWN_CLOCK = 'test/{config,core,golden,property,run,scenario,structure,web}/**/*.test.ts'
const WAITS = /\b(setTimeout|setInterval|sleep)\(|timers\/promises'|\bsystemClock\b/
/** The next turn of the event loop is no time. */
const A_TURN = /setImmediate(?: as \w+)? \} from 'node:timers\/promises'/

test('no test of what is decided waits on the wall clock', () => {
  const files = globSync(ON_ITS_OWN_CLOCK)
  expect(files.length).toBeGreaterThan(200)
  const waits = files.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, i) =>
        WAITS.test(line) && !A_TURN.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : [],
      ),
  )
  expect(waits.filter((one) => !/structure\/(waits|imports)/.test(one))).toEqual([])
})

/** A limit is for what never comes: a machine that is shared takes ten times as long for what does, milliseconds. */
const LEAST = 20_000

test('no test is hasty, or takes a port that anybody may be given', () => {
  const hasty = globSync('test/**/*.ts', { exclude: ['test/bench/**', 'test/structure/**'] }).flatMap(
    (path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line, i) => {
          const limit = /\btimeout: ([\d_]+)/.exec(line)?.[1]?.replaceAll('_', '')
          const short = limit !== undefined && Number(limit) < LEAST && !line.includes('new DatabaseSync(')
          const shared = line.includes('demo/free-port.ts') && !path.endsWith('support/ports.ts')
          return short || shared || line.includes('setDefaultTimeout(')
            ? [`${path}:${i + 1} ${line.trim()}`]
            : []
        }),
  )
  expect(hasty).toEqual([])
})
