import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { EN_GB, SCREENS } from '../../../src/core/catalogue/en-GB.ts'
import { fill } from '../../../src/core/catalogue/fill.ts'
import { sayIn } from '../../../src/core/catalogue/say.ts'

test('gaps are filled, and what is not given leaves nothing behind', () => {
  expect(fill('Call {number} before {to}.', { number: '2222', to: '09:30' }, 'en-GB').join('')).toBe(
    'Call 2222 before 09:30.',
  )
  expect(fill('Called{times}', {}, 'en-GB').join('')).toBe('Called')
})

test('a number takes the form that its language has for it', () => {
  const calls = '{n|one:# call|other:# calls}'
  expect(fill(calls, { n: 1 }, 'en-GB').join('')).toBe('1 call')
  expect(fill(calls, { n: 0 }, 'en-GB').join('')).toBe('0 calls')
  const galwad = '{n|two:# alwad|few:# galwad|other:# o alwadau}'
  expect([2, 3, 7].map((n) => fill(galwad, { n }, 'cy').join(''))).toEqual([
    '2 alwad',
    '3 galwad',
    '7 o alwadau',
  ])
})

test('a value may be markup: it stays its own piece', () => {
  const mark = { strong: '4421' }
  expect(fill('Call {number} now', { number: mark }, 'en-GB')).toEqual(['Call ', mark, ' now'])
})

test('what another language does not say yet is said in English', () => {
  const say = sayIn('cy', { frame: { board: 'Bwrdd' } })
  expect(say('frame.board')).toBe('Bwrdd')
  expect(say('board.coming')).toBe('Coming')
})

test('every sentence is whole: no double blank, no gap without a name, no American spelling', () => {
  const texts = Object.entries(EN_GB).flatMap(([subject, words]) =>
    Object.entries(words).map(([name, text]) => [`${subject}.${name}`, text] as const),
  )
  // What a command prints stands in columns.
  const faults = texts.filter(
    ([key, text]) =>
      (!key.startsWith('cli.') && / {2}/.test(text)) ||
      /\{\}|\{ |\b(color|center|organiz|canceled)/i.test(text),
  )
  expect(faults).toEqual([])
})

test('no sentence stands there that nothing says', () => {
  const src = fileURLToPath(new URL('../../../src/', import.meta.url))
  const code = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.([jt]s|html)$/.test(file) && !file.includes('en-GB'))
    .map((file) => readFileSync(`${src}${file}`, 'utf8'))
    .join('\n')
  // These are said by a name that is worked out.
  const { reasons: _, card: __, unclear: ___, ...subjects } = EN_GB
  const unsaid = Object.entries(subjects).flatMap(([subject, words]) =>
    Object.keys(words)
      // A frame names what the server fills in.
      .filter((name) => !code.includes(`'${subject}.${name}'`) && !code.includes(`{${subject}.${name}}`))
      .map((name) => `${subject}.${name}`),
  )
  expect(unsaid).toEqual([])
})

test('screens say only what they are sent', () => {
  const web = fileURLToPath(new URL('../../../src/web/', import.meta.url))
  const said = readdirSync(web, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [...readFileSync(`${web}${file}`, 'utf8').matchAll(/\b(?:say|put)\(\s*'(\w+)\.\w+'/g)])
    .map(([, subject = '']) => subject)
  expect(said.length).toBeGreaterThan(100)
  expect([...new Set(said)].filter((subject) => !(subject in SCREENS))).toEqual([])
})
