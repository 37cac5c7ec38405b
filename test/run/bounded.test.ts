import { expect, test } from 'vitest'
import { STOPS, stopInOrder } from '../../src/app/stop.ts'
import { SECOND } from '../../src/core/instant.ts'
import { bounded } from '../../src/run/bounded.ts'
import { quietLog } from '../support/quiet.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

function bed() {
  const clock = new VirtualClock()
  const said: string[] = []
  const log = {
    ...quietLog,
    warn: (event: string, fields?: object) => void said.push(`${event} ${JSON.stringify(fields)}`),
  }
  return { clock, said, log, within: bounded({ clock, log }) }
}

test('a part that ends is waited for, and nothing is left behind', async () => {
  const { clock, said, within } = bed()
  await within('door', SECOND, Promise.resolve())
  expect([said, clock.pending]).toEqual([[], 0])
})

test('one that hangs is named and left, one that fails is named', async () => {
  const { clock, said, within } = bed()
  const waiting = within('store', SECOND, new Promise(() => undefined))
  clock.advance(SECOND)
  await waiting
  await within('audit', SECOND, Promise.reject(new Error('full')))
  expect(said).toEqual(['stop-unfinished {"part":"store"}', 'stop-failed {"part":"audit"}'])
  expect(clock.pending).toBe(0)
})

const PARTS = Object.keys(STOPS) as (keyof typeof STOPS)[]
/** The process lingers so long behind the last part (cli/run.ts). */
const LINGERS = 0.5 * SECOND

test('whatever hangs or throws, a stop takes at most five seconds, and lines are left last but for the store', async () => {
  const { clock, said, log } = bed()
  const begun: string[] = []
  const hangs = (part: string) => () => {
    begun.push(part)
    if (part === 'audit') throw new Error('defect')
    return new Promise(() => undefined)
  }
  let over = false
  const parts = Object.fromEntries(PARTS.map((part) => [part, hangs(part)]))
  void stopInOrder(parts as Record<(typeof PARTS)[number], () => Promise<unknown>>, { clock, log }).then(
    () => (over = true),
  )
  await clock.elapse(5 * SECOND - LINGERS)
  expect(over).toBe(true)
  expect(begun).toEqual(['door', 'loops', 'audit', 'channels', 'lines', 'store'])
  expect(said).toHaveLength(6)
  expect(said).toContain('stop-failed {"part":"audit"}')
  expect(clock.pending).toBe(0)
})
