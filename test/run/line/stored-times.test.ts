import { expect, test } from 'vitest'
import { asId, type BleepId } from '../../../src/core/ids.ts'
import { storedTimes } from '../../../src/run/line/stored-times.ts'

const id = (n: number) => asId<BleepId>(`b${n}`)

test('the time of a bleep is given once', () => {
  const times = storedTimes()
  times.onStored(id(1), 5)
  expect([times.storedAt(id(1)), times.storedAt(id(1)), times.storedAt(id(2))]).toEqual([
    5,
    undefined,
    undefined,
  ])
})

test('of more than a thousand that wait the oldest are forgotten', () => {
  const times = storedTimes()
  for (let n = 0; n <= 1000; n++) times.onStored(id(n), n)
  expect([0, 1, 1000].map((n) => times.storedAt(id(n)))).toEqual([undefined, 1, 1000])
})
