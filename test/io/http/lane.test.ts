import { beforeEach, expect, test } from 'vitest'
import { type Job, Lane } from '../../../src/io/http/lane.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let clock: VirtualClock
let lane: Lane
let did: string[]
beforeEach(() => {
  clock = new VirtualClock()
  lane = new Lane(
    { rest: 3, most: 6, mostOfOne: 4 },
    { taken: () => clock.now(), after: (ms, run) => clock.after(ms, run) },
  )
  did = []
})

/** Takes the thread for so long, and is done when it returns. */
const takes =
  (ms: number, name: string): Job =>
  (done) => {
    did.push(name)
    clock.advance(ms)
    done()
  }
const never =
  (name: string): Job =>
  () =>
    void did.push(name)

test('short jobs follow each other at once; after a slice there is a rest of three times what it took', () => {
  lane.put('a', never('first'))
  for (const name of ['b', 'c', 'd', 'e']) lane.put('a', takes(0.4, name))
  expect(did).toEqual(['first'])
  // What waits for something else is not waited for.
  clock.advance(10)
  expect(did).toEqual(['first'])
  clock.advance(30)
  expect(did).toEqual(['first', 'b', 'c', 'd'])
  // The three took until 41.2; their rest is 3.6 long.
  clock.advance(4.7)
  expect(did).toEqual(['first', 'b', 'c', 'd'])
  clock.advance(0.2)
  expect(did.at(-1)).toBe('e')
})

test('a share whose jobs wait for the disk has several of them wait at once', () => {
  const thread = { taken: () => 0, after: (ms: number, run: () => void) => clock.after(ms, run) }
  const share = { rest: 0.5, most: 6, mostOfOne: 4 }
  const [usual, soon] = [new Lane(share, thread), new Lane({ ...share, within: 1 }, thread)]
  for (const name of ['1', '2', '3']) {
    usual.put('a', never(`usual ${name}`))
    soon.put('a', never(`soon ${name}`))
  }
  clock.advance(2)
  expect(did).toEqual(['usual 1', 'soon 1', 'soon 2', 'soon 3'])
})

test('one at a time, until it is done', () => {
  let over = (): void => undefined
  lane.put('a', (done) => {
    over = done
  })
  lane.put('b', takes(0, 'b'))
  expect(did).toEqual([])
  over()
  expect(did).toEqual(['b'])
  // Once more changes nothing.
  over()
  expect([did, lane.idle, clock.pending]).toEqual([['b'], true, 0])
})

test('askers have their turn one after another, however much one of them asks for', () => {
  lane.put('x', takes(1, 'x'))
  for (const name of ['a1', 'a2', 'a3']) lane.put('a', takes(0, name))
  lane.put('b', takes(0, 'b1'))
  clock.advance(3)
  expect(did).toEqual(['x', 'a1', 'b1', 'a2', 'a3'])
})

test('what waits is bounded, of one and of all', () => {
  lane.put('x', never('x'))
  const put = (asker: string) => lane.put(asker, takes(0, asker))
  expect(['a', 'a', 'a', 'a', 'a'].map(put)).toEqual([true, true, true, true, false])
  expect(['b', 'b', 'b'].map(put)).toEqual([true, true, false])
})
