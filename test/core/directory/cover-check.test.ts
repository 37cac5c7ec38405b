import { describe, expect, test } from 'vitest'
import type { StoredEdit } from '../../../src/core/directory/build.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { findRotaFlaws, findUnclaimed } from '../../../src/core/directory/cover-check.ts'
import type { Role } from '../../../src/core/directory/directory.ts'
import type { Site } from '../../../src/core/directory/site.ts'
import { DAY, HOUR, MINUTE, parseInstant } from '../../../src/core/instant.ts'
import { aLine, aRole, smallSite } from '../../support/small-site.ts'

const at = (text: string) => parseInstant(text) ?? Number.NaN
const MONDAY = at('2026-01-05T00:00:00Z')
const EIGHT = MONDAY + 8 * HOUR
const EVENING = MONDAY + 20 * HOUR

const flaws = (more: Partial<Site>, from = MONDAY, to = MONDAY + 7 * DAY) =>
  findRotaFlaws(buildDirectory(smallSite(more)), from, to)

describe('gaps and double cover', () => {
  test('a rota without holes has none, also where the clocks change', () => {
    expect(flaws({}, at('2026-03-23T00:00:00Z'), at('2026-04-06T00:00:00Z'))).toEqual([])
    expect(flaws({}, at('2026-10-19T00:00:00Z'), at('2026-11-02T00:00:00Z'))).toEqual([])
  })

  test('a night without anybody is a gap, known days before', () => {
    const rota = [aLine('reg', 'ada', 'day'), aLine('reg', 'ben', 'night', { days: [1, 2, 3, 4, 5, 6] })]
    expect(flaws({ rota })).toEqual([
      {
        role: 'reg',
        reason: 'rota-gap',
        holders: 0,
        wanted: 1,
        from: MONDAY,
        to: MONDAY + 8 * HOUR,
      },
      {
        role: 'reg',
        reason: 'rota-gap',
        holders: 0,
        wanted: 1,
        from: MONDAY + 6 * DAY + 20 * HOUR,
        to: MONDAY + 7 * DAY,
      },
    ])
  })

  test('neighbouring gaps are one', () => {
    expect(flaws({ rota: [] })).toEqual([
      { role: 'reg', reason: 'rota-gap', holders: 0, wanted: 1, from: MONDAY, to: MONDAY + 7 * DAY },
    ])
  })

  test('leave makes a gap', () => {
    const edit = { kind: 'leave', person: 'ada', from: EIGHT + HOUR, to: EIGHT + 2 * HOUR }
    const directory = buildDirectory(smallSite(), [{ id: 'e', at: 0, by: 'desk', edit }])
    expect(findRotaFlaws(directory, MONDAY, MONDAY + DAY)).toMatchObject([
      { reason: 'rota-gap', from: EIGHT + HOUR, to: EIGHT + 2 * HOUR },
    ])
  })

  test('two people in one role are double cover, unless they overlap to hand over', () => {
    const shifts = (nightFrom: string) => [
      { id: 'day', name: 'Day', from: '08:00', to: '20:00' },
      { id: 'night', name: 'Night', from: nightFrom, to: '08:00' },
    ]
    expect(flaws({ shifts: shifts('19:15') }, MONDAY, MONDAY + DAY)).toEqual([])
    expect(flaws({ shifts: shifts('19:14') }, MONDAY, MONDAY + DAY)).toEqual([
      {
        role: 'reg',
        reason: 'rota-double',
        holders: 2,
        wanted: 1,
        from: EVENING - 46 * MINUTE,
        to: EVENING,
      },
    ])
  })

  test('a role that wants two people has a gap with one and none with two', () => {
    const roles = [aRole('reg', { holders: 2 })]
    expect(flaws({ roles }, EIGHT, EIGHT + HOUR)).toMatchObject([
      { reason: 'rota-gap', holders: 1, wanted: 2 },
    ])
    const rota = [aLine('reg', 'ada', 'day'), aLine('reg', 'cat', 'day')]
    expect(flaws({ roles, rota }, EIGHT, EIGHT + HOUR)).toEqual([])
  })

  test('outside a role’s hours and days nobody is missed', () => {
    const office: Partial<Role> = { hours: { from: '08:00', to: '16:00' }, days: [1, 2, 3, 4, 5] }
    const rota = [aLine('reg', 'ada', 'day', { days: [1, 2, 3, 4] })]
    expect(flaws({ roles: [aRole('reg', office)], rota })).toEqual([
      {
        role: 'reg',
        reason: 'rota-gap',
        holders: 0,
        wanted: 1,
        from: EIGHT + 4 * DAY,
        to: EIGHT + 4 * DAY + 8 * HOUR,
      },
    ])
    const weekdays = flaws({ roles: [aRole('reg', { days: [6] })], rota: [] })
    expect(weekdays).toMatchObject([{ from: MONDAY + 5 * DAY, to: MONDAY + 6 * DAY }])
  })

  test('hours that pass midnight are looked at from the day before', () => {
    const roles = [aRole('reg', { hours: { from: '20:00', to: '08:00' } })]
    expect(flaws({ roles, rota: [] }, MONDAY + 2 * HOUR, MONDAY + 3 * HOUR)).toMatchObject([
      { from: MONDAY + 2 * HOUR, to: MONDAY + 3 * HOUR },
    ])
  })
})

describe('unclaimed crash roles', () => {
  const unclaimed = (more: Partial<Site>, when: number, edits: readonly StoredEdit[] = []) =>
    findUnclaimed(buildDirectory(smallSite(more), edits), when, 15 * MINUTE)

  test('none while the rota holds', () => {
    expect(unclaimed({}, EIGHT)).toEqual([])
  })

  test('a crash role that nobody holds is one, since the last duty ended', () => {
    const rota = [aLine('reg', 'ada', 'day')]
    expect(unclaimed({ rota }, EVENING)).toEqual([{ role: 'reg', reason: 'role-unheld', since: EVENING }])
    expect(unclaimed({ rota: [] }, EVENING)).toEqual([{ role: 'reg', reason: 'role-unheld' }])
  })

  test('other roles and other hours are not', () => {
    expect(unclaimed({ rota: [], roles: [aRole('reg')] }, EVENING)).toEqual([])
    const roles = [aRole('reg', { crash: true, hours: { from: '08:00', to: '16:00' } })]
    expect(unclaimed({ rota: [], roles }, EVENING)).toEqual([])
    expect(unclaimed({ rota: [], roles }, EIGHT)).toHaveLength(1)
  })

  test('where the baton must be taken, the rota alone is not enough after the grace', () => {
    const roles = [aRole('reg', { crash: true, mustClaim: true })]
    const take = (when: number, who: string) => ({
      id: 'e',
      at: when,
      by: 'desk',
      edit: { kind: 'take', role: 'reg', person: who, until: EVENING + 12 * HOUR, free: true },
    })
    expect(unclaimed({ roles }, EVENING + 15 * MINUTE - 1)).toEqual([])
    expect(unclaimed({ roles }, EVENING + 15 * MINUTE)).toEqual([
      { role: 'reg', reason: 'role-unclaimed', since: EVENING },
    ])
    expect(unclaimed({ roles }, EVENING + HOUR, [take(EVENING - MINUTE, 'ben')])).toEqual([])
  })
})
