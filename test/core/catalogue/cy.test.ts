import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { refused } from '../../../src/core/catalogue/cy/refused.ts'
import { CY } from '../../../src/core/catalogue/cy.ts'
import { faults } from '../../../src/core/catalogue/en-GB/faults.ts'
import { EN_GB } from '../../../src/core/catalogue/en-GB.ts'
import { fill } from '../../../src/core/catalogue/fill.ts'
import { FAULTS, type FaultCode } from '../../../src/core/faults.ts'
import { catalogueModule } from '../../../src/io/http/speech.ts'

const flat = (catalogue: Readonly<Record<string, Readonly<Record<string, string>>>>) =>
  new Map(
    Object.entries(catalogue).flatMap(([subject, texts]) =>
      Object.entries(texts).map(([name, text]) => [`${subject}.${name}`, text] as const),
    ),
  )
const english = flat(EN_GB)
const welsh = flat(CY)
const gaps = (text: string) => [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name))].sort()

test('Welsh says only what English says, with the same gaps', () => {
  for (const [name, text] of welsh) {
    const first = english.get(name)
    expect([name, first !== undefined]).toEqual([name, true])
    expect([name, gaps(text)]).toEqual([name, gaps(first ?? '')])
  }
})

test('phone, board, ward screen, call desk and the pages of how people are rung are whole in Welsh', () => {
  const whole = [
    'phone',
    'board',
    'card',
    'common',
    'ward',
    'unclear',
    'acts',
    'entry',
    'frame',
    'todo',
    'start',
    'device',
    'devices',
    'ready',
    'ways',
    'patient',
  ]
  const missing = [...english.keys()].filter(
    (name) => whole.includes(name.split('.')[0] ?? '') && !welsh.has(name),
  )
  expect(missing).toEqual([])
})

test('the box that says who is on, above every page, is whole in Welsh', () => {
  const said = ['on-now', 'rings'].flatMap((file) => [
    ...readFileSync(`src/web/console/${file}.js`, 'utf8').matchAll(/\bsay\(\s*'([\w.-]+)'/g),
  ])
  expect(said.length).toBeGreaterThan(12)
  const spoken = new Set<string>(welsh.keys())
  expect(said.map(([, name = '']) => name).filter((name) => !spoken.has(name))).toEqual([])
})

test('what screens in Welsh may be refused is said in Welsh, what happened and what to do', () => {
  const codes = Object.keys(refused)
  // None of these is no refusal, and whoever asks who would be rung, answers or calls may meet them.
  expect(codes.filter((code) => FAULTS[code as FaultCode]?.class !== 'refused')).toEqual([])
  for (const code of ['address-unreadable', 'call-unknown', 'answer-stale', 'ask-emergency'])
    expect(codes).toContain(code)
  const sent = catalogueModule('cy', (subject) => subject === 'phone')
  for (const { sentence, remedy } of Object.values(refused))
    for (const said of [sentence, remedy]) expect(sent).toContain(JSON.stringify(said))
  expect(sent).toContain(
    `["${faults['address-unreadable'].sentence}","${refused['address-unreadable'].sentence}"]`,
  )
})

test('a number that Welsh counts in six ways finds a form each time', () => {
  for (const [name, text] of welsh)
    for (const n of [0, 1, 2, 3, 6, 7, 20]) {
      const names = gaps(text)
      const said = fill(text, Object.fromEntries(names.map((g) => [g ?? '', n])), 'cy').join('')
      expect([name, n, said.includes('{') || said.includes('|')]).toEqual([name, n, false])
      expect([name, said.trim()]).not.toEqual([name, ''])
    }
})

test('every reason by which a call calls for attention or ends is said in Welsh', () => {
  const seen = [
    'switchboard-must-act',
    'role-without-answer',
    'plan-repeats',
    'no-further-path',
    'nobody-holds-role',
  ]
  const ended = [
    'closed-by-person',
    'finished',
    'false-alarm',
    'enough-people',
    'not-for-resuscitation',
    'stood-down',
  ]
  for (const code of [...seen, ...ended]) expect([code, welsh.has(`reasons.${code}`)]).toEqual([code, true])
})
