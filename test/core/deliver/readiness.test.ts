import { describe, expect, test } from 'vitest'
import type { Device } from '../../../src/core/deliver/device.ts'
import { dutiesOf, phoneOf, readinessOf, roleState } from '../../../src/core/deliver/readiness.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import type { Site } from '../../../src/core/directory/site.ts'
import { HOUR } from '../../../src/core/instant.ts'
import { aPhone } from '../../support/delivery.ts'
import { aLine, aPerson, aRole, person, role, smallSite } from '../../support/small-site.ts'

/** A Monday in winter: London's clocks are on UTC. */
const AT = Date.UTC(2026, 10, 30, 10)
const day = (hour: number) => Date.UTC(2026, 10, 30, hour)
const duties = (more: Partial<Site> = {}, at = AT) =>
  dutiesOf(buildDirectory(smallSite(more)), at).map(
    ({ role: of, holder, next, from, to }) =>
      `${of} ${holder} ${next ? 'next' : 'now'} ${(from - day(0)) / HOUR}-${(to - day(0)) / HOUR}`,
  )

describe('whose phones a crash role hangs on', () => {
  test('its holder now, and whoever takes over at the next change of shift', () => {
    expect(duties()).toEqual(['reg ada now 8-20', 'reg ben next 20-32'])
  })

  test('of later shifts nothing is said yet', () => {
    expect(duties({}, day(21))).toEqual(['reg ben now 20-32', 'reg ada next 32-44'])
  })

  test('a role that is no crash role, or that only listens, is nobody’s care', () => {
    expect(duties({ roles: [aRole('reg')] })).toEqual([])
    expect(duties({ roles: [aRole('reg', { crash: true, listens: true })] })).toEqual([])
  })

  test('who has a pager only is not expected to ring, now or next', () => {
    const people = [aPerson('ada', { pagerOnly: true }), aPerson('ben', { pagerOnly: true })]
    expect(duties({ people })).toEqual([])
  })

  test('of two who begin both are named, whoever goes on among them', () => {
    const twice = [aLine('reg', 'ada', 'day'), aLine('reg', 'ada', 'night'), aLine('reg', 'ben', 'night')]
    expect(duties({ rota: twice })).toEqual([
      ...['reg ada now 8-20', 'reg ada next 20-32', 'reg ben next 20-32'],
    ])
    expect(duties({ rota: [aLine('reg', 'ben', 'night'), aLine('reg', 'cat', 'night')] })).toEqual([
      ...['reg ben next 20-32', 'reg cat next 20-32'],
    ])
  })

  test('with nobody on the rota there is nobody to prove', () => {
    expect(duties({ rota: [] })).toEqual([])
  })
})

const phone = (id: string, more: Partial<Device> = {}): Device => ({
  ...aPhone(id),
  owner: { kind: 'person', person: person('ada') },
  ...more,
})
const readiness = (devices: readonly Device[], at = AT) =>
  readinessOf(buildDirectory(smallSite()), devices, at).filter(({ next }) => !next)

describe('how each of them can be rung', () => {
  test('by their own devices and by those of the role, and by nobody else’s', () => {
    const proved = { webpush: { at: AT - HOUR, by: 'ring' as const } }
    const all = [
      phone('own', { proved }),
      phone('ward', { owner: { kind: 'role', role: role('reg') } }),
      phone('other', { owner: { kind: 'person', person: person('ben') } }),
      phone('elsewhere', { owner: { kind: 'role', role: role('sho') } }),
      phone('screen', { owner: { kind: 'ward', ward: '7b' } }),
    ]
    const [ada] = readiness(all)
    expect(ada?.ways).toHaveLength(4)
    expect(ada).toMatchObject({ state: 'proved', closed: 'proved', last: proved.webpush })
  })

  test('with the app open only: rung, and told that it would not be with the app closed', () => {
    const [ada] = readiness([phone('own', { proved: { socket: { at: AT, by: 'ring' } } })])
    expect(ada).toMatchObject({ state: 'proved', closed: 'none' })
  })

  test('a ward handset, a number or nothing has no app to close', () => {
    const handset = { ...phone('handset'), channel: 'socket' as const }
    expect(readiness([handset])[0]).not.toHaveProperty('closed')
    expect(readiness([phone('number', { channel: 'voice' })])[0]).not.toHaveProperty('closed')
    expect(readiness([phone('gone', { state: 'revoked' })])[0]).toMatchObject({ ways: [], state: 'none' })
    expect(readiness([phone('gone', { state: 'revoked' })])[0]).not.toHaveProperty('closed')
    expect(readiness([])[0]).not.toHaveProperty('last')
  })

  test('a dead push address still wants its app to ring while closed', () => {
    const proved = { socket: { at: AT, by: 'ring' as const } }
    expect(readiness([phone('own', { state: 'dead', proved })])[0]).toMatchObject({ closed: 'none' })
  })

  test('of anybody’s phones the same is said, in the order of their choice', () => {
    const first = phone('first', { rank: 1, proved: { socket: { at: AT, by: 'self-test' } } })
    const text = { ...phone('text'), channel: 'nudge' as const }
    const said = phoneOf([text, phone('second', { seen: AT }), first], AT)
    expect(said.ways.map(({ channel }) => channel)).toEqual([
      ...['webpush', 'socket', 'webpush', 'socket', 'nudge'],
    ])
    expect(said.ways[1]).toMatchObject({ proof: { by: 'self-test' } })
    expect(said).toMatchObject({ state: 'proved', last: { at: AT } })
    expect(phoneOf([], AT)).toEqual({ ways: [], state: 'none', lost: false })
  })
})

