import { expect, test } from 'vitest'
import type { Device } from '../../../src/core/deliver/device.ts'
import { leaversOf } from '../../../src/core/govern/leavers.ts'
import { asId } from '../../../src/core/ids.ts'
import { aPhone } from '../../support/delivery.ts'
import { aHolding, wardDirectory } from '../../support/ward.ts'

const directory = wardDirectory(aHolding())
const [someone] = directory.people.keys()
const of = (person: string, more: Partial<Device> = {}): Device => ({
  ...aPhone(`phone-of-${person}`),
  owner: { kind: 'person', person: asId(person) },
  ...more,
})
const staff = (count: number) => Array.from({ length: count }, () => of(someone ?? ''))

test('whoever is not listed, or a role that is gone, is out; what is out of use already is left alone', () => {
  const out = [
    of('nobody'),
    of('nobody', { state: 'dead' }),
    of('x', { owner: { kind: 'role', role: asId('gone') } }),
  ]
  const old = [of('nobody', { state: 'revoked' }), of('nobody', { state: 'signed-out' })]
  expect(leaversOf([...staff(2), ...out, ...old], directory)).toEqual({ out, held: 0 })
})

test('a list of people that has lost a fifth of them takes out nobody', () => {
  const gone = Array.from({ length: 11 }, (_, i) => of(`gone-${i}`))
  expect(leaversOf([...staff(43), ...gone], directory)).toEqual({ out: [], held: 11 })
  expect(leaversOf([...staff(44), ...gone], directory).out).toHaveLength(11)
  expect(leaversOf(gone.slice(0, 10), directory).out).toHaveLength(10)
})
