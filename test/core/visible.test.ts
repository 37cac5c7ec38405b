import { expect, test } from 'vitest'
import { csvLine } from '../../src/core/csv.ts'
import { wordsFor } from '../../src/core/desk/card.ts'
import { visible } from '../../src/core/visible.ts'
import { aHolding, wardDirectory } from '../support/ward.ts'

const HIDDEN = '\ufffd'
test.each([
  ['an escape that empties a terminal', '\u001b[2JARREST', `${HIDDEN}[2JARREST`],
  ['the one-character form of it', '\u009b2JARREST', `${HIDDEN}2JARREST`],
  ['a carriage return that writes over', 'WARD 7\rWARD 9', `WARD 7${HIDDEN}WARD 9`],
  ['a turned line', 'WARD \u202e7B', `WARD ${HIDDEN}7B`],
  ['an isolate, a mark of direction', 'A\u2066B\u200fC\u061c', `A${HIDDEN}B${HIDDEN}C${HIDDEN}`],
  ['a separator of lines', 'A\u2028B', `A${HIDDEN}B`],
  ['ends of lines, tabs and accents', 'Siân\tBed 4\r\nNow\n', 'Siân\tBed 4\nNow\n'],
])('%s', (_, text, want) => {
  expect(visible(text)).toBe(want)
  expect(visible(visible(text))).toBe(want)
})

test('no words on a screen and no cell of an export hold any of it', () => {
  const hostile = 'ARREST \u001b]0;x\u0007 \u202eB7 DRAW\u202c \u0085'
  const shown = wordsFor(hostile, { access: 'switchboard' }, wardDirectory(aHolding()))
  for (const text of [shown ?? '', csvLine([hostile])]) expect(text).toMatch(/^[^\p{Cc}\p{Bidi_Control}]+$/u)
})
