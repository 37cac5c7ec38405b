import { expect, test } from 'vitest'
import { rulesSchema } from '../../../src/core/bleep/rule-schema.ts'

const rule = { id: 'toast', kind: 'kitchen', class: 'routine', when: { text: 'TOAST' } }
const reads = (more: object) => rulesSchema.safeParse({ rules: [{ ...rule, ...more }] }).success
const when = (conditions: object) => reads({ when: conditions })

test('an empty file is the starter set and nothing of the site’s own', () => {
  expect(rulesSchema.parse({})).toEqual({
    extends: 'uk-starter',
    rules: [],
    lookAlikes: [],
    keywords: [],
    realWords: [],
    places: [],
  })
  for (const set of ['uk-starter', 'nothing']) expect(rulesSchema.parse({ extends: set }).extends).toBe(set)
  expect(rulesSchema.safeParse({ extends: 'us-starter' }).success).toBe(false)
})

test('one value stands for a list of one', () => {
  const parsed = rulesSchema.parse({
    rules: [{ ...rule, when: { number: '1', ric: 7, fn: 2, type: 'tone', text: 'A', fields: { a: 'b' } } }],
  })
  expect(parsed.rules[0]?.when).toEqual({
    number: ['1'],
    ric: [7],
    fn: [2],
    type: ['tone'],
    text: ['A'],
    fields: { a: ['b'] },
  })
})

test.each(['tone', 'numeric', 'alpha'])('a page may be asked to be %s', (type) => {
  expect(when({ type })).toBe(true)
})

test.each<[string, object]>([
  ['a RIC below 0', { ric: -1 }],
  ['a RIC past 21 bits', { ric: 2_097_152 }],
  ['half a RIC', { ric: 1.5 }],
  ['a fifth function', { fn: 4 }],
  ['a function below 0', { fn: -1 }],
  ['half a function', { fn: 0.5 }],
  ['another type', { type: 'voice' }],
  ['an empty pattern', { text: '' }],
  ['a pattern too long', { text: 'A'.repeat(501) }],
  ['an empty list', { text: [] }],
  ['a misspelt condition', { texts: 'A' }],
])('refused as a condition: %s', (_, conditions) => {
  expect(when(conditions)).toBe(false)
})

test('bounds of conditions are inside', () => {
  for (const ric of [0, 2_097_151]) expect(when({ ric })).toBe(true)
  for (const fn of [0, 3]) expect(when({ fn })).toBe(true)
  expect(when({ text: 'A'.repeat(500) })).toBe(true)
})

test('an id is lower-case letters, digits and hyphens, 64 of them at most, none before it or after', () => {
  for (const good of ['a', '7', 'a-1', 'a'.repeat(64)]) expect(reads({ id: good })).toBe(true)
  for (const wrong of ['', '-a', 'A', 'a b', 'a_', '.a', 'a'.repeat(65)])
    expect(reads({ id: wrong })).toBe(false)
})

test('a kind is named as other files of the site name it', () => {
  for (const good of ['a', '7', 'a-1', 'A', 'a.b', 'fast_bleep']) expect(reads({ kind: good })).toBe(true)
  for (const wrong of ['', '-a', 'a b', 'a/b']) expect(reads({ kind: wrong })).toBe(false)
})

test('a rule says how urgent it is, and may act as a test or a stand-down and as nothing else', () => {
  for (const urgency of ['emergency', 'urgent', 'routine', 'test'])
    expect(reads({ class: urgency })).toBe(true)
  expect(reads({ class: 'severe' })).toBe(false)
  for (const act of ['test', 'cancel']) expect(reads({ act })).toBe(true)
  expect(reads({ act: 'raise' })).toBe(false)
  expect(reads({ kind: undefined })).toBe(true)
  expect(reads({ colour: 'red' })).toBe(false)
})

test.each<[string, readonly string[], readonly string[]]>([
  [
    'keywords',
    ['STROK', 'A'.repeat(20)],
    ['ARST', 'A'.repeat(21), 'STROKe', '1STROKE', 'STROKE1', 'STROKE CALL'],
  ],
  ['realWords', ['ICE', 'A'.repeat(20)], ['IC', 'A'.repeat(21), 'ICe', '1ICE', 'ICE1', 'ICE CREAM']],
  ['places', ['ED', 'A'.repeat(60)], ['E', 'A'.repeat(61)]],
  ['lookAlikes', ['A', 'A'.repeat(500)], ['', 'A'.repeat(501)]],
])('%s are read within their bounds', (field, good, wrong) => {
  for (const word of good) expect(rulesSchema.parse({ [field]: [word] })).toMatchObject({ [field]: [word] })
  for (const word of wrong) expect(rulesSchema.safeParse({ [field]: [word] }).success, word).toBe(false)
})

test.each<[string, number, unknown]>([
  ['rules', 500, rule],
  ['lookAlikes', 200, 'A'],
  ['keywords', 100, 'STROKE'],
  ['realWords', 200, 'ICE'],
  ['places', 1000, 'Ward 7'],
])('%s: at most %d', (field, most, one) => {
  const many = (n: number) => rulesSchema.safeParse({ [field]: Array.from({ length: n }, () => one) }).success
  expect([many(most), many(most + 1)]).toEqual([true, false])
})
