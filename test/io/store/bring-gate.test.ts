import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Gate, gateOf } from '../../../src/io/store/bring-gate.ts'

let working: number
let gate: Gate
/** Whether whoever waits is let through. */
let passed: boolean

beforeEach(() => {
  vi.useFakeTimers()
  working = 0
  gate = gateOf(() => working)
  passed = false
})
afterEach(() => {
  vi.useRealTimers()
})

const wait = () =>
  void gate.open?.then(() => {
    passed = true
  })

test('pages wait for the last turn no longer than two seconds, and it goes on and hears of it', async () => {
  const ends = Promise.withResolvers<void>()
  const stayed: boolean[] = []
  const done = gate.alone(async (stays) => {
    await ends.promise
    stayed.push(stays())
  })
  wait()
  await vi.advanceTimersByTimeAsync(1999)
  expect(passed).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(passed).toBe(true)
  expect(gate.open).toBeUndefined()
  ends.resolve()
  await done
  expect(stayed).toEqual([false])
})

test('a turn that asks in time has the gate shut to its end, and then everybody passes, however it ends', async () => {
  for (const error of [undefined, new Error('the file is full')]) {
    passed = false
    const ends = Promise.withResolvers<void>()
    const done = gate.alone(async (stays) => {
      expect(stays()).toBe(true)
      await ends.promise
      if (error) throw error
    })
    wait()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(passed).toBe(false)
    ends.resolve()
    await (error ? expect(done).rejects.toThrow(error) : done)
    expect(passed).toBe(true)
    expect(gate.open).toBeUndefined()
  }
})

test('what is under way is waited for; where it does not end within a second the turn is for another time', async () => {
  working = 1
  let ran = false
  const run = () =>
    gate.alone(async () => {
      ran = true
    })
  const refused = expect(run()).rejects.toMatchObject({ code: 'store-busy' })
  wait()
  await vi.advanceTimersByTimeAsync(1100)
  await refused
  expect([passed, ran]).toEqual([true, false])
  const done = run()
  await vi.advanceTimersByTimeAsync(500)
  working = 0
  await vi.advanceTimersByTimeAsync(10)
  await done
  expect(ran).toBe(true)
})
