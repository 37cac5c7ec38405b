import { expect, test } from 'vitest'
import { faults } from '../../../src/core/catalogue/en-GB/faults.ts'
import { FAULTS } from '../../../src/core/faults.ts'

test('each fault has words, and no words stand for a fault that is gone', () => {
  expect(Object.keys(faults).toSorted()).toEqual(Object.keys(FAULTS).toSorted())
})
