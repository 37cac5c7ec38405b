import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { agreedIn } from '../support/everywhere.ts'
import { type WholeWorld, wholeWorld } from '../support/whole-world.ts'

/* The clock of a running daemon's machine is set: the jump is told everywhere, nothing else turns red, and calls ring. */
const closers: (() => unknown)[] = []
let world: WholeWorld
beforeAll(async () => {
  world = await wholeWorld(closers)
})
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const until = (look: () => unknown) => expect.poll(look, { interval: 100 })

test.each([
  ['forwards', 3_600_000],
  ['back', 0],
])(
  'the clock is set an hour %s: told everywhere, fit all the while, and calls ring on',
  async (_, to) => {
    const reds: unknown[] = []
    writeFileSync(world.at('clock'), String(to))
    const rang = world.rang()
    await until(async () => {
      const now = await world.said()
      if (now?.fit !== true) reds.push(now)
      return agreedIn(now)
    }).toEqual(['clock-off'])
    expect(reds).toEqual([])
    expect(await world.page(`THE CLOCK SAYS ${to}`)).toBe('250')
    await until(world.rang).toBeGreaterThanOrEqual(rang + 3)
  },
  150_000,
)
