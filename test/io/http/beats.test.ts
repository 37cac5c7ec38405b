import { beforeEach, expect, test } from 'vitest'
import { Beats } from '../../../src/io/http/beats.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let clock: VirtualClock
let beats: Beats
let at: Record<string, number[]>
beforeEach(() => {
  clock = new VirtualClock(0)
  beats = new Beats(clock, 1600)
  at = {}
})
const join = (name: string) =>
  beats.join(() => {
    at[name] = [...(at[name] ?? []), clock.now()]
  })

test('a stream has its first beat within the time of one, and one in each such time after that', () => {
  join('a')
  clock.advance(4800)
  expect(at.a).toEqual([1600, 3200, 4800])
})

test('streams are spread over the time of one beat, and each keeps its own part of it', () => {
  for (let i = 0; i < 17; i++) join(`s${i}`)
  clock.advance(3200)
  expect(Array.from({ length: 16 }, (_, i) => at[`s${i}`])).toEqual(
    Array.from({ length: 16 }, (_, i) => [1600 - i * 100, 3200 - i * 100]),
  )
  // The seventeenth shares the part of the first.
  expect(at.s16).toEqual(at.s0)
})

test('one that comes later waits no longer than others', () => {
  join('a')
  clock.advance(550)
  join('b')
  clock.advance(1600)
  expect(at.b).toEqual([2000])
  clock.advance(1600)
  expect(at.b).toEqual([2000, 3600])
})

test('one timer runs for all of them while there is any, and none after that', () => {
  expect(clock.pending).toBe(0)
  const [a, b] = [join('a'), join('b')]
  expect(clock.pending).toBe(1)
  clock.advance(1000)
  a()
  expect(clock.pending).toBe(1)
  clock.advance(1600)
  expect([at.a, at.b?.length]).toEqual([undefined, 1])
  b()
  b()
  expect(clock.pending).toBe(0)
  clock.advance(1600)
  expect(at.b).toHaveLength(1)
  join('c')
  expect(clock.pending).toBe(1)
})
