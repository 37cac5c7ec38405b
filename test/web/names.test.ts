import { expect, test } from 'vitest'
import { isNamed } from '../../src/web/app/names.js'

const FOUND: readonly (readonly [name: string, typed: string])[] = [
  ['Aisha Bexley-Orr', 'aisha bexley-orr'],
  ['Aisha Bexley-Orr', 'Orr Aisha'],
  ['Aisha Bexley-Orr', 'bexley orr'],
  ['Aisha Bexley-Orr', 'bexley-o'],
  ['Siobhán O’Neill', "o'neill"],
  ['Siobhán O’Neill', 'oneill siobhan'],
  ['Zoë Łuczak', 'zoe'],
  ['Sam Patel Medicine', 'pat med'],
  ['Sam Patel', ' sam  '],
]

const NOT_FOUND: readonly (readonly [name: string, typed: string])[] = [
  ['Aisha Bexley-Orr', 'exley'],
  ['Aisha Bexley-Orr', 'aisha bexleyorr'],
  ['Siobhán O’Neill', 'neill'],
]

test.each(FOUND)('%s is found by “%s”', (name, typed) => {
  expect(isNamed(name, typed)).toBe(true)
})

test.each(NOT_FOUND)('%s is not found by “%s”', (name, typed) => {
  expect(isNamed(name, typed)).toBe(false)
})
