import { describe, expect, test } from 'vitest'
import type { StoredEdit } from '../../../src/core/directory/build.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import type { EditInput } from '../../../src/core/directory/edits.ts'
import { editSchema } from '../../../src/core/directory/edits.ts'
import type { Site } from '../../../src/core/directory/site.ts'
import { HOUR, parseInstant } from '../../../src/core/instant.ts'
import { aPerson, aRole, person, role, smallSite } from '../../support/small-site.ts'

const REG = role('reg')
const at = (text: string) => parseInstant(text) ?? Number.NaN
const NOON = at('2026-01-05T12:00:00Z')
const MIDNIGHT = at('2026-01-06T00:00:00Z')

function withEdits(edits: readonly EditInput[], more: Partial<Site> = {}) {
  const stored = edits.map((edit, i): StoredEdit => ({ id: `e${i}`, at: NOON, by: 'desk', edit }))
  return buildDirectory(smallSite(more), stored)
}
const on = (directory: ReturnType<typeof buildDirectory>, instant: number) =>
  directory.holders(REG, instant).map((h) => h.person)
const hour = (n: number) => NOON + n * HOUR

describe('override', () => {
  const edit = (mode: 'instead' | 'also'): EditInput => ({
    kind: 'override',
    role: 'reg',
    person: 'cat',
    from: hour(1),
    to: hour(2),
    mode,
  })

  test('puts somebody on instead, for its span only', () => {
    const directory = withEdits([edit('instead')])
    expect(on(directory, hour(1) - 1)).toEqual(['ada'])
    expect(on(directory, hour(1))).toEqual(['cat'])
    expect(on(directory, hour(2) - 1)).toEqual(['cat'])
    expect(on(directory, hour(2))).toEqual(['ada'])
    expect(directory.holders(REG, hour(1))[0]?.source).toBe('override e0')
  })

  test('puts somebody on as well', () => {
    expect(on(withEdits([edit('also')]), hour(1)).sort()).toEqual(['ada', 'cat'])
  })

  test('may span a change of shift', () => {
    const directory = withEdits([
      { kind: 'override', role: 'reg', person: 'cat', from: hour(7), to: hour(9) },
    ])
    expect(on(directory, hour(7))).toEqual(['cat'])
    expect(on(directory, hour(8))).toEqual(['cat'])
    expect(on(directory, hour(9))).toEqual(['ben'])
    expect(directory.duties(REG, hour(7), hour(9)).map((d) => d.person)).toEqual(
      ['ada', 'cat', 'ben'].slice(1, 2),
    )
  })

  test('of whom is already on changes nothing but the source', () => {
    const directory = withEdits([
      { kind: 'override', role: 'reg', person: 'ada', from: hour(1), to: hour(2), mode: 'also' },
    ])
    expect(on(directory, hour(1))).toEqual(['ada'])
  })
})

describe('swap', () => {
  test('exchanges two duties on two days', () => {
    const directory = withEdits([
      {
        kind: 'swap',
        legs: [
          { role: 'reg', from: hour(-4), to: hour(8), gives: 'ada', takes: 'ben' },
          { role: 'reg', from: hour(8), to: hour(20), gives: 'ben', takes: 'ada' },
        ],
      },
    ])
    expect(on(directory, NOON)).toEqual(['ben'])
    expect(on(directory, MIDNIGHT)).toEqual(['ada'])
    expect(on(directory, hour(20))).toEqual(['ada'])
    expect(on(directory, hour(32))).toEqual(['ben'])
  })

  test('leaves the taker’s own duty alone where the giver has none', () => {
    const leg = { role: 'reg', from: hour(-4), to: hour(20), gives: 'ada', takes: 'ben' }
    const directory = withEdits([{ kind: 'swap', legs: [leg] }])
    expect(on(directory, NOON)).toEqual(['ben'])
    expect(on(directory, MIDNIGHT)).toEqual(['ben'])
  })

  test('puts nobody on where the giver has no duty', () => {
    const leg = { role: 'reg', from: hour(-4), to: hour(20), gives: 'ada', takes: 'cat' }
    const directory = withEdits([{ kind: 'swap', legs: [leg] }])
    expect(on(directory, NOON)).toEqual(['cat'])
    expect(on(directory, MIDNIGHT)).toEqual(['ben'])
    expect(on(withEdits([{ kind: 'swap', legs: [{ ...leg, gives: 'dov' }] }]), NOON)).toEqual(['ada'])
  })
})

