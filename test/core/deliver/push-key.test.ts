import { expect, test } from 'vitest'
import { PUSH_KEY, pushKeyNote, withOldKey } from '../../../src/core/deliver/push-key.ts'
import { aPhone } from '../../support/delivery.ts'

test('the first key replaces none; another one does, from then on; the same one changes nothing', () => {
  expect(PUSH_KEY).toBe('push-key')
  const first = pushKeyNote(undefined, 'A', 1000)
  expect(first).toEqual({ key: 'A', since: 0 })
  expect(pushKeyNote(first, 'A', 2000)).toEqual(first)
  const second = pushKeyNote(first, 'B', 3000)
  expect(second).toEqual({ key: 'B', since: 3000 })
  expect(pushKeyNote(second, 'B', 4000)).toEqual(second)
  expect(pushKeyNote({ rubbish: true }, 'C', 5000)).toEqual({ key: 'C', since: 0 })
})

test('phones that subscribed before the key was changed are counted: active ones, and only where our key is used', () => {
  const at = { key: 'B', since: 3000 }
  const phones = [
    { ...aPhone('old'), enrolled: 1000 },
    { ...aPhone('renewed'), enrolled: 1000, subscribed: 3000 },
    { ...aPhone('late'), enrolled: 3000 },
    { ...aPhone('revoked'), enrolled: 1000, state: 'revoked' as const },
    { ...aPhone('native', 'apn'), enrolled: 1000 },
    { ...aPhone('again'), enrolled: 4000, subscribed: 2999 },
  ]
  expect(phones.map((one) => withOldKey([one], at))).toEqual([1, 0, 0, 0, 0, 1])
  expect(withOldKey(phones, at)).toBe(2)
})
