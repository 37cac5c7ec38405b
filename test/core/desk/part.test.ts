import { expect, test } from 'vitest'
import { type Part, partOf } from '../../../src/core/desk/part.ts'

const key = (row: string) => row
const rows = (n: number) => Array.from({ length: n }, (_, at) => `row.${at}`)

/** All parts of a list, where `change` may alter it between two of them. */
function parts(list: readonly string[], limit: number, change = (all: readonly string[]) => all): string[] {
  const seen: string[] = []
  let all = list
  let next: string | undefined
  for (let turns = 0; turns < 50; turns += 1) {
    const part: Part<string> = partOf(all, key, { cursor: next, limit })
    seen.push(...part.rows)
    next = part.next
    if (next === undefined) return seen
    all = change(all)
  }
  throw new Error('it does not end')
}

test.each([
  [0, 5],
  [1, 1],
  [5, 5],
  [6, 5],
  [23, 4],
])('%i rows in parts of %i come once each, in order', (count, limit) => {
  expect(parts(rows(count), limit)).toEqual(rows(count))
})

test('a row that comes before the others meanwhile repeats none, and one that goes hides none', () => {
  expect(parts(rows(6), 2, (all) => [`new${all.length}`, ...all])).toEqual(rows(6))
  // The last row that was given goes: the next part begins where it stood.
  expect(parts(rows(6), 2, (all) => all.filter((row) => row !== 'row.1'))).toEqual(rows(6))
})

test.each(['', 'nonsense', '-3.row.1', '1e99.x', '.row.1'])(
  'the cursor %j, which is none of ours, is the beginning',
  (cursor) => {
    expect(partOf(rows(3), key, { cursor, limit: 2 }).rows).toEqual(['row.0', 'row.1'])
  },
)

test('a cursor far behind a list that has become short gives nothing more', () => {
  expect(partOf(rows(2), key, { cursor: '900.gone', limit: 5 })).toEqual({ rows: [] })
})
