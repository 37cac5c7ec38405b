import { expect, test } from 'vitest'
import { inSlices, restful } from '../../src/run/slices.ts'

test('long work rests as long as it took, once a slice is full, and never longer than ten milliseconds', async () => {
  let now = 0
  const rests: number[] = []
  const clock = {
    now: () => now,
    after(ms: number, run: () => void) {
      rests.push(ms)
      run()
      return { cancel() {} }
    },
  }
  function* work() {
    for (const took of [0.25, 0.5, 0.25, 3, 400]) {
      now += took
      yield
    }
    return 'done'
  }
  expect(await inSlices(work(), restful(clock))).toBe('done')
  expect(rests).toEqual([1, 3, 10])
})
