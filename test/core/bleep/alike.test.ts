import { describe, expect, test } from 'vitest'
import { alike, cleaner } from '../../../src/core/bleep/alike.ts'
import type { Page } from '../../../src/core/bleep/bleep.ts'
import { aPage } from '../../support/pages.ts'

const damaged = (text: string) => aPage(text, { quality: 'damaged' })
const cut = (text: string) => aPage(text, { quality: 'unterminated' })

describe('alike', () => {
  test.each<[string, Page, Page, boolean]>([
    ['equal', aPage('WARD 7'), aPage('WARD 7'), true],
    ['equal but for fill', aPage('WARD 7'), aPage('WARD 7  '), true],
    ['two tones', aPage(''), aPage(''), true],
    ['one letter other', aPage('WARD 7'), aPage('WARD 8'), false],
    ['a letter more', aPage('WARD 7'), aPage('WARD 7B'), false],
    ['lost here', damaged('WARD \uFFFD'), aPage('WARD 8'), true],
    ['lost there', aPage('WARD 8'), damaged('W\uFFFDRD 8'), true],
    ['lost and other', damaged('W\uFFFDRD 7'), aPage('WARD 8'), false],
    ['cut off', cut('CARDIAC ARR'), aPage('CARDIAC ARREST'), true],
    ['the longer one is cut off', aPage('CARDIAC ARR'), cut('CARDIAC ARREST'), false],
    ['cut off but other', cut('CARDIAC B'), aPage('CARDIAC ARREST'), false],
    ['cut off before any letter', cut(''), aPage('CARDIAC ARREST'), false],
    ['tone and text', aPage(''), aPage('CARDIAC ARREST'), false],
  ])('%s', (_, a, b, expected) => {
    expect(alike(a, b)).toBe(expected)
    expect(alike(b, a)).toBe(expected)
  })
})

describe('cleaner', () => {
  test.each<[string, Page, Page, boolean]>([
    ['clean over corrected', aPage('A'), aPage('A', { quality: 'corrected', corrected: 1 }), true],
    ['corrected over damaged', aPage('A', { quality: 'corrected', corrected: 9 }), damaged('\uFFFD'), true],
    ['damaged over cut off', damaged('A\uFFFD'), cut('A'), true],
    ['fewer lost', damaged('A\uFFFD'), damaged('\uFFFD\uFFFD'), true],
    [
      'fewer corrected',
      aPage('A', { quality: 'corrected', corrected: 1 }),
      aPage('A', { quality: 'corrected', corrected: 2 }),
      true,
    ],
    ['the same again', aPage('A'), aPage('A'), false],
  ])('%s', (_, later, shown, expected) => {
    expect(cleaner(later, shown)).toBe(expected)
    expect(cleaner(shown, later)).toBe(false)
  })
})
