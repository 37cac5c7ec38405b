import { parseArgs } from 'node:util'
import { boxesInstalled, startBoxes } from '../chaos/boxes.ts'
import { makeWorld } from '../chaos/world.ts'

/*
 * What the total loss of one of two boxes costs, in seconds and pages: its node, its PostgreSQL and its vote die at one
 * moment, and Patroni fails over where it took writes. Each loss is of the other box. `npm run bench:boxes -- --losses 4`.
 */
const { values } = parseArgs({ options: { losses: { type: 'string', default: '4' } } })
const EVERY = 100
const SETTLES = 60_000
const BACK_WITHIN = 180_000
const pause = (ms: number) => new Promise<void>((next) => setTimeout(next, ms))
const say = (text: string) => process.stdout.write(`${text}\n`)

if (!boxesInstalled()) {
  say('Debian’s postgresql, patroni, etcd-server and etcd-client are not installed')
  process.exit(69)
}
const boxes = startBoxes()
async function until(what: () => Promise<boolean> | boolean, within: number): Promise<boolean> {
  for (const end = performance.now() + within; performance.now() < end; await pause(20))
    if (await what()) return true
  return false
}
const settled = async () => (await boxes.settled()) !== undefined
await until(settled, BACK_WITHIN)
const world = await makeWorld('two nodes', { boxes })
const { nodes, senders, phone } = world
let [number, missing] = [0, 0]
for (let loss = 1; loss <= Number(values.losses); loss += 1) {
  const lost = loss % 2 === 0 ? 1 : 0
  const [node, sender] = [nodes[lost], senders[1 - lost]]
  if (node === undefined || sender === undefined) throw new Error('there are two of each')
  const took = (await boxes.settled()) === lost
  const answered: string[] = []
  let refused = 0
  let going = true
  const began = performance.now()
  let [answers, rings, there]: (number | undefined)[] = []
  await node.kill()
  boxes.loseBox(lost)
  const traffic = (async () => {
    for (; going; await pause(EVERY)) {
      number += 1
      const text = `BOX ${number} RING ${4000 + number}`
      if ((await sender.send(text)) !== 'stored') refused += 1
      else {
        answers ??= performance.now() - began
        answered.push(text)
      }
    }
  })()
  await until(() => answered.some((text) => phone.shown.has(text)), SETTLES)
  rings = performance.now() - began
  await until(async () => (await boxes.holds(answered)).length > 0, SETTLES)
  there = performance.now() - began
  going = false
  await traffic
  const silent = () => answered.filter((text) => !phone.shown.has(text))
  await until(() => silent().length === 0, SETTLES)
  await until(async () => (await boxes.holds(answered)).length === answered.length, SETTLES)
  const kept = (await boxes.holds(answered)).length
  missing += silent().length + answered.length - kept
  const seconds = (ms = Number.NaN) => `${(ms / 1000).toFixed(1)} s`
  say(
    `loss ${loss}, the box that ${took ? 'took writes' : 'stood by'}: the other answers after ${seconds(answers)}, a phone rings after ${seconds(rings)}, the database takes pages after ${seconds(there)}; ${refused} pages refused, ${answered.length} answered, ${silent().length} of them silent, ${answered.length - kept} not in the database`,
  )
  boxes.startBox(lost)
  node.start()
  await until(settled, BACK_WITHIN)
  for (const one of nodes) await one.ready(BACK_WITHIN)
}
await world.close()
boxes.stop()
process.exit(missing > 0 ? 1 : 0)
