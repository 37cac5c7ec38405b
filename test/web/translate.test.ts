import { expect, test, vi } from 'vitest'

vi.mock('../../src/web/shared/catalogue.js', async (original) => ({
  ...(await original<object>()),
  SITE: 'cy',
  SERVER: {
    cy: [
      ['Calling people now', 'Yn galw pobl nawr'],
      ['{who} will ring {extension}.', 'Bydd {who} yn ffonio {extension}.'],
      ['{who} is coming.', 'Mae {who} yn dod.'],
      ['Who? (all)', 'Pwy? (pawb)'],
    ],
  },
}))
const { translate } = await import('../../src/web/shared/translate.js')

test('what the server says in English is said in the reader’s language', () => {
  expect(translate('Calling people now')).toBe('Yn galw pobl nawr')
  expect(translate('Dr A. Jones will ring 4421.')).toBe('Bydd Dr A. Jones yn ffonio 4421.')
})

test('the roles it is about stay behind it', () => {
  expect(translate('Calling people now (Medical registrar, Anaesthetist)')).toBe(
    'Yn galw pobl nawr (Medical registrar, Anaesthetist)',
  )
})

test('signs that mean something to a pattern are signs here', () => {
  expect(translate('Who? (all)')).toBe('Pwy? (pawb)')
  expect(translate('(.*) is coming.')).toBe('Mae (.*) yn dod.')
})

test.each(['', 'Something new', 'Calling people now, and more', '{who} is not known'])(
  'what has no translation stays as it is: %s',
  (sentence) => {
    expect(translate(sentence)).toBe(sentence)
  },
)
