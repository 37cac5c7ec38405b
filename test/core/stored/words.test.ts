import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alertWithoutWords, bleepWithoutWords, eventWithoutWords } from '../../../src/core/govern/erase.ts'
import { readDoc, writeDoc } from '../../../src/core/stored/form.ts'
import { FORMS } from '../../../src/core/stored/forms.ts'
import { putBack, takeWords } from '../../../src/core/stored/words.ts'
import { aBleep, anAlert } from '../../contract/store.ts'

const FIELDS = [
  { at: ['page', 'text'], left: '' },
  { at: ['thread', '*', 'text'], left: '' },
  { at: ['who', '*', 'eta'] },
] as const

test('what is taken out of any document puts it back as it was', () => {
  const word = fc.string()
  const doc = fc.record({
    page: fc.record({ text: word, n: fc.integer() }),
    thread: fc.array(fc.record({ text: word, at: fc.integer() })),
    who: fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.record({ eta: fc.option(word, { nil: undefined }), since: fc.integer() }),
    ),
  })
  fc.assert(
    fc.property(doc, (one) => {
      const { bare, words } = takeWords(one, FIELDS)
      expect(words === undefined ? bare : putBack(bare, words)).toEqual(one)
      expect(takeWords(bare, FIELDS).words).toBeUndefined()
    }),
  )
})

const said = { kind: 'note' as const, text: 'MR JONES' }
const bleep = aBleep('b1', {
  page: { ...aBleep('x').page, text: 'MR JONES', fields: { beep: '1' } },
  meaning: {
    kind: 'k',
    class: 'urgent',
    rule: 'r',
    reason: 'class-asked',
    place: 'WARD 7',
    callBack: '2222',
  },
})
const alert = anAlert('a1', 'b1', { thread: [{ at: 1, by: 'switchboard', ...said }] })
const event = { kind: 'said', at: 1, by: { kind: 'switchboard', operator: 'op' }, said } as const

test('what is sealed of a record is what an erasure takes out of it', () => {
  const left = (form: typeof FORMS.bleep | typeof FORMS.alert | typeof FORMS.event, value: object) => {
    const { sealed, ...rest } = JSON.parse(writeDoc(form, value, () => 'x')) as Record<string, unknown>
    expect(sealed).toBe('x')
    return readDoc<object>(form, JSON.stringify(rest))
  }
  const { erased: _, ...bare } = bleepWithoutWords(bleep, 1)
  expect(left(FORMS.bleep, bleep)).toEqual(bare)
  expect(left(FORMS.alert, alert)).toEqual(alertWithoutWords(alert))
  expect(left(FORMS.event, event)).toEqual(eventWithoutWords(event))
})

test('words whose key is away are said to be, and go along until it is back', () => {
  const written = writeDoc(FORMS.bleep, bleep, () => 'k1:abc')
  const away = readDoc<typeof bleep>(FORMS.bleep, written, () => ({ kind: 'away', sentence: 'AWAY' }))
  expect(away.page.text).toBe('AWAY')
  const again = writeDoc(FORMS.bleep, { ...away, repeats: 3 }, (_, unread) => `${unread} k2:def`)
  expect(JSON.parse(again)).toMatchObject({ sealed: 'k1:abc k2:def', repeats: 3 })
  const gone = readDoc<typeof bleep>(FORMS.bleep, written, () => ({ kind: 'gone' }))
  expect(gone.page.text).toBe('')
  expect(gone).not.toHaveProperty('sealed')
})
