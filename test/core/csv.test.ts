import { expect, test } from 'vitest'
import { csvLine } from '../../src/core/csv.ts'

test.each(['=HYPERLINK("http://x")', ' =1+1', '\t=1', '\r\n@SUM(1)', '+44', '-1', '@x', '＝1', '\u00a0=1'])(
  'a cell that begins as a formula is text: %j',
  (cell) => expect(csvLine([cell])).toMatch(/^"?'/),
)

test('other text stays as it is, and numbers are numbers', () => {
  expect(csvLine(['WARD 7B = X', 'a,b', 'say "x"', -5, null])).toBe('WARD 7B = X,"a,b","say ""x""",-5,')
})
