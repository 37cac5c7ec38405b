import { expect, test } from 'vitest'
import { linked } from '../../../src/io/http/link.ts'

const run = (files: Readonly<Record<string, string>>, entry = '/app/main.js'): unknown => {
  const text = linked(entry, (path) => {
    const file = files[path]
    if (file === undefined) throw new Error(`no file ${path}`)
    return file
  })
  return new Function('out', `${text}\nreturn out`)({})
}

test('modules run once each, in the order in which they need one another, with names of their own', () => {
  const said: string[] = []
  Reflect.set(globalThis, 'said', said)
  run({
    '/app/main.js': `import { one as first } from './one.js'
import {
  two,
} from '../shared/two.js'
const own = 'main'
said.push(own, first(), two)
`,
    '/app/one.js': `import { two } from '../shared/two.js'
said.push('one runs')
const own = 'one'
export function one() { return own + two }
`,
    '/shared/two.js': `said.push('two runs')
const own = 'two'
export const two = own
`,
  })
  expect(said).toEqual(['two runs', 'one runs', 'main', 'onetwo', 'two'])
})

test('names given at the end of a file, and under other names, as libraries do', () => {
  const out = run({
    '/app/main.js': `import { html, nothing } from '/vendor/lit.js'
out.html = html
out.nothing = nothing
`,
    '/vendor/lit.js': `const a=1,b=2;export{a as html,b as nothing};
${'//'}# sourceMappingURL=lit.js.map
`,
  })
  expect(out).toEqual({ html: 1, nothing: 2 })
})

test.each([
  `import one from './one.js'`,
  `import * as one from './one.js'`,
  `import './one.js'`,
  `export default 1`,
  `export let one = 1`,
  `export * from './one.js'`,
])('a form that is not understood is refused, never guessed: %s', (line) => {
  expect(() => run({ '/app/main.js': `${line}\n`, '/app/one.js': '' })).toThrow('not understood')
})

test('everything that a module may give is given, and nothing that only looks so', () => {
  const out = run({
    '/app/main.js': `import { a, b as second, C, d, e } from './parts.js'
out.all = [a(), second, new C().c, d, e().next().value]
`,
    '/app/parts.js': `export async function f() {}
export function a() { return 'a' }
export const b = 'b'
export class C { c = 'c' }
const given = 'd' // export { nothing }
export { given as d, };
export function* e() { yield 'e' }
`,
  })
  expect(out).toEqual({ all: ['a', 'b', 'c', 'd', 'e'] })
})

test('a module that two others need is one, by whatever path they name it', () => {
  const out = run({
    '/app/main.js': `import { add } from "./deep/one.js"
import { count } from '/shared/count.js'
add()
out.n = count.n
`,
    '/app/deep/one.js': `import { count } from '../../shared/count.js';
export const add = () => { count.n += 1 }
`,
    '/shared/count.js': `export const count = { n: 1 }
`,
  })
  expect(out).toEqual({ n: 2 })
})

test('where a text stands is told in it, and where its map would be is not', () => {
  const text = linked('/app/main.js', () => `const a = 1\n${'//'}# sourceMappingURL=main.js.map\n`)
  expect(text).toContain('// /app/main.js\n')
  expect(text).not.toContain('sourceMappingURL')
})
