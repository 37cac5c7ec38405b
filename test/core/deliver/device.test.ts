import { expect, test } from 'vitest'
import { deviceClass, ownerId } from '../../../src/core/deliver/device.ts'
import { asId } from '../../../src/core/ids.ts'

test('a device is a person’s, a role’s or a ward’s', () => {
  expect(ownerId({ kind: 'person', person: asId('ada') })).toBe('ada')
  expect(ownerId({ kind: 'role', role: asId('med-reg') })).toBe('med-reg')
  expect(ownerId({ kind: 'ward', ward: '7b' })).toBe('7b')
})

test('a policy takes a person’s phone for their own, and everything else for shared', () => {
  expect(deviceClass({ owner: { kind: 'person', person: asId('ada') } })).toBe('own')
  expect(deviceClass({ owner: { kind: 'role', role: asId('med-reg') } })).toBe('shared')
  expect(deviceClass({ owner: { kind: 'ward', ward: '7b' } })).toBe('shared')
})