describe('leave', () => {
  const leave: EditInput = { kind: 'leave', person: 'ada', from: hour(1), to: hour(2) }

  test('takes the person off every role', () => {
    const directory = withEdits([leave])
    expect(on(directory, hour(1) - 1)).toEqual(['ada'])
    expect(on(directory, hour(1))).toEqual([])
    expect(on(directory, hour(2))).toEqual(['ada'])
  })

  test('the later word wins', () => {
    const back: EditInput = { kind: 'override', role: 'reg', person: 'ada', from: hour(1), to: hour(2) }
    expect(on(withEdits([leave, back]), hour(1))).toEqual(['ada'])
    expect(on(withEdits([back, leave]), hour(1))).toEqual([])
  })

  test('of the person who stands in counts too', () => {
    const standIn: EditInput = { kind: 'override', role: 'reg', person: 'cat', from: hour(0), to: hour(3) }
    expect(on(withEdits([standIn, { ...leave, person: 'cat' }]), hour(1))).toEqual([])
  })

  test('written in the site files lies under every edit', () => {
    const changes = [{ kind: 'leave' as const, person: person('ada'), from: hour(0), to: hour(3) }]
    expect(on(withEdits([], { changes }), hour(1))).toEqual([])
    const back: EditInput = { kind: 'override', role: 'reg', person: 'ada', from: hour(1), to: hour(2) }
    expect(on(withEdits([back], { changes }), hour(1))).toEqual(['ada'])
  })
})

describe('people', () => {
  const edit = (id: string, active: boolean): EditInput => ({
    kind: 'person',
    person: id,
    name: 'New Name',
    staffGroup: 'nurse',
    active,
  })

  test('join and can be put on', () => {
    const put: EditInput = { kind: 'override', role: 'reg', person: 'eve', from: hour(0), to: hour(1) }
    const directory = withEdits([edit('eve', true), put])
    expect(directory.people.get(person('eve'))).toMatchObject({
      name: 'New Name',
      staffGroup: 'nurse',
      active: true,
    })
    expect(on(directory, NOON)).toEqual(['eve'])
  })

  test('leave, and hold nothing from then on', () => {
    const directory = withEdits([edit('ada', false)])
    expect(on(directory, NOON - 1)).toEqual(['ada'])
    expect(on(directory, NOON)).toEqual([])
    expect(on(directory, hour(24))).toEqual([])
  })

  test('come back', () => {
    const stored = [
      { id: 'a', at: NOON, by: 'desk', edit: edit('ada', false) },
      { id: 'b', at: hour(2), by: 'desk', edit: edit('ada', true) },
    ]
    const directory = buildDirectory(smallSite(), stored)
    expect(on(directory, hour(1))).toEqual([])
    expect(on(directory, hour(2))).toEqual(['ada'])
  })

  test('who had left before the files were written hold nothing', () => {
    const directory = withEdits([], { people: [aPerson('ada', { active: false }), aPerson('ben')] })
    expect(on(directory, NOON)).toEqual([])
    expect(on(directory, MIDNIGHT)).toEqual(['ben'])
  })
})

describe('what is left out', () => {
  test('a revoked edit', () => {
    const directory = withEdits([
      { kind: 'leave', person: 'ada', from: hour(0), to: hour(3) },
      { kind: 'revoke', edit: 'e0' },
    ])
    expect(on(directory, NOON)).toEqual(['ada'])
    expect(directory.leftOut).toEqual([{ edit: 'e0', reason: 'edit-revoked' }])
  })

  test('an edit that cannot be read, without harm to the others', () => {
    const directory = buildDirectory(smallSite(), [
      { id: 'x', at: NOON, by: 'desk', edit: { kind: 'promote', person: 'ada' } },
      { id: 'y', at: NOON, by: 'desk', edit: { kind: 'leave', person: 'ada', from: hour(0), to: hour(3) } },
    ])
    expect(directory.leftOut).toEqual([{ edit: 'x', reason: 'edit-unreadable' }])
    expect(on(directory, NOON)).toEqual([])
  })

  test.each<EditInput>([
    { kind: 'leave', person: 'nobody', from: 0, to: 1 },
    { kind: 'override', role: 'reg', person: 'nobody', from: 0, to: 1 },
    { kind: 'override', role: 'none', person: 'ada', from: 0, to: 1 },
    { kind: 'swap', legs: [{ role: 'reg', from: 0, to: 1, gives: 'ada', takes: 'nobody' }] },
    { kind: 'take', role: 'none', person: 'ada', until: 1, free: true },
    { kind: 'offer', role: 'reg', from: 'ada', to: 'nobody' },
  ])('an edit that names what is not there: %j', (edit) => {
    expect(withEdits([edit]).leftOut).toEqual([{ edit: 'e0', reason: 'edit-pointless' }])
  })

  test.each([
    { kind: 'leave', person: 'ada' },
    { kind: 'override', role: 'reg', person: 'ada' },
  ])('a span that ends before it begins is no edit: %j', (edit) => {
    expect(editSchema.safeParse({ ...edit, from: 2, to: 2 }).success).toBe(false)
    expect(editSchema.safeParse({ ...edit, from: 2, to: 3 }).success).toBe(true)
  })
})

test('the snapshot cannot be changed and finds numbers by RIC, with and without function', () => {
  const directory = withEdits([], { roles: [aRole('reg')] })
  expect(Object.isFrozen(directory)).toBe(true)
  expect(directory.rics.get('1000000')?.number).toBe('1113')
  expect(directory.rics.get('1000056/2')?.number).toBe('2220')
  expect(directory.rics.get('1000056')).toBeUndefined()
})
