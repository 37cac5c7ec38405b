import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'

test('the demonstration plays to its end, and every bleep ends as the scenario says', async () => {
  const child = spawn('npm', ['run', '-s', 'demo', '--', '--once'], {
    env: { ...process.env, NO_COLOR: '1' },
  })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  const code = await new Promise((done) => child.once('exit', done))
  expect(out).toContain(' 0 ended otherwise than the scenario says')
  expect(code).toBe(0)
}, 180_000)
