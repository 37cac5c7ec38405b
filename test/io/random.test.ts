import { expect, test } from 'vitest'
import { systemRandom } from '../../src/io/random.ts'

test('no bytes are given twice, and those that were given stay as they are', () => {
  const given = Array.from({ length: 3000 }, (_, i) => systemRandom.bytes(10 + (i % 23)))
  const then = given.map((bytes) => Buffer.from(bytes).toString('hex'))
  expect(given.map(({ length }) => length)).toEqual(given.map((_, i) => 10 + (i % 23)))
  expect(new Set(then.map((hex) => hex.slice(0, 20))).size).toBe(given.length)
  given[0]?.fill(0)
  expect(given.slice(1).map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(then.slice(1))
})

test.each([0, 1, 1024, 1025, 4096, 100_000])('%i bytes are as many', (count) => {
  expect(systemRandom.bytes(count)).toHaveLength(count)
})
