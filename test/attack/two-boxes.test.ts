import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeFolder } from '../support/folders.ts'

/* The command that sets two boxes up: it lets nobody in from another machine without a password, and nobody but the two. */

const SET_UP = fileURLToPath(new URL('../../hardware/packaging/two-boxes.sh', import.meta.url))
const installed = existsSync('/usr/lib/postgresql')
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'two-boxes-'))
})
afterEach(() => removeFolder(folder))

const run = (...words: string[]) => {
  const { status, stderr } = spawnSync('sh', [SET_UP, ...words], {
    env: { PATH: process.env.PATH, DATA: join(folder, 'data') },
    encoding: 'utf8',
  })
  return { status, stderr, made: readdirSync(folder) }
}

test.skipIf(!installed).each([
  ['first', '10.0.0.1', '10.0.0.2'],
  ['second', '10.0.0.2', '10.0.0.1'],
  ['first', '127.0.0.1', '10.127.0.5'],
  ['first', '10.0.0.1', '127.0.0.1'],
  ['first', '192.0.2.127.', '127.0.0.1'],
  ['first', 'localhost', '127.0.0.1'],
])('without a password %s %s %s sets nothing up', (...words) => {
  expect(run(...words)).toMatchObject({ status: 78, made: [] })
})

test('an odd word, or one too few, does nothing but say how it is used', () => {
  for (const words of [[], ['first'], ['first', '10.0.0.1'], ['--help'], ['promote'], ['First', 'a', 'b']])
    expect(run(...words)).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('two-boxes.sh'),
      made: [],
    })
})
