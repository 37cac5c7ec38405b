import { expect, test } from 'vitest'
import { z } from 'zod'
import { readToken } from '../../../src/io/channels/provider.ts'

const hex = z.string().regex(/^[0-9a-f]{64}$/)
const A_TOKEN = '6e'.padEnd(64, '0')

test.each([
  ['as the provider gave it', 'ab'.repeat(32), 'ab'.repeat(32)],
  ['digits that JSON would read as a number', '1'.repeat(64), '1'.repeat(64)],
  ['digits that JSON would read as infinite', A_TOKEN, A_TOKEN],
  ['wrapped by the app', `{"token":"${A_TOKEN}"}`, A_TOKEN],
  ['another shape', '{"token":7}', undefined],
  ['no token', 'not hexadecimal', undefined],
])('a token stored %s', (_, address, token) => {
  expect(readToken(address, hex)).toBe(token)
})
