import { expect, test } from 'vitest'
import { isNews } from '../../src/web/console/brought.js'

const card = { id: 'a', version: 3, revision: 7, coming: [{ person: 'ann' }], words: 'ARREST' }
const view = { ...card, thread: [], timeline: [{ after: 0 }] }

test('an event that brings what the record in view has already asks for no reading of it', () => {
  expect(isNews(view, card)).toBe(false)
  expect(isNews(view, { ...card, coming: [{ person: 'ann' }] })).toBe(false)
})

test('one that brings anything else does, whatever it is, and one of a call that is not in view yet', () => {
  expect(isNews(view, { ...card, revision: 8 })).toBe(true)
  expect(isNews(view, { ...card, coming: [] })).toBe(true)
  expect(isNews({ ...view, id: 'b' }, card)).toBe(true)
  expect(isNews(undefined, card)).toBe(true)
})
