import { expect, test } from 'vitest'
import { glyphsOf } from '../../../src/core/pocsag/code/charset.ts'
import { dataOf } from '../../../src/core/pocsag/code/codeword.ts'
import { contentText, contentType, LOST, mayEnd, showsEnd } from '../../../src/core/pocsag/code/content.ts'
import { messageWords, type Padding } from '../../../src/core/pocsag/encode.ts'

const alpha = (text: string, padding: Padding = 'nul') =>
  messageWords({ ric: 0, function: 3, type: 'alpha', text }, { padding }).map(dataOf)
const digits = (text: string) => messageWords({ ric: 0, function: 0, type: 'numeric', text }).map(dataOf)
const us = glyphsOf('us')

test('no message is a tone, whatever is configured', () => {
  expect(contentType('alpha', 3, [])).toBe('tone')
  expect(contentType('numeric', 0, [])).toBe('tone')
})

test('digits on a text function are seen by what their bits cannot be', () => {
  for (const text of ['2222', '2', '12345', '020 7946']) {
    expect(contentType('auto', 1, digits(text))).toBe('numeric')
    expect(contentText('numeric', digits(text), us)).toBe(text)
  }
  for (const text of ['FOUR', 'A', 'fast bleep 2222', '2222']) {
    for (const padding of ['nul', 'eot', 'eot-repeated'] as const) {
      expect(contentType('auto', 1, alpha(text, padding))).toBe('alpha')
      expect(contentText('alpha', alpha(text, padding), us)).toBe(text)
    }
  }
})

test('a text shows its end by a whole character of fill, and may end in any beginning of one', () => {
  expect(showsEnd(alpha('Hello, World!'))).toBe(true)
  expect(showsEnd(alpha('AB'))).toBe(false)
  expect(mayEnd('alpha', alpha('AB'))).toBe(true)
  expect(mayEnd('alpha', alpha('ABxDEFGH').slice(0, 1))).toBe(false)
  expect(mayEnd('alpha', [LOST])).toBe(false)
})

test('national characters stand in their places', () => {
  const codes = '#$@[\\]^`{|}~'
  const shown = (charset: 'us' | 'uk' | 'de' | 'dk' | 'se' | 'fr' | 'it' | 'es') =>
    contentText('alpha', alpha(codes), glyphsOf(charset))
  expect(shown('us')).toBe(codes)
  expect(shown('uk')).toBe('£$@[\\]^`{|}‾')
  expect(shown('de')).toBe('#$§ÄÖÜ^`äöüß')
  expect(shown('dk')).toBe('#$@ÆØÅ^`æøå~')
  expect(shown('se')).toBe('#¤ÉÄÖÅÜéäöåü')
  expect(shown('fr')).toBe('£$à°ç§^µéùè¨')
  expect(shown('it')).toBe('£$§°çé^ùàòèì')
  expect(shown('es')).toBe('£$§¡Ñ¿^`°ñç~')
})
