import { expect, onTestFinished, test } from 'vitest'
import { boxesInstalled, startBoxes } from '../chaos/boxes.ts'
import { makeWorld } from '../chaos/world.ts'

/*
 * Two boxes and a third vote, set up by their command on addresses of this machine, a daemon on each. A server dies, then a
 * box with all that is on it, its disk as well: Patroni fails over, pages are answered and ring all the while, and nothing
 * that was answered is lost. `npm run bench:boxes` says in how many seconds.
 */
test('a server dies, then a whole box: Patroni fails over, pages go on, nothing answered is lost', async (ctx) => {
  if (!boxesInstalled()) return ctx.skip('needs Debian’s postgresql, patroni, etcd-server and etcd-client')
  const boxes = startBoxes()
  onTestFinished(boxes.stop)
  /** Which takes writes, once one does and the other has them all. */
  const settled = async (): Promise<0 | 1> => {
    let box: 0 | 1 | undefined
    const look = async () => {
      box = await boxes.settled()
      return box
    }
    await expect.poll(look, { timeout: 180_000, interval: 1000 }).toBeTypeOf('number')
    return box ?? 0
  }
  await settled()
  const world = await makeWorld('two nodes', { boxes })
  onTestFinished(() => world.close())
  const { nodes, senders, phone } = world
  const [one, two] = nodes
  if (one === undefined || two === undefined) throw new Error('there are two')
  const answered: string[] = []
  /** Sent until it is answered, and waited for until it is on the phone. */
  const rings = async (at: number, words: string): Promise<void> => {
    await expect.poll(() => senders[at]?.send(words), { interval: 200 }).toBe('stored')
    answered.push(words)
    await expect.poll(() => phone.shown.has(words)).toBe(true)
  }
  const allThere = () =>
    expect
      .poll(() => boxes.holds(answered), { timeout: 120_000, interval: 1000 })
      .toHaveLength(answered.length)

  await rings(0, 'BOTH BOXES RING 5001')
  boxes.loseServer(await settled())
  await rings(0, 'A SERVER IS LOST RING 5002')
  await rings(1, 'A SERVER IS LOST RING 5003')
  await allThere()

  // The one that takes writes now: the other, or that server where it came back sooner.
  const lost = await settled()
  await [one, two][lost]?.kill()
  boxes.loseBox(lost, { disk: true })
  await rings(1 - lost, 'A BOX IS LOST RING 5004')
  // The one that is left takes writes, and waits for no other.
  await allThere()
  boxes.startBox(lost)
  ;[one, two][lost]?.start()
  await settled()
  for (const node of nodes) expect(await node.ready(120_000)).toBe(true)
  await rings(lost, 'THE BOX IS BACK RING 5005')
  await allThere()
  expect(phone.newlyTwice()).toEqual([])
}, 600_000)
