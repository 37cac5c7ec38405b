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

test('a job that is not done when its time is over takes no more of its share than that', () => {
  let over = (): void => undefined
  lane.put('a', (done) => {
    over = done
    clock.advance(500)
  })
  lane.put('b', takes(0, 'b'))
  clock.advance(10)
  // Ten of its five hundred count: a rest of thirty.
  expect([did, clock.pending]).toEqual([[], 1])
  clock.advance(29)
  expect(did).toEqual([])
  clock.advance(1)
  expect([did, lane.idle]).toEqual([['b'], true])
  over()
  expect([lane.idle, clock.pending]).toEqual([true, 0])
})

test('a clock of the thread that goes back costs nobody a rest', () => {
  let taken = 100
  const back = new Lane(
    { rest: 3, most: 6, mostOfOne: 4 },
    { taken: () => taken--, after: (ms, run) => clock.after(ms, run) },
  )
  for (const name of ['a', 'b', 'c']) back.put('a', takes(0, name))
  expect([did, back.idle, clock.pending]).toEqual([['a', 'b', 'c'], true, 0])
})

test('a slice that is full rests, and is idle only after that', () => {
  lane.put('a', takes(1, 'a'))
  expect([lane.idle, clock.pending]).toEqual([false, 1])
  clock.advance(3)
  expect([lane.idle, clock.pending]).toEqual([true, 0])
  lane.put('a', takes(0.9, 'a'))
  expect(lane.idle).toBe(true)
})

test('the thread of this very process is measured by what it worked, and waited for by its own timers', async () => {
  const own = new Lane({ rest: 1, most: 9, mostOfOne: 9 })
  const busy: Job = (done) => {
    const before = process.threadCpuUsage()
    for (;;) {
      const { user, system } = process.threadCpuUsage(before)
      if (user + system > 5000) break
    }
    did.push('busy')
    done()
  }
  own.put('a', busy)
  own.put('a', takes(0, 'behind'))
  expect([did, own.idle]).toEqual([['busy'], false])
  await expect.poll(() => did).toEqual(['busy', 'behind'])
})

test('whoever waits for a disk is waited for ten milliseconds, and what was done in time leaves no timer', async () => {
  const own = new Lane({ rest: 1, most: 9, mostOfOne: 9 })
  own.put('a', never('first'))
  own.put('a', takes(0, 'behind'))
  expect(did).toEqual(['first'])
  await expect.poll(() => did).toEqual(['first', 'behind'])
})

test('what becomes free is taken again, of one and of all', () => {
  let over = (): void => undefined
  lane.put('x', (done) => {
    over = done
  })
  const put = (asker: string) => lane.put(asker, takes(0, asker))
  for (const asker of ['a', 'a', 'a', 'a', 'b', 'b']) put(asker)
  expect([put('a'), put('c')]).toEqual([false, false])
  over()
  expect(did).toHaveLength(6)
  lane.put('x', never('x'))
  expect(['a', 'a', 'a', 'a', 'a', 'b', 'b', 'b'].map(put)).toEqual([
    ...[true, true, true, true, false, true, true, false],
  ])
})
