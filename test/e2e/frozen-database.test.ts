import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverPrograms } from '../chaos/database.ts'
import { makeWorld, type World } from '../chaos/world.ts'

/*
 * PostgreSQL stands still, as on a host that is suspended: connections stay open and nothing is answered. A node without
 * a file of its own refuses in the words of the line while its sender still waits, and says so on /readyz, which never hangs.
 */
let world: World | undefined
beforeAll(async () => {
  if (serverPrograms() !== undefined) world = await makeWorld('two nodes', { outlast: false })
}, 300_000)
afterAll(() => world?.close())

test('a frozen database: the sender hears a refusal, /readyz answers, and pages go on behind it', async (ctx) => {
  if (world === undefined) return ctx.skip('the server of Debian’s postgresql is not installed')
  const { nodes, senders, pair, phone } = world
  const [one] = nodes
  const [snpp] = senders
  if (one === undefined || snpp === undefined || pair === undefined) throw new Error('there are nodes')
  expect(await snpp.send('BEFORE THE FREEZE RING 7001')).toBe('stored')
  pair.freeze()
  try {
    // A machine that is starved may be later than the sender waits; without a bound of its own it never answers.
    for (const n of [1, 2, 3]) await expect.poll(() => snpp.send(`FROZEN ${n} RING 7002`)).toBe('refused')
    const answer = await fetch(`${one.url}/readyz`, { signal: AbortSignal.timeout(30_000) })
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('store-lost')
  } finally {
    pair.thaw()
  }
  await expect.poll(() => snpp.send('BEHIND THE FREEZE RING 7003')).toBe('stored')
  await expect.poll(() => phone.shown.has('BEHIND THE FREEZE RING 7003')).toBe(true)
  for (const node of nodes) expect(await node.ready(60_000)).toBe(true)
}, 300_000)
