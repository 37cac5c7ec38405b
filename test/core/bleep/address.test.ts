import { describe, expect, test } from 'vitest'
import { addressBy, addressed, radioAddress } from '../../../src/core/bleep/address.ts'
import type { Address } from '../../../src/core/bleep/bleep.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { ric } from '../../support/pages.ts'
import { NUMBERS, smallSite } from '../../support/small-site.ts'

const directory = buildDirectory(smallSite())
const of = (number: string) => NUMBERS.find((n) => n.number === number)

describe('whom a page is for', () => {
  test('a number of the plan, as text', () => {
    expect(addressed({ scheme: 'number', number: '0028' }, directory)).toEqual({
      number: '0028',
      plan: of('0028'),
    })
    expect(addressed({ scheme: 'number', number: '28' }, directory)).toEqual({ number: '28' })
  })

  test('a RIC whose row names no function, by any function', () => {
    expect(addressed(ric(1_000_000, 0), directory).number).toBe('1113')
    expect(addressed(ric(1_000_000, 3), directory).number).toBe('1113')
  })

  test('a RIC whose row names a function, by that function only', () => {
    expect(addressed(ric(1_000_056, 2), directory)).toEqual({ number: '2220', plan: of('2220') })
    expect(addressed(ric(1_000_056, 1), directory)).toEqual({ number: 'ric:1000056/1' })
  })

  test('a RIC of no plan keeps its own name', () => {
    expect(addressed(ric(7, 0), directory)).toEqual({ number: 'ric:7/0' })
  })

  test('the row with the function comes before the row without', () => {
    const site = smallSite()
    const both = [...site.numbers, { ...site.numbers[0]!, number: '9', fn: 1 as const }]
    const two = buildDirectory({ ...site, numbers: both })
    expect(addressed(ric(1_000_000, 1), two).number).toBe('9')
    expect(addressed(ric(1_000_000, 2), two).number).toBe('1113')
  })
})

test('the way back to the air', () => {
  expect(radioAddress(of('1113')!)).toEqual(ric(1_000_000, 3))
  expect(radioAddress(of('2220')!)).toEqual(ric(1_000_056, 2))
  const { ric: _, ...without } = of('1113')!
  expect(radioAddress(without)).toBeUndefined()
})

test('a call goes out by the kind of address its line speaks, as heard where that is the kind', () => {
  const number = (n: string): Address => ({ scheme: 'number', number: n })
  expect(addressBy('number', ric(1_000_000, 3), '1113', directory)).toEqual(number('1113'))
  expect(addressBy('ric', number('1113'), '1113', directory)).toEqual(ric(1_000_000, 3))
  expect(addressBy('ric', number('2220'), '2220', directory)).toEqual(ric(1_000_056, 2))
  expect(addressBy('ric', ric(1_000_000, 1), '1113', directory)).toEqual(ric(1_000_000, 1))
  expect(addressBy('number', number('9999'), '9999', directory)).toEqual(number('9999'))
  expect(addressBy('ric', number('9999'), '9999', directory)).toBeUndefined()
  expect(addressBy('number', ric(7, 0), 'ric:7/0', directory)).toBeUndefined()
})
