import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeWorld, type World } from '../chaos/world.ts'

/*
 * The real daemon on a disk whose syncs take their time. What is counted is syncs, not milliseconds: a page is on the screen
 * behind two of them, the one that was under way and its own, and the door waits for none.
 */
let world: World
beforeAll(async () => {
  world = await makeWorld('one node')
}, 200_000)
afterAll(() => world?.close())

const PAGES = 6

test.for([100, 200, 400])(
  'with syncs of %d ms more, a page waits for two at most and the door for none',
  { timeout: 240_000 },
  async (by, ctx) => {
    if (!world.badDisk) return ctx.skip('no C compiler is installed')
    const [node] = world.nodes
    const [snpp] = world.senders
    if (node === undefined || snpp === undefined) throw new Error('there is a node')
    node.slow(by)
    await expect.poll(() => node.syncs().ended, { timeout: 60_000 }).toBeGreaterThan(0)
    let open = 0
    const waited: number[] = []
    for (let n = 0; n < PAGES; n += 1) {
      const text = `SLOW ${by} RING ${7000 + n}`
      const before = node.syncs().ended
      const sent = snpp.send(text)
      // Any number of questions while one sync is under way.
      for (let answered = false; !answered; ) {
        const during = node.syncs()
        await fetch(`${node.url}/healthz`)
        const after = node.syncs()
        if (during.began > during.ended && after.ended === during.ended) open += 1
        if (world.phone.shown.has(text)) {
          waited.push(after.ended - before)
          answered = true
        }
      }
      expect(await sent).toBe('stored')
    }
    expect(open).toBeGreaterThan(0)
    expect(Math.min(...waited)).toBeLessThanOrEqual(2)
    node.disk(0)
  },
)
