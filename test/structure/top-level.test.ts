import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const kept = existsSync(join(root, '.git'))
  ? execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').slice(0, -1)
  : []
const here = kept.filter((path) => existsSync(join(root, path)))

test.runIf(here.length > 0)('the top level holds what the README names and nothing that was built', () => {
  const folders = new Set(here.filter((path) => path.includes('/')).map((path) => path.split('/', 1)[0]))
  expect([...folders].filter((name) => !name?.startsWith('.')).toSorted()).toEqual([
    'config',
    'hardware',
    'src',
    'test',
  ])
  const files = here.filter((path) => !path.includes('/') && !path.startsWith('.'))
  expect(files.toSorted()).toEqual([
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'package-lock.json',
    'package.json',
    'tsconfig.json',
  ])
})

test.runIf(here.length > 0)('no file that is kept is a megabyte', () => {
  expect(here.filter((path) => statSync(join(root, path)).size >= 1_000_000)).toEqual([])
})
