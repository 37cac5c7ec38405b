import { describe, expect, test } from 'vitest'
import { isNhsNumber } from '../../../src/core/bleep/identifiers.ts'
import { hospitalNumbers } from '../../../src/core/directory/hospital-numbers.ts'
import { doubtOf } from '../../../src/core/record/looked.ts'
import {
  birthDatesIn,
  fitsBirthDate,
  hintOf,
  patientsIn,
  printPatient,
  readPatient,
} from '../../../src/core/record/patient.ts'

const own = (text: string) => hospitalNumbers('[A-Z]\\d{6}')!(text).map(({ said }) => said)
const A = { scheme: 'nhs', value: '9990000018' } as const
const B = { scheme: 'nhs', value: '9990000026' } as const

test('the numbers of these tests have right check digits', () => {
  expect([A, B].every(({ value }) => isNhsNumber(value))).toBe(true)
})

describe('a number as it was typed', () => {
  test.each([
    ['9990000018', A],
    [' 999 000 0018 ', A],
    ['999-000-0018', A],
    ['9990000019', undefined],
    ['999000001', undefined],
    ['a123456', { scheme: 'local', value: 'A123456' }],
    ['A123456 or so', undefined],
    ['A12345', undefined],
    ['', undefined],
  ])('%j', (typed, want) => expect(readPatient(typed, own)).toEqual(want))

  test('is read back in groups, and hinted at by its end', () => {
    expect([printPatient(A), hintOf(A)]).toEqual(['999 000 0018', '…0018'])
    expect(printPatient({ scheme: 'local', value: 'A123456' })).toBe('A123456')
  })
})

describe('whom a call is about', () => {
  test.each([
    ['nobody', undefined, ['CALL WARD 7 ON 70123'], [], 0],
    ['one, said twice in two ways', '999 000 0018', ['PT 9990000018 UNWELL'], [A], 0],
    ['two', undefined, ['PT 9990000018', 'AND 999 000 0026'], [A, B], 0],
    ['a slip in the field', '9990000019', ['UNWELL'], [], 1],
    ['a name in the field', 'Mary Jones', [], [], 1],
    ['a slip in the words', undefined, ['PT 999 000 0019 UNWELL'], [], 1],
    ['a slip that is called one', undefined, ['NHS NO 9990000019'], [], 1],
    ['a right one, and a slip', '9990000018', ['NHS 9990000019'], [A], 1],
    ['ten digits that nobody called one', undefined, ['REF 9990000019'], [], 0],
    ['a telephone number', undefined, ['RING 01865 741 1662', 'OR 07700 900123'], [], 0],
    ['the hospital’s own', 'A123456', ['B654321 C111111'], ['A123456', 'B654321', 'C111111'], 0],
  ] as const)('%s', (_, asked, texts, patients, wrong) => {
    const found = patientsIn(asked, texts, own)
    expect(found.wrong).toBe(wrong)
    expect(found.patients).toEqual(
      patients.map((p) => (typeof p === 'string' ? { scheme: 'local', value: p } : p)),
    )
  })

  test('without a shape of its own a hospital has none', () => {
    expect(patientsIn(undefined, ['A123456'], () => []).patients).toEqual([])
  })
})

test('a shape that is no pattern, or fits nothing at all, is no shape', () => {
  expect([hospitalNumbers('('), hospitalNumbers('x*'), hospitalNumbers('(?=x)')]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

describe('a date of birth', () => {
  test.each([
    ['DOB 01/02/1960', ['1960-02-01']],
    ['dob: 1.2.60', ['--60-02-01']],
    ['BORN 1 FEB 1960', ['1960-02-01']],
    ['DOB 1960-02-01', ['1960-02-01']],
    ['DOB 01021960', ['1960-02-01']],
    ['DOB 010260', ['--60-02-01']],
    ['ADMITTED 01/02/2026', []],
    ['DOB UNKNOWN', []],
  ])('%s', (text, want) => expect(birthDatesIn(text)).toEqual(want))

  test('two digits of a year fit either century', () => {
    expect([fitsBirthDate('--60-02-01', '1960-02-01'), fitsBirthDate('--60-02-01', '1961-02-01')]).toEqual([
      true,
      false,
    ])
  })

  test('another one than the record’s keeps a call out of that record', () => {
    const mary = { kind: 'one', born: '1960-02-01' } as const
    expect(doubtOf(mary, ['PT DOB 01/02/60'])).toBeUndefined()
    expect(doubtOf(mary, ['PT DOB 02/02/60'])).toBe('filing-born-differs')
    expect(doubtOf(mary, ['SEEN 02/02/26'])).toBeUndefined()
    expect(doubtOf({ kind: 'one', born: '1960' }, ['DOB 02/02/60'])).toBeUndefined()
    expect(doubtOf({ kind: 'none' }, [])).toBe('filing-patient-unknown')
    expect(doubtOf({ kind: 'several' }, [])).toBe('filing-patient-doubled')
  })
})
