import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverPrograms } from '../chaos/database.ts'
import type { SentPage } from '../chaos/record.ts'
import { makeWorld, type World } from '../chaos/world.ts'

/*
 * Two daemons on two servers, set up by the command for two boxes (hardware/packaging/two-boxes.sh) on addresses of this
 * machine. The primary dies as by a power cut and its replica is promoted; then a box is lost whole, with its node. Nothing
 * that was answered is lost, every page rings, and all of it lies in the database that is left.
 */
const programs = serverPrograms()
let world: World | undefined
/** No text comes twice, in a second try of a test neither. */
let count = 0
beforeAll(async () => {
  if (programs !== undefined) world = await makeWorld('two nodes')
})
afterAll(() => world?.close())

test('PostgreSQL fails over to its promoted replica: nothing answered is lost, and pages go on', async (ctx) => {
  if (world === undefined) return ctx.skip('the server of Debian’s postgresql is not installed')
  const { nodes, senders, phone, pair } = world
  const [one, two] = senders
  if (pair === undefined || one === undefined || two === undefined) throw new Error('there are two of each')
  const sent: SentPage[] = []
  const page = async (sender = one): Promise<void> => {
    count += 1
    const text = `FAIL OVER ${count} RING ${4000 + count}`
    sent.push({ text, at: performance.now(), to: sender.to, answer: await sender.send(text) })
  }
  const answered = () => sent.flatMap(({ text, answer }) => (answer === 'stored' ? [text] : []))
  const silent = () => answered().filter((text) => !phone.shown.has(text))

  for (let n = 0; n < 3; n += 1) await Promise.all([page(one), page(two)])
  await expect.poll(silent).toEqual([])

  let over = false
  const traffic = [one, two].map(async (sender) => {
    while (!over) await page(sender)
  })
  await pair.failOver()
  over = true
  await Promise.all(traffic)

  // Behind it, each node takes pages again.
  for (const sender of [one, two]) {
    const had = answered().length
    await expect
      .poll(
        async () => {
          await page(sender)
          return answered().length
        },
        { interval: 200 },
      )
      .toBeGreaterThan(had)
  }
  await expect.poll(silent, { interval: 200 }).toEqual([])
  for (const node of nodes) expect(await node.ready(60_000)).toBe(true)
  // All of it lies in the database that was promoted, what a node had taken apart as well.
  await expect
    .poll(async () => new Set(await pair.holds(answered())).size, { interval: 500 })
    .toBe(answered().length)
  await pair.renew()
}, 240_000)

test('a box is lost whole: the other answers and rings, and the lost one comes back', async (ctx) => {
  if (world === undefined) return ctx.skip('the server of Debian’s postgresql is not installed')
  const { nodes, senders, phone, pair } = world
  const [one] = nodes
  const [, two] = senders
  if (pair === undefined || one === undefined || two === undefined) throw new Error('there are two of each')
  await one.kill()
  await pair.failOver()
  const rings = async (text: string): Promise<void> => {
    await expect.poll(() => two.send(text), { interval: 200 }).toBe('stored')
    await expect.poll(() => phone.shown.has(text)).toBe(true)
  }
  const [lost, back] = [`BOX ONE IS LOST RING ${5000 + ++count}`, `BOX ONE IS BACK RING ${5000 + ++count}`]
  await rings(lost)
  await pair.renew()
  one.start()
  expect(await one.ready(60_000)).toBe(true)
  await rings(back)
  await expect.poll(() => pair.holds([lost, back]), { interval: 500 }).toHaveLength(2)
}, 240_000)

test('a node that stands still, and one whose way to the database is a hole, hold up no other: it answers and rings', async (ctx) => {
  if (world === undefined) return ctx.skip('the server of Debian’s postgresql is not installed')
  const { nodes, senders, phone, ways } = world
  const [one] = nodes
  const [, two, air] = senders
  if (one === undefined || two === undefined || air === undefined) throw new Error('there are two of each')
  const ring = async (when: string): Promise<void> => {
    const words = `WHILE ONE ${when} RING ${6000 + ++count}`
    await air.send(`AIR ${words}`)
    await expect.poll(() => two.send(words), { interval: 200 }).toBe('stored')
    await expect.poll(() => [words, `AIR ${words}`].filter((text) => !phone.shown.has(text))).toEqual([])
  }
  one.signal('SIGSTOP')
  await ring('STANDS STILL')
  one.signal('SIGCONT')
  expect(await one.ready(60_000)).toBe(true)
  const own = ways[0] ?? []
  for (const way of own) way.hole()
  await ring('IS CUT OFF')
  // The one that is cut off says so, and goes on in a file of its own.
  const said = () => fetch(`${one.url}/readyz`).then((answer) => answer.text())
  await expect.poll(said).toContain('store-apart')
  for (const way of own) way.heal()
  for (const node of nodes) expect(await node.ready(60_000)).toBe(true)
  await expect.poll(said).not.toContain('store-apart')
  // What it heard as well is a reading of the same call: nothing rang as two.
  expect(phone.newlyTwice()).toEqual([])
}, 240_000)
