import { describe, expect, test } from 'vitest'
import type { Device } from '../../../src/core/deliver/device.ts'
import type { Privacy } from '../../../src/core/deliver/payload.ts'
import type { Directory } from '../../../src/core/directory/directory.ts'
import { hospitalNumbers } from '../../../src/core/directory/hospital-numbers.ts'
import { trustSchema } from '../../../src/core/directory/trust.ts'
import { asId } from '../../../src/core/ids.ts'
import type { Channel } from '../../../src/ports/channel.ts'
import { bellOf } from '../../../src/run/deliver/bell.ts'
import { anAttempt } from '../../contract/store.ts'
import { aPhone, bleepOf } from '../../support/delivery.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { aHolding, wardDirectory } from '../../support/ward.ts'

// What one push says, by the site's setting and the trust's policy.

const clock = new VirtualClock(1000)
const channel: Channel = {
  id: 'webpush',
  send: async () => ({ kind: 'taken' }),
  close: async () => undefined,
}
const own = aPhone('phone')
const shared: Device = { ...own, owner: { kind: 'role', role: asId('med-reg') } }
const ofA = (role: string): Device => ({ ...own, owner: { kind: 'role', role: asId(role) } })

const ring = (
  privacy: Privacy,
  known?: Directory,
  device = own,
  place: string | undefined = 'WARD 7B BED 3',
) => {
  const { meaning, ...bleep } = bleepOf('a', 1000, 'urgent')
  const told = { ...bleep, ...(meaning && place ? { meaning: { ...meaning, place } } : {}) }
  const attempt = anAttempt('t1', 'a', { class: 'urgent', person: asId('reg'), device: own.id })
  const directory = known && (() => known)
  return bellOf({ attempt, device, bleep: told, channel }, { privacy, clock, directory })
}
const trusting = (more: object): Directory => ({
  ...wardDirectory(aHolding()),
  trust: trustSchema.parse({ title: 'Paging', version: '1', ...more }),
})

test('it says which attempt, how urgent and why, and the place where the site has set that', () => {
  expect(ring('opaque')).toEqual({ id: 't1', class: 'urgent', purpose: 'ask' })
  expect(ring('place')).toMatchObject({ id: 't1', place: 'WARD 7B BED 3' })
  expect(ring('place', wardDirectory(aHolding()))).toMatchObject({ place: 'WARD 7B BED 3' })
})

test('a page of which nobody knows what it means names no place', () => {
  expect(ring('place', undefined, own, '')).toEqual({ id: 't1', class: 'urgent', purpose: 'ask' })
})

test('the hospital’s own patient numbers leave the place', () => {
  const mask = hospitalNumbers('[A-Z]\\d{6}')
  if (mask === undefined) throw new Error('no pattern')
  const place = 'WARD 7B A123456'
  expect(
    ring('place', { ...wardDirectory(aHolding()), hospitalNumbers: mask }, own, place).place,
  ).not.toContain('A123456')
})

describe('a trust’s policy', () => {
  test.each<[string, object, [place: boolean, own: boolean]]>([
    ['that says nothing', {}, [true, true]],
    ['on whoever it is', { content: [{ push: 'opaque' }] }, [false, false]],
    ['on shared devices', { content: [{ devices: 'shared', push: 'opaque' }] }, [false, true]],
    ['on people’s own', { content: [{ devices: 'own', push: 'opaque' }] }, [true, false]],
    [
      'on those who are asked for a role',
      { content: [{ roles: ['med-reg'], push: 'opaque' }] },
      [false, true],
    ],
    ['on another role', { content: [{ roles: ['porter'], push: 'opaque' }] }, [true, true]],
    ['on a staff group', { content: [{ staffGroups: ['doctor'], push: 'opaque' }] }, [false, false]],
    ['on this way', { content: [{ ways: ['webpush'], push: 'opaque' }] }, [false, false]],
    ['on another way', { content: [{ ways: ['apn'], push: 'opaque' }] }, [true, true]],
  ])('%s', (_, more, places) => {
    const known = trusting(more)
    expect([shared, own].map((device) => ring('place', known, device).place !== undefined)).toEqual(places)
  })

  test('holds for people of another organisation by the roles that they hold now', () => {
    const outside = { id: 'amb', name: 'Ambulance', roles: ['med-reg'], push: 'opaque' }
    expect(ring('place', trusting({ organisations: [outside] })).place).toBeUndefined()
    expect(ring('place', trusting({ organisations: [{ ...outside, roles: ['anaes'] }] })).place).toBeDefined()
    expect(ring('place', trusting({ organisations: [outside] }), ofA('anaes')).place).toBeDefined()
  })

  test('never lets a push say more than the site has set', () => {
    expect(ring('opaque', trusting({})).place).toBeUndefined()
  })
})
