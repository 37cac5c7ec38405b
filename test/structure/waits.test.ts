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
