import { expect, test } from 'vitest'
import { writeDoc } from '../../../src/core/stored/form.ts'
import { FORMS } from '../../../src/core/stored/forms.ts'
import { readBefore } from '../../../src/io/store/read-before.ts'
import { aBleep } from '../../contract/store.ts'

const text = (n: number, stage: 'received' | 'routed' = 'received') =>
  writeDoc(FORMS.bleep, aBleep(`b${n}`, { stage }))

test('a bleep is read once as long as it is the same, and anew once it was changed', () => {
  const read = readBefore()
  const first = read(FORMS.bleep, text(1))
  expect(first).toEqual(aBleep('b1', { stage: 'received' }))
  expect(read(FORMS.bleep, text(1))).toBe(first)
  expect(read(FORMS.bleep, text(1, 'routed'))).toMatchObject({ stage: 'routed' })
})

test('only the newest are kept, and nothing of what is no document', () => {
  const read = readBefore()
  const first = read(FORMS.bleep, text(0))
  for (let n = 1; n <= 200; n++) read(FORMS.bleep, text(n))
  const again = read(FORMS.bleep, text(0))
  expect(again).toEqual(first)
  expect(again).not.toBe(first)
  expect(read(FORMS.bleep, '{')).toBeUndefined()
})

test('nothing else is kept: what is read anew may be changed by whoever reads it', () => {
  const read = readBefore()
  const device = writeDoc(FORMS.device, { id: 'd' })
  expect(read(FORMS.device, device)).toEqual(read(FORMS.device, device))
  expect(read(FORMS.device, device)).not.toBe(read(FORMS.device, device))
})
