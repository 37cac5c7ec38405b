import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { makeWorld, type World } from '../chaos/world.ts'

/*
 * The real daemon on a disk whose syncs take their time. What is counted is syncs, not milliseconds: a page is on the screen
 * behind two of them, the one that was under way and its own, and the door waits for none. A sync takes far longer than a
 * busy machine keeps this process from looking, so that what is counted is what was waited for.
 */
let world: World
beforeAll(async () => {
  world = await makeWorld('one node')
}, 200_000)
afterAll(() => world?.close())

/** Milliseconds more. Two of them are within the sender's patience. */
const SYNC = 1000
const PAGES = 4
let tries = 0

test('on a disk with slow syncs, a page waits for two at most and the door for none', {
  timeout: 240_000,
}, async (ctx) => {
  if (!world.badDisk) return ctx.skip('no C compiler is installed')
  const [node] = world.nodes
  const [snpp] = world.senders
  if (node === undefined || snpp === undefined) throw new Error('there is a node')
  onTestFinished(() => node.disk(0))
  tries += 1
  node.slow(SYNC)
  let open = 0
  const waited: number[] = []
  for (let n = 0; n < PAGES; n += 1) {
    const text = `SLOW ${tries} RING ${7000 + n}`
    const before = node.syncs().ended
    const sent = snpp.send(text)
    while (!world.phone.shown.has(text)) {
      // Any number of questions while one sync is under way.
      const during = node.syncs()
      await fetch(`${node.url}/healthz`)
      const after = node.syncs()
      if (during.began > during.ended && after.ended === during.ended) open += 1
    }
    waited.push(node.syncs().ended - before)
    expect(await sent).toBe('stored')
  }
  expect(open).toBeGreaterThan(0)
  expect(Math.min(...waited)).toBeLessThanOrEqual(2)
})
