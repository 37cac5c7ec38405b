import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { released } from './change-log.ts'

/*
 * Makes a release: node hardware/packaging/release.ts 0.2.0
 * The change log's "Unreleased" becomes that version, package.json and its lock follow, and a commit and a tag hold both.
 * Pushes nothing. Refuses a tree with changes, a version that is no later one, and a change log that says nothing.
 */
const root = fileURLToPath(new URL('../..', import.meta.url))
const [version = ''] = process.argv.slice(2)
const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' })

if (git('status', '--porcelain') !== '') throw new Error('the tree has changes: commit them first')
const manifest = `${root}/package.json`
const text = readFileSync(manifest, 'utf8')
const was = /"version": "([^"]+)"/.exec(text)?.[1] ?? '0.0.0'
const log = `${root}/CHANGELOG.md`
writeFileSync(log, released(readFileSync(log, 'utf8'), was, version, new Date().toISOString().slice(0, 10)))
execFileSync('npm', ['version', version, '--no-git-tag-version'], { cwd: root, stdio: 'ignore' })
git('add', 'CHANGELOG.md', 'package.json', 'package-lock.json')
git('commit', '-m', `Release ${version}`)
git('tag', '-a', `v${version}`, '-m', `Bleep Bridge ${version}`)
process.stdout.write(`v${version} is tagged; build its packages, prove them, then push the tag\n`)
