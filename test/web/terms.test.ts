import { expect, test } from 'vitest'
import { termsIn } from '../../src/web/app/before.js'

const asked = { version: '1', text: 'Keep it locked.\n\nTell nobody.', welsh: 'Cadwch ef ar glo.' }

test('terms of use are read in Welsh where the reader and the trust have them so, and in English otherwise', () => {
  expect(termsIn('en-GB', asked)).toEqual(['Keep it locked.', 'Tell nobody.'])
  expect(termsIn('cy', asked)).toEqual(['Cadwch ef ar glo.'])
  const { welsh: _, ...english } = asked
  expect(termsIn('cy', english)).toEqual(['Keep it locked.', 'Tell nobody.'])
})
