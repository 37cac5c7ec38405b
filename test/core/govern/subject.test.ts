import { describe, expect, test } from 'vitest'
import type { AlertEvent } from '../../../src/core/alert/alert.ts'
import { type About, foundIn, seeker, type Whole } from '../../../src/core/govern/subject.ts'
import { asId, type PersonId } from '../../../src/core/ids.ts'
import { aBleep, anAlert } from '../../contract/store.ts'

const ada = asId<PersonId>('ada')

test.each([
  ['943 476 5919', 'PT 943 476 5919 WARD 7B', true],
  ['9434765919', 'PT 943-476-5919', true],
  ['943.476.5919', 'PT9434765919', true],
  ['943 476 5919', 'BLEEP 4421 943 476 5919', true],
  ['943 476 5919', 'PT 943 476 5918', false],
  ['943 476 5918', 'PT 9434765918', false],
  ['jones', 'MR JONES WARD 7B', true],
  ['Mr Jones', 'MR  JONES, WARD 7B', true],
  ['O’Neill', 'MRS ONEILL', true],
  ["o'neill", 'MRS O’NEILL', true],
  ['Müller', 'MULLER', true],
  ['jones', 'MR JON\uFFFDS', true],
  ['jones', 'MR \uFFFD\uFFFD\uFFFDES', false],
  ['jones', 'JO NES', false],
  ['jones', '', false],
  ['   ', 'anything', false],
  ['4421', 'RING 4421', true],
])('%s in “%s”: %s', (sought, where, found) => {
  expect(seeker(sought)(where)).toBe(found)
})

describe('a bleep is found', () => {
  const page = (text: string, fields = {}) => ({ ...aBleep('x').page, text, fields })
  const by = { kind: 'person', person: ada } as const
  const whole = (more: Partial<Whole> = {}): Whole => ({
    ...{ bleep: aBleep('b1', { page: page('WARD 7B') }), sightings: [], events: [], alert: undefined },
    ...more,
  })
  const sighting = (text: string) => ({
    ...{ id: asId<never>('s'), bleep: asId<never>('b1'), feed: asId<never>('f'), tap: 't' },
    ...{ node: asId<never>('n'), page: page(text), begun: 1, reason: 'other-tap' as const },
  })
  const about = (more: Partial<About>): About => ({ from: 0, to: 9, ...more })
  const jones = about({ text: 'jones' })

  test('by the page, the sender’s other fields, another tap’s reading', () => {
    expect(foundIn(whole(), jones)).toEqual([])
    expect(foundIn(whole({ bleep: aBleep('b1', { page: page('MR JONES') }) }), jones)).toEqual(['page'])
    const shown = aBleep('b1', { page: page('', { displayMessage: 'MR JONES' }) })
    expect(foundIn(whole({ bleep: shown }), jones)).toEqual(['page'])
    expect(foundIn(whole({ sightings: [sighting('MR JONES')] }), jones)).toEqual(['reading'])
  })

  test('by replies, notes and times of arrival', () => {
    const said: AlertEvent = { kind: 'said', at: 1, by, said: { kind: 'note', text: 'JONES IS WORSE' } }
    const answered: AlertEvent = {
      ...{ kind: 'answered', at: 1, by, person: ada, answer: 'accepted', version: 1 },
      note: 'SEEING JONES FIRST',
    }
    const closed: AlertEvent = { kind: 'closed', at: 1, by, version: 1, note: 'JONES MOVED' }
    for (const event of [said, answered, closed])
      expect(foundIn(whole({ events: [event] }), jones)).toEqual(['thread'])
    const alert = anAlert('a1', 'b1', {
      thread: [{ at: 1, by: ada, kind: 'note', text: 'MR JONES' }],
    })
    expect(foundIn(whole({ alert }), jones)).toEqual(['thread'])
  })

  test('by number and by person, all conditions at once', () => {
    const alert = anAlert('a1', 'b1', { closed: { at: 1, by: ada, reason: 'closed-by-person' } })
    const asked = whole({ alert, bleep: aBleep('b1', { page: page('MR JONES') }) })
    expect(foundIn(asked, about({ person: ada }))).toEqual(['asked'])
    expect(foundIn(asked, about({ person: asId<PersonId>('ben') }))).toEqual([])
    expect(foundIn(asked, about({ number: '0028' }))).toEqual(['number'])
    expect(foundIn(asked, about({ number: '28' }))).toEqual([])
    expect(foundIn(asked, about({ person: ada, number: '0028', text: 'jones' }))).toEqual(['page'])
    expect(foundIn(asked, about({ person: ada, text: 'smith' }))).toEqual([])
  })
})
