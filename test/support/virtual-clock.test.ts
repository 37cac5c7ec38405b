import { expect, test } from 'vitest'
import { VirtualClock } from './virtual-clock.ts'

test('timers run in order of due time, and a timer set by a timer still counts', () => {
  const clock = new VirtualClock(0)
  const seen: string[] = []
  clock.after(20, () => seen.push(`b${clock.now()}`))
  clock.after(10, () => {
    seen.push(`a${clock.now()}`)
    clock.after(5, () => seen.push(`c${clock.now()}`))
  })
  clock.after(15, () => seen.push('never')).cancel()
  clock.advance(30)
  expect(seen).toEqual(['a10', 'c15', 'b20'])
  expect(clock.now()).toBe(30)
  expect(clock.pending).toBe(0)
})

test('elapse lets an awaiting loop take its next turn before later timers', async () => {
  const clock = new VirtualClock(0)
  const seen: number[] = []
  const wait = (ms: number) => new Promise<void>((done) => clock.after(ms, done))
  const loop = (async () => {
    for (let i = 0; i < 3; i++) {
      await wait(10)
      seen.push(clock.now())
    }
  })()
  await clock.elapse(30)
  await loop
  expect(seen).toEqual([10, 20, 30])
})
