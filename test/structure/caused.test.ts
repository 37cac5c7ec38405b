import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { FAULTS, type FaultCode, isStanding } from '../../src/core/faults.ts'

/*
 * Every fault that can stand is brought about by a test: one that names it, and runs a file of ours that tells it. A test
 * of the table alone runs none, because what tells a fault names its code as a word of its own.
 */
const NAMED_ONLY =
  /core\/(faults|catalogue\/|measure\/night)|test\/(structure|core\/faults-page|run\/watch\/one-table)/
/** Processes of their own run everything. */
const WHOLE = /real-daemon\.ts'|bleepd\.js'|demo\/daemon\.ts'/

const textOf = new Map(
  ['src', 'test', 'hardware'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name))
      .map((path) => [path, readFileSync(path, 'utf8')] as const),
  ),
)
const importsOf = (path: string): readonly string[] =>
  [...(textOf.get(path) ?? '').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)]
    .map(([, to = '']) => resolve(dirname(path), to).slice(process.cwd().length + 1))
    .filter((to) => textOf.has(to))

const reached = new Map<string, ReadonlySet<string>>()
/** Every file that a test runs, itself included. */
function runBy(path: string): ReadonlySet<string> {
  const known = reached.get(path)
  if (known) return known
  const all = new Set([path])
  for (const one of all) for (const next of importsOf(one)) all.add(next)
  reached.set(path, all)
  return all
}

/** The words of each file that may be codes. */
const wordsOf = new Map(
  [...textOf].map(([path, text]) => [
    path,
    new Set([...text.matchAll(/['"`\s/]([a-z]+(?:-[a-z]+)*)(?=['"`\s])/g)].map(([, word = '']) => word)),
  ]),
)
const names = (path: string, code: FaultCode): boolean =>
  wordsOf.get(path)?.has(code) === true && !NAMED_ONLY.test(path)
const STANDING = (Object.keys(FAULTS) as FaultCode[]).filter(isStanding)
const wholes = new Set([...textOf].filter(([, text]) => WHOLE.test(text)).map(([path]) => path))
const isWhole = (path: string): boolean => wholes.has(path)
const paths = [...textOf.keys()]

test('every fault that can stand is caused by a test in what tells it', () => {
  const tests = paths.filter((path) => path.endsWith('.test.ts'))
  const uncaused = STANDING.filter((code) => {
    const tells = paths.filter((path) => path.startsWith('src/') && names(path, code))
    return !tests.some((path) => {
      const ran = runBy(path)
      const named = [...ran].some((one) => one.startsWith('test/') && names(one, code))
      return named && (tells.some((one) => ran.has(one)) || [...ran].some((one) => isWhole(one)))
    })
  })
  expect(uncaused).toEqual([])
})
