import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeFolder } from '../support/folders.ts'

/* The command that sets two boxes up starts nothing without a password, or with words that would be read as others. */

const SET_UP = fileURLToPath(new URL('../../hardware/packaging/two-boxes.sh', import.meta.url))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'two-boxes-'))
})
afterEach(() => removeFolder(folder))

const run = (words: readonly string[], password?: string) => {
  const { status, stderr } = spawnSync('sh', [SET_UP, ...words], {
    env: {
      PATH: process.env.PATH,
      DATA: join(folder, 'data'),
      ...(password === undefined ? {} : { PASSWORD: password }),
    },
    encoding: 'utf8',
  })
  return { status, stderr, made: readdirSync(folder) }
}
const BOX = ['box', '10.0.0.1', '10.0.0.2', '10.0.0.3']

test.each([undefined, '', "it's", 'a b', 'a:b', 'a@b', 'a"b', 'a\nb', '$(id)', 'é'])(
  'with %j for a password nothing is set up',
  (password) => {
    for (const words of [BOX, ['vote', ...BOX.slice(1)]])
      expect(run(words, password)).toMatchObject({
        status: 78,
        stderr: expect.stringContaining('PASSWORD'),
        made: [],
      })
  },
)

test('an odd word, or one too few or too many, does nothing but say how it is used', () => {
  for (const words of [
    [],
    ['box'],
    BOX.slice(0, 3),
    [...BOX, '10.0.0.4'],
    ['--help'],
    ['Box', ...BOX.slice(1)],
    ['box', 'localhost', '10.0.0.2', '10.0.0.3'],
    ['box', '10.0.0.1', "10.0.0.2'; id; '", '10.0.0.3'],
    ['box', '10.0.0.1', '10.0.0.2 10.0.0.5', '10.0.0.3'],
    ['box', '10.0.0.1', '', '10.0.0.3'],
    ['box', '10.0.0.1', '10.0.0.1', '10.0.0.3'],
  ])
    expect(run(words, 'secret')).toMatchObject({ status: 64, stderr: expect.any(String), made: [] })
})
