import { expect, test } from 'vitest'
import { given } from '../../src/core/given.ts'

test('what is absent is left out, and what is empty is kept', () => {
  expect(given({ a: 1, b: undefined, c: null, d: '', e: 0, f: false })).toEqual({
    a: 1,
    c: null,
    d: '',
    e: 0,
    f: false,
  })
  expect(Object.keys(given({ a: undefined }))).toEqual([])
})

test('what an object has from another is no part of it', () => {
  const inherits: { readonly own: number; readonly theirs?: number } = Object.assign(
    Object.create({ theirs: 2 }),
    { own: 1 },
  )
  expect(given(inherits)).toEqual({ own: 1 })
})
