import { expect, test } from 'vitest'
import { createPause } from '../../src/web/console/pause.js'

function bed() {
  let now = 0
  const pause = createPause<string>(() => now)
  const pass = (ms: number) => {
    now += ms
  }
  return { pause, pass }
}

test('lists show what is live while the pointer rests or is over nothing that can be pressed', () => {
  const { pause, pass } = bed()
  expect(pause.see('one')).toBe('one')
  pause.moved(false)
  expect(pause.see('two')).toBe('two')
  pause.moved(true)
  pass(1300)
  expect(pause.see('three')).toBe('three')
})

test('while the pointer moves over something that can be pressed, what was shown stands still', () => {
  const { pause, pass } = bed()
  pause.see('one')
  pause.moved(true)
  expect(pause.see('two')).toBe('one')
  pass(1000)
  pause.moved(true)
  pass(1000)
  expect(pause.see('three')).toBe('one')
  pass(300)
  expect(pause.see('four')).toBe('four')
})

test('a button held down and an open list of choices pause it too', () => {
  const { pause, pass } = bed()
  pause.see('one')
  pause.pressed(true)
  pass(3000)
  expect(pause.see('two')).toBe('one')
  pause.pressed(false)
  pause.choosing(true)
  pass(900)
  expect(pause.see('three')).toBe('one')
  pause.choosing(false)
  pass(1300)
  expect(pause.see('four')).toBe('four')
})

test('a press beside the lists, as in the heading, holds nothing', () => {
  const { pause } = bed()
  pause.see('one')
  pause.pressed(false)
  pause.pressed(false)
  expect(pause.see('two')).toBe('two')
})

test('nobody holds the lists for long, however much they move', () => {
  const { pause, pass } = bed()
  pause.see('one')
  const seen: string[] = []
  for (let i = 0; i < 10; i++) {
    pause.moved(true)
    pass(1000)
    seen.push(pause.see(`${i}`))
  }
  expect(seen).toContain('5')
  expect(new Set(seen).size).toBeLessThan(4)
})
