import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeFolder } from '../support/folders.ts'
import { runProgram } from '../support/program.ts'

/* The release script on a small tree of its own: what it tags, and what it refuses. */
let tree: string
beforeEach(async () => {
  tree = mkdtempSync(join(tmpdir(), 'release-'))
  mkdirSync(join(tree, 'hardware/packaging'), { recursive: true })
  for (const file of ['hardware/packaging/release.ts', 'hardware/packaging/change-log.ts'])
    copyFileSync(file, join(tree, file))
  const manifest = { name: 'bleep-bridge', version: '0.1.0', type: 'module' }
  writeFileSync(join(tree, 'package.json'), JSON.stringify(manifest, null, 2))
  const lock = { ...manifest, lockfileVersion: 3, requires: true, packages: { '': manifest } }
  writeFileSync(join(tree, 'package-lock.json'), JSON.stringify(lock, null, 2))
  writeFileSync(join(tree, 'CHANGELOG.md'), '# Changes\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n')
  await git('init', '--quiet')
  await git('add', '.')
  await git('commit', '--quiet', '-m', 'All')
})
afterEach(() => removeFolder(tree))

// Of nobody’s own settings: whoever signs their commits would be asked for a key.
const env = {
  ...process.env,
  ...{ HOME: '/nowhere', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.org' },
  ...{ GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.org' },
}
const git = async (...args: readonly string[]) =>
  (await runProgram('git', args, { cwd: tree, env })).output.trim()
const release = (version: string) =>
  runProgram(process.execPath, ['hardware/packaging/release.ts', version], { cwd: tree, env })
const versionOf = (file: string) => JSON.parse(readFileSync(join(tree, file), 'utf8')).version

test('a release is one commit and one tag that hold the version, its lock and its changes', async () => {
  const { code, output } = await release('0.2.0')
  expect([code, output]).toEqual([0, expect.stringContaining('v0.2.0 is tagged')])
  expect(await git('describe', '--tags', '--exact-match')).toBe('v0.2.0')
  expect(await git('log', '-1', '--format=%s')).toBe('Release 0.2.0')
  expect(await git('status', '--porcelain')).toBe('')
  expect([versionOf('package.json'), versionOf('package-lock.json')]).toEqual(['0.2.0', '0.2.0'])
  expect(readFileSync(join(tree, 'CHANGELOG.md'), 'utf8')).toMatch(
    /## \[Unreleased\]\n\n## \[0\.2\.0\] – \d{4}-\d\d-\d\d\n\n### Added\n\n- A thing\./,
  )
})

test.each([
  ['0.1.0', 'no version after'],
  ['0.2', 'no version after'],
  ['', 'no version after'],
])('%s is refused, and nothing is changed', async (version, why) => {
  const { code, output } = await release(version)
  expect([code, output]).toEqual([1, expect.stringContaining(why)])
  expect([await git('status', '--porcelain'), await git('tag')]).toEqual(['', ''])
})

test('a second release with nothing to tell, and a tree with changes, are refused', async () => {
  expect((await release('0.2.0')).code).toBe(0)
  expect((await release('0.3.0')).output).toContain('nothing is told')
  writeFileSync(join(tree, 'stray'), '')
  expect((await release('0.3.0')).output).toContain('the tree has changes')
  expect(await git('tag')).toBe('v0.2.0')
})
