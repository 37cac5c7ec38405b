import { expect, test } from 'vitest'
import { createHold } from '../../src/web/console/hold.js'

function bed() {
  let now = 0
  const hold = createHold<string>(() => now)
  const pass = (ms: number) => {
    now += ms
  }
  return { hold, pass }
}

test('lists show what is live while the pointer rests or is over nothing that can be pressed', () => {
  const { hold, pass } = bed()
  expect(hold.see('one')).toBe('one')
  hold.moved(false)
  expect(hold.see('two')).toBe('two')
  hold.moved(true)
  pass(1300)
  expect(hold.see('three')).toBe('three')
})

test('while the pointer moves over something that can be pressed, what was shown stands still', () => {
  const { hold, pass } = bed()
  hold.see('one')
  hold.moved(true)
  expect(hold.see('two')).toBe('one')
  pass(1000)
  hold.moved(true)
  pass(1000)
  expect(hold.see('three')).toBe('one')
  pass(300)
  expect(hold.see('four')).toBe('four')
})

test('a button held down and an open list of choices hold it too', () => {
  const { hold, pass } = bed()
  hold.see('one')
  hold.pressed(true)
  pass(3000)
  expect(hold.see('two')).toBe('one')
  hold.pressed(false)
  hold.choosing(true)
  pass(900)
  expect(hold.see('three')).toBe('one')
  hold.choosing(false)
  pass(1300)
  expect(hold.see('four')).toBe('four')
})

test('a press beside the lists, as in the heading, holds nothing', () => {
  const { hold } = bed()
  hold.see('one')
  hold.pressed(false)
  hold.pressed(false)
  expect(hold.see('two')).toBe('two')
})

test('nobody holds the lists for long, however much they move', () => {
  const { hold, pass } = bed()
  hold.see('one')
  const seen: string[] = []
  for (let i = 0; i < 10; i++) {
    hold.moved(true)
    pass(1000)
    seen.push(hold.see(`${i}`))
  }
  expect(seen).toContain('5')
  expect(new Set(seen).size).toBeLessThan(4)
})
