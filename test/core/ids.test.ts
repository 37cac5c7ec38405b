import { expect, test } from 'vitest'
import { uuid7 } from '../../src/core/ids.ts'

test('version 7 ids carry the RFC 9562 appendix A.6 example time, version and variant', () => {
  const id = uuid7(
    0x017f22e279b0,
    Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]),
  )
  expect(id).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
})

test('ids sort by the time they were made', () => {
  const random = new Uint8Array(10)
  expect(uuid7(1000, random) < uuid7(1001, random)).toBe(true)
})
