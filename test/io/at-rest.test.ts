import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runProgram } from '../support/program.ts'

const LEAN = JSON.stringify(fileURLToPath(new URL('../../src/cli/lean.ts', import.meta.url)))
/** The launcher's (src/bleepd.js): the heap is marked for nothing below some hundred megabytes. */
const FLAGS = ['--max-semi-space-size=8', '--no-maglev', '--initial-heap-size=128']

/** Whether garbage of some forty megabytes is looked for after a minute spent as `minute` does. */
async function looked(minute: string): Promise<boolean> {
  const script = `
    import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
    const { collectAtRest } = await import(${LEAN})
    let marked = 0
    const young = 1
    new PerformanceObserver((seen) => {
      for (const { detail } of seen.getEntries()) if (detail.kind !== young) marked += 1
    }).observe({ entryTypes: ['gc'] })
    await turn()
    const each = collectAtRest()
    ${minute}
    each()
    const kept = []
    for (let i = 0; i < 60; i++) {
      kept.push(Array.from({ length: 20_000 }, (_, n) => ({ n })))
      if (kept.length > 8) kept.shift()
      await pause(1)
    }
    await pause(1)
    await turn()
    console.log(marked > 0)
  `
  const { code, output } = await runProgram(process.execPath, [...FLAGS, '--input-type=module', '-e', script])
  expect(code).toBe(0)
  return output.trim() === 'true'
}

test('garbage is looked for after a few megabytes at rest, and after a minute of work at the bound alone', async () => {
  expect(await looked('await pause(200)')).toBe(true)
  expect(await looked('for (const end = performance.now() + 50; performance.now() < end; );')).toBe(false)
})
