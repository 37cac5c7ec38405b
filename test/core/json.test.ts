import { expect, test } from 'vitest'
import { readJson } from '../../src/core/json.ts'

test.each([
  ['{"a":[1,null]}', { a: [1, null] }],
  ['null', null],
  [' 7\n', 7],
  ['', undefined],
  ['{"a":1', undefined],
  ['{"a":1}{"a":2}', undefined],
  ['undefined', undefined],
  ['{"__proto__":{"x":1}}', JSON.parse('{"__proto__":{"x":1}}')],
])('%s is read as what it says, or as nothing', (text, value) => {
  expect(readJson(text)).toEqual(value)
})
