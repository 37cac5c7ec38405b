import { expect, test } from 'vitest'
import type { Meaning } from '../../../src/core/bleep/bleep.ts'
import type { Class } from '../../../src/core/vocabulary.ts'
import { mostUrgentFirst } from '../../../src/run/alert/urgent-first.ts'
import { aBleep } from '../../contract/store.ts'

const order = (classes: readonly (Class | 'broken')[]) =>
  mostUrgentFirst(
    classes.map((c, i) => aBleep(`${i}-${c}`)),
    ({ id }): Meaning => {
      const c = id.slice(id.indexOf('-') + 1)
      if (c === 'broken') throw new Error('a rule of the site')
      return { class: c as Class, kind: 'bleep', rule: 'r', reason: 'first-sighting' }
    },
  ).map(({ id }) => id)

test('an emergency goes before all routine work that waited longer, and each class keeps its order', () => {
  expect(order(['routine', 'test', 'routine', 'emergency', 'urgent', 'emergency'])).toEqual([
    '3-emergency',
    '5-emergency',
    '4-urgent',
    '0-routine',
    '2-routine',
    '1-test',
  ])
})

test('one that cannot be classified comes first: its defect must be seen, and it may be an emergency', () => {
  expect(order(['urgent', 'broken'])).toEqual(['1-broken', '0-urgent'])
  expect(order(['emergency', 'broken'])).toEqual(['0-emergency', '1-broken'])
})
