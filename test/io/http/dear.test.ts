import { beforeEach, expect, test } from 'vitest'
import { Dear } from '../../../src/io/http/dear.ts'
import { Refused } from '../../../src/io/http/problem.ts'
import { settle } from '../../support/virtual-clock.ts'

let dear: Dear
let begun: string[]
let ends: (() => void)[]
beforeEach(() => {
  dear = new Dear()
  begun = []
  ends = []
})

/** Work that ends when the test says so. */
const long = (name: string) => () =>
  new Promise<string>((done) => {
    begun.push(name)
    ends.push(() => done(name))
  })
const refusal = (asked: Promise<unknown>) =>
  asked.then(
    () => 'done',
    (error: unknown) => (error instanceof Refused ? error.fault.code : error),
  )

test('reads that take long are done one after the other, in the order in which they were asked', async () => {
  const asked = ['a', 'b', 'c'].map((name) => dear.do(name, long(name)))
  await settle()
  expect(begun).toEqual(['a'])
  ends[0]?.()
  expect(await asked[0]).toBe('a')
  await settle()
  expect(begun).toEqual(['a', 'b'])
  ends[1]?.()
  await settle()
  ends[2]?.()
  expect(await Promise.all(asked)).toEqual(['a', 'b', 'c'])
})

test('one that fails is told to whoever asked, and the next is done', async () => {
  const failed = dear.do('a', () => {
    throw new TypeError('planted')
  })
  const next = dear.do('b', () => 'done')
  await expect(failed).rejects.toThrow('planted')
  expect(await next).toBe('done')
})

test('one asker has three, waiting or under way; whoever has had an answer may ask again', async () => {
  const asked = [1, 2, 3].map((n) => dear.do('a', long(`${n}`)))
  expect(await refusal(dear.do('a', long('4')))).toBe('too-many-requests')
  const other = dear.do('b', () => 'b')
  await settle()
  for (const _ of asked) {
    ends.shift()?.()
    await settle()
  }
  expect(await Promise.all([...asked, other])).toEqual(['1', '2', '3', 'b'])
  expect(await Promise.all([1, 2, 3].map((n) => dear.do('a', () => n)))).toEqual([1, 2, 3])
})

test('no more than sixteen wait, of all askers; whoever is refused takes no place', async () => {
  const asked = Array.from({ length: 16 }, (_, i) => dear.do(`asker-${i}`, long(`${i}`)))
  for (let i = 0; i < 5; i++) expect(await refusal(dear.do('late', long('late')))).toBe('too-many-requests')
  await settle()
  ends.shift()?.()
  await asked[0]
  const late = dear.do('late', () => 'late')
  for (let i = 1; i < 16; i++) {
    await settle()
    ends.shift()?.()
  }
  expect(await late).toBe('late')
})
