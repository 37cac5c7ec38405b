import { expect, test } from 'vitest'
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
  return { clock, said, within: bounded({ clock, log }) }
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
