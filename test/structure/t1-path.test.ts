import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Fifty before the line kit: whoever follows a call from its bytes to its ACK reads no more files than this. */
const MOST = 35

test('T1 on an ESPA block enters few files', () => {
  const script = fileURLToPath(new URL('t1-path.ts', import.meta.url))
  const run = spawnSync(process.execPath, [script], { encoding: 'utf8' })
  expect(run.stderr).toBe('')
  const files = run.stdout.trim().split('\n')
  // What must be there for the count to mean anything.
  for (const must of ['src/core/line/espa444/slave.ts', 'src/run/line/ingest.ts', 'src/core/bleep/merge.ts'])
    expect(files).toContain(must)
  expect(files.length, files.join('\n')).toBeLessThanOrEqual(MOST)
})
