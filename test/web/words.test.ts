import { expect, test } from 'vitest'
import { stands } from '../../src/web/shared/words.js'

test('a plan that has run out says that nobody has accepted only where nobody has', () => {
  expect(stands({ phase: 'exhausted', coming: [] })).toBe('No one has accepted')
  expect(stands({ phase: 'exhausted', coming: ['p001'] })).toBe('Team incomplete')
  expect(stands({ phase: 'covered', coming: ['p001'] })).toBe('Covered')
})
