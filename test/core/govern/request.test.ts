import { describe, expect, test } from 'vitest'
import { letterFor } from '../../../src/core/desk/letter.ts'
import { hospitalNumbers } from '../../../src/core/directory/hospital-numbers.ts'
import {
  dueOf,
  pressing,
  type RequestInput,
  type SubjectRequest,
  step,
} from '../../../src/core/govern/request.ts'
import { staffNames, thirdPartiesIn } from '../../../src/core/govern/third-party.ts'
import { asId, type BleepId } from '../../../src/core/ids.ts'
import { DAY, parseInstant, printInstant } from '../../../src/core/instant.ts'

const due = (received: string) => printInstant(dueOf(parseInstant(received) ?? 0, 'Europe/London'))

describe('a request is due', () => {
  test.each([
    ['2026-09-03T10:00:00Z', '2026-10-03T22:59:59.999Z'],
    ['2026-01-31T10:00:00Z', '2026-02-28T23:59:59.999Z'],
    ['2028-01-31T10:00:00Z', '2028-02-29T23:59:59.999Z'],
    // Half past midnight in summer is the day before in UTC.
    ['2026-06-29T23:30:00Z', '2026-07-30T22:59:59.999Z'],
    ['2026-10-20T10:00:00Z', '2026-11-20T23:59:59.999Z'],
  ])('received %s: by the end of %s', (received, by) => expect(due(received)).toBe(by))

  const open = { state: 'open', due: 100 * DAY } as SubjectRequest
  test('told a week before, and as late after', () => {
    expect(pressing(open, 92 * DAY)).toBeUndefined()
    expect(pressing(open, 94 * DAY)).toBe('request-due')
    expect(pressing(open, 100 * DAY + 1)).toBe('request-late')
    expect(pressing({ ...open, state: 'done' }, 200 * DAY)).toBeUndefined()
  })
})

describe('step by step', () => {
  const bleep = asId<BleepId>('b1')
  const fresh: SubjectRequest = {
    ...{ id: 'r1', kind: 'erase', reason: 'IG-1', by: 'ann', received: 0, due: 9, state: 'open', items: [] },
    ...{ about: { text: 'JONES', from: 0, to: 9 }, touched: 0 },
  }
  const found: RequestInput = { kind: 'found', items: [{ bleep, received: 1, where: ['page'] }] }
  const decided = (what: 'give' | 'erase' | 'refuse', ground?: 'legal-claim'): RequestInput => ({
    kind: 'decided',
    items: [{ bleep, what, ...(ground ? { ground } : {}) }],
  })
  const run = (
    steps: readonly (RequestInput | readonly [RequestInput, string])[],
    rules = { twoPeople: false },
    from = fresh,
  ) => {
    let now = from
    for (const one of steps) {
      const [input, by] = 'kind' in one ? [one, 'ann'] : one
      const next = step(now, input, { by, at: now.touched + 1 }, rules)
      if (!next.ok) return next.fault.code
      now = next.value
    }
    return now
  }
  const verified: RequestInput = { kind: 'verified', how: 'identity-document' }

  test('nothing is found before it is proved who asks', () => {
    expect(run([found])).toBe('request-unverified')
    expect(run([verified, found])).toMatchObject({ state: 'found', items: [{ bleep: 'b1' }] })
  })
  test('nothing is approved before all is decided, nor carried out before it is approved', () => {
    expect(run([verified, found, { kind: 'approved' }])).toBe('request-undecided')
    expect(run([verified, found, decided('erase'), { kind: 'started' }])).toBe('request-early')
    expect(run([verified, found, decided('erase'), { kind: 'approved' }, { kind: 'started' }])).toMatchObject(
      {
        state: 'started',
      },
    )
  })
  test('where two people must, whoever decided cannot approve', () => {
    const two = { twoPeople: true }
    expect(run([verified, found, decided('erase'), { kind: 'approved' }], two)).toBe('request-second')
    expect(run([verified, found, decided('erase'), [{ kind: 'approved' }, 'bob']], two)).toMatchObject({
      approved: { by: 'bob' },
    })
  })
  test('what is decided anew must be approved anew', () => {
    expect(
      run([verified, found, decided('erase'), { kind: 'approved' }, decided('refuse', 'legal-claim')]),
    ).toMatchObject({ state: 'found' })
  })
  test('a refusal needs its ground, an erasure gives nothing, and an unknown item is refused', () => {
    expect(run([verified, found, decided('refuse')])).toBe('request-ground')
    expect(run([verified, found, decided('give')])).toBe('request-decision')
    expect(
      run([verified, found, { kind: 'decided', items: [{ bleep: asId<BleepId>('b9'), what: 'erase' }] }]),
    ).toBe('bleep-unknown')
  })
  test('found again, what was decided stays; of a finished erasure the name is forgotten', () => {
    expect(run([verified, found, decided('erase'), found])).toMatchObject({
      items: [{ decided: { what: 'erase' } }],
    })
    const done = run([
      ...[verified, found, decided('erase'), { kind: 'approved' }, { kind: 'started' }],
      { kind: 'done', proof: { at: 5, looked: 1, still: 0 } },
    ] as RequestInput[])
    expect(done).toMatchObject({ state: 'done' })
    expect(JSON.stringify(done)).not.toContain('JONES')
    expect(run([decided('erase')], undefined, done as SubjectRequest)).toBe('request-over')
  })
  test('the letter says what was done, what was not and why, and where to complain', () => {
    const done = run([verified, found, decided('refuse', 'legal-claim')]) as SubjectRequest
    const letter = letterFor(done, 'St Elsewhere', () => '3 September 2026')
    expect(letter).toContain('We did not do as you asked for 1 call: it is needed for a legal claim')
    expect(letter).toContain('Information Commissioner')
    expect(letter).not.toContain('JONES')
  })
})