test('all push addresses gone is a phone lost, whatever else rings; one that is there is not', () => {
  const dead = phone('own', { state: 'dead' })
  expect(phoneOf([dead], AT).lost).toBe(true)
  expect(phoneOf([dead, phone('other')], AT).lost).toBe(false)
  expect(phoneOf([phone('number', { channel: 'voice' })], AT).lost).toBe(false)
})

test('a role is as well as the worst of those who hold it now', () => {
  const of = (state: 'proved' | 'not-since' | 'none', next = false) => ({
    ...{ role: role('reg'), holder: person('ada'), from: 0, to: 1, next, ways: [], state, lost: false },
  })
  expect(roleState([of('proved'), of('not-since')], role('reg'))).toBe('not-since')
  expect(roleState([of('proved'), of('none'), of('not-since')], role('reg'))).toBe('none')
  expect(roleState([of('proved'), of('none', true)], role('reg'))).toBe('proved')
  expect(roleState([of('none', true)], role('reg'))).toBeUndefined()
  expect(roleState([of('none')], role('sho'))).toBeUndefined()
})

describe('at the very second of a change', () => {
  test('whoever begins has it, and whoever ends has not', () => {
    expect(duties({}, day(20))).toEqual(['reg ben now 20-32', 'reg ada next 32-44'])
    expect(duties({}, day(20) - 1)).toEqual(['reg ada now 8-20', 'reg ben next 20-32'])
  })

  test('of two duties of one person the one that is on is told', () => {
    const both = [aLine('reg', 'ada', 'day'), aLine('reg', 'ada', 'night')]
    expect(duties({ rota: both })[0]).toBe('reg ada now 8-20')
    expect(duties({ rota: both }, day(21))[0]).toBe('reg ada now 20-32')
  })
})

describe('shifts that overlap', () => {
  const shifts = [
    { id: 'day', name: 'Day', from: '08:00', to: '20:00' },
    { id: 'late', name: 'Late', from: '14:00', to: '22:00' },
    { id: 'long', name: 'Long', from: '09:00', to: '21:00' },
  ]

  test('each holder is told by their own duty', () => {
    const rota = [aLine('reg', 'ada', 'day'), aLine('reg', 'cat', 'long'), aLine('reg', 'ben', 'late')]
    expect(duties({ shifts, rota })).toEqual([
      ...['reg ada now 8-20', 'reg cat now 9-21', 'reg ben next 14-22'],
    ])
    expect(duties({ shifts, rota }, day(15))).toEqual([
      ...['reg ada now 8-20', 'reg cat now 9-21', 'reg ben now 14-22', 'reg ada next 32-44'],
    ])
  })

  test('whoever has it anyway when their next duty begins is not named a second time', () => {
    const rota = [aLine('reg', 'ada', 'day'), aLine('reg', 'ada', 'late'), aLine('reg', 'ben', 'late')]
    expect(duties({ shifts, rota })).toEqual(['reg ada now 8-20', 'reg ben next 14-22'])
  })
})

test('an address that is said to be gone is lost, though nobody has given it up yet', () => {
  expect(phoneOf([phone('own', { saidGone: AT - 1 })], AT).lost).toBe(true)
  expect(phoneOf([phone('own', { saidGone: AT - 1 }), phone('other')], AT).lost).toBe(false)
})
