import { expect, test } from 'vitest'
import { inSlices, restful } from '../../src/run/slices.ts'

test.each([
  [1, [1, 3, 10]],
  [2, [2, 6, 10]],
])(
  'long work rests %i times as long as it took, once a slice is full, and never longer than ten milliseconds',
  async (times, rested) => {
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
    expect(await inSlices(work(), restful(clock, times))).toBe('done')
    expect(rests).toEqual(rested)
  },
)