test('a hospital number of somebody else is proposed to be hidden, and their own is not', () => {
  const own = hospitalNumbers('[A-Z]\\d{6}')
  const text = 'SWAP BEDS A123456 AND B654321'
  const named = thirdPartiesIn(text, staffNames([]), 'a123456', own)
  expect(named.map(({ kind, from, to }) => [kind, text.slice(from, to)])).toEqual([['identifier', 'B654321']])
})

describe('who else is named in a text', () => {
  const staff = staffNames(['Ada Lovelace', 'Bo Ward', 'Mary Seacole'])
  const said = (text: string, own?: string) =>
    thirdPartiesIn(text, staff, own).map(({ kind, from, to }) => `${kind}: ${text.slice(from, to)}`)
  test.each([
    [
      'MR JONES FELL, WIFE JANE JONES ON 020 7946 0018',
      'JONES',
      ['relative: WIFE JANE JONES', 'telephone: 020 7946 0018'],
    ],
    ['MR JONES FELL, HIS WIFE IS UPSET', 'JONES', ['relative: WIFE']],
    ['next of kin: Peter Brown waits', undefined, ['relative: next of kin: Peter Brown']],
    ['DR LOVELACE TO SEE MRS SMITH WARD 9', 'JONES', ['named: DR LOVELACE', 'named: MRS SMITH']],
    ['seen by ada lovelace', undefined, ['staff: ada lovelace']],
    ['SEACOLE INFORMED', undefined, ['staff: SEACOLE']],
    // A ward is no Ward, but Bo Ward is.
    ['JONES WARD 7B', 'JONES', []],
    ['ASK BO WARD', undefined, ['staff: BO WARD']],
    ['943 476 5919 AND 401 023 2137 SWAPPED', '943 476 5919', ['identifier: 401 023 2137']],
    // Staff who was the patient: they are not hidden from themselves.
    ['DR LOVELACE IS THE PATIENT', 'lovelace', []],
    ['MR JONES AND MRS JONES IN BAY 2', 'jones', ['named: MR JONES', 'named: MRS JONES']],
    ['', undefined, []],
  ])('%s', (text, own, expected) => expect(said(text, own)).toEqual(expected))

  test('a long text of nothing but names takes no time that grows out of proportion', () => {
    expect(thirdPartiesIn('MRS SMITH '.repeat(2000), staff, undefined)).toHaveLength(2000)
  })
})
