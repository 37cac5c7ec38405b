import { describe, expect, test } from 'vitest'
import type { AlertEvent, Responder } from '../../../src/core/alert/alert.ts'
import {
  alertWithoutWords,
  bleepWithoutWords,
  deviceWithoutOwner,
  eventWithoutWords,
  names,
  renamed,
  sightingWithoutWords,
} from '../../../src/core/govern/erase.ts'
import { asId, type PersonId } from '../../../src/core/ids.ts'
import { aBleep, anAlert } from '../../contract/store.ts'

const ada = asId<PersonId>('ada')
const ben = asId<PersonId>('ben')
const gone = asId<PersonId>('gone-1')
const byAda = { kind: 'person', person: ada } as const
const byBoard = { kind: 'switchboard', operator: 'op' } as const

const responder = (person: PersonId, more: Partial<Responder> = {}): Responder => ({
  ...{ person, roles: [], state: 'accepted', asked: 1, rung: 1, path: 0, since: 2, changed: 1 },
  ...more,
})
const WRITTEN = anAlert('a1', 'b1', {
  phase: 'closed',
  responders: { [ada]: responder(ada, { eta: '5 MIN' }), [ben]: responder(ben, { eta: '9 MIN' }) },
  thread: [
    { at: 3, by: ada, kind: 'eta', text: '5 MIN' },
    { at: 4, by: 'switchboard', kind: 'note', text: 'MR JONES' },
  ],
  closed: { at: 9, by: ada, reason: 'closed-by-person' },
})

test('a bleep without its words says who, when and how urgent, and since when they are gone', () => {
  const page = {
    ...aBleep('b1').page,
    text: 'MR JONES WARD 7B',
    fields: { displayMessage: 'MR JONES' },
    radio: { baud: 1200, addressBit: 1, endBit: 2, emittedBit: 3, words: [7, -1] },
  }
  const meaning = {
    ...({ kind: 'met', class: 'urgent', rule: 'r', reason: 'class-text' } as const),
    ...{ place: 'WARD 7B', callBack: '4421', eta: '5' },
  }
  const bleep = aBleep('b1', { page, meaning })
  expect(bleepWithoutWords(bleep, 50)).toEqual({
    ...bleep,
    erased: 50,
    page: { ...page, text: '', fields: {}, radio: { ...page.radio, words: [] } },
    meaning: { kind: 'met', class: 'urgent', rule: 'r', reason: 'class-text' },
  })
  expect(bleepWithoutWords(aBleep('b1'), 50).meaning).toBeUndefined()
  const sighting = {
    ...{ id: asId<never>('s1'), bleep: asId<never>('b1'), feed: asId<never>('f'), tap: 't' },
    ...{ node: asId<never>('n'), page, begun: 1, reason: 'other-tap' as const },
  }
  expect(JSON.stringify(sightingWithoutWords(sighting))).not.toContain('JONES')
})

describe('what was written on an alert goes', () => {
  test('whoever wrote it, and that they wrote stays', () => {
    const bare = alertWithoutWords(WRITTEN)
    expect(bare.thread).toEqual([
      { at: 3, by: ada, kind: 'eta', text: '' },
      { at: 4, by: 'switchboard', kind: 'note', text: '' },
    ])
    expect(Object.values(bare.responders).map((r) => r.eta)).toEqual([undefined, undefined])
    expect({ ...bare, thread: [], responders: {} }).toEqual({ ...WRITTEN, thread: [], responders: {} })
  })

  test('or only what one person wrote', () => {
    const bare = alertWithoutWords(WRITTEN, ada)
    expect(bare.thread.map((s) => s.text)).toEqual(['', 'MR JONES'])
    expect(Object.values(bare.responders).map((r) => r.eta)).toEqual([undefined, '9 MIN'])
  })

  const events: readonly AlertEvent[] = [
    { kind: 'said', at: 1, by: byAda, said: { kind: 'note', text: 'MR JONES' } },
    { kind: 'said', at: 1, by: byBoard, said: { kind: 'note', text: 'MR JONES' } },
    { kind: 'answered', at: 2, by: byAda, person: ada, answer: 'accepted', version: 1, note: 'JONES' },
    { kind: 'closed', at: 3, by: byBoard, version: 2, note: 'JONES' },
    { kind: 'due', at: 4, name: 'step-1' },
    { kind: 'clock-set-back', at: 4, by: 5 },
  ]
  test('from its events too', () => {
    const bare = events.map((event) => eventWithoutWords(event))
    expect(JSON.stringify(bare)).not.toContain('JONES')
    expect(bare.map(({ kind, at }) => [kind, at])).toEqual(events.map(({ kind, at }) => [kind, at]))
    expect(bare.slice(4)).toEqual(events.slice(4))
    const ownOnly = events.map((event) => eventWithoutWords(event, ada))
    expect(ownOnly.map((event) => JSON.stringify(event).includes('JONES'))).toEqual([
      ...[false, true, false, true, false, false],
    ])
  })
})

describe('a pseudonym takes a person’s place', () => {
  test('wherever their id stands for them, and nowhere else', () => {
    const now = renamed(WRITTEN, ada, gone)
    expect(names(WRITTEN, ada)).toBe(true)
    expect(names(now, ada)).toBe(false)
    expect(Object.keys(now.responders)).toEqual(['gone-1', 'ben'])
    expect(now.responders[gone]?.person).toBe(gone)
    expect(now.closed?.by).toBe(gone)
    expect(now.thread[0]?.by).toBe(gone)
    expect(names(now, ben)).toBe(true)
  })

  test('in events: who did it, whom it was about, who held a role, whom a step asks', () => {
    const event: AlertEvent = {
      ...{ kind: 'answered', at: 2, by: byAda, person: ada, answer: 'accepted', version: 1 },
      resolved: [
        {
          target: { kind: 'person', person: ada },
          holders: [{ person: ada, role: asId('reg'), source: 'rota' }],
        },
      ],
    }
    expect(JSON.stringify(renamed(event, ada, gone))).not.toContain('ada')
    const handed: AlertEvent = { kind: 'handed-over', at: 3, role: asId('reg'), from: ada, to: ben }
    expect(renamed(handed, ada, gone)).toEqual({ ...handed, from: gone })
    expect(names(handed, ben)).toBe(true)
  })

  test('a role, a kind or a word that looks like a person’s id is none', () => {
    const other = {
      role: 'ada',
      roles: ['ada'],
      said: { kind: 'note', text: 'ada' },
      attention: { reason: 'ada' },
    }
    expect(renamed(other, ada, gone)).toEqual(other)
    expect(names(other, ada)).toBe(false)
  })
})

test('a device of somebody who is gone can neither be rung nor found', () => {
  const device = deviceWithoutOwner(
    {
      ...{ id: asId('d1'), owner: { kind: 'person', person: ada }, label: 'Ada’s phone' },
      ...{ channel: 'webpush', address: '{"endpoint":"x"}', state: 'active', enrolled: 1, seen: 5 },
      clock: { offset: 1, uncertainty: 1 },
    },
    gone,
  )
  expect(device).toEqual({
    ...{ id: 'd1', owner: { kind: 'person', person: gone }, label: '', channel: 'webpush' },
    ...{ address: '', state: 'revoked', enrolled: 1 },
  })
})
