import { parseArgs } from 'node:util'
import { serverPrograms } from '../chaos/database.ts'
import { makeWorld } from '../chaos/world.ts'

/*
 * What the total loss of one of two boxes costs, in seconds and pages: its node and its PostgreSQL die at one moment, and
 * the replica is promoted as soon as that can be done. `npm run bench:boxes -- --losses 10`.
 */
const { values } = parseArgs({ options: { losses: { type: 'string', default: '5' } } })
const EVERY = 100
const SETTLES = 20_000
const pause = (ms: number) => new Promise<void>((next) => setTimeout(next, ms))
const say = (text: string) => process.stdout.write(`${text}\n`)

const programs = serverPrograms()
if (programs === undefined) {
  say('the server of Debian’s postgresql is not installed')
  process.exit(69)
}
const world = await makeWorld('two nodes')
const { nodes, senders, phone, pair } = world
const [lost] = nodes
const [, sender] = senders
if (lost === undefined || sender === undefined || pair === undefined) throw new Error('there are two of each')
let [number, missing] = [0, 0]
for (let loss = 1; loss <= Number(values.losses); loss += 1) {
  const answered: string[] = []
  let refused = 0
  let going = true
  let [answers, rings]: [number | undefined, number | undefined] = [undefined, undefined]
  await lost.kill()
  const began = performance.now()
  const promoted = pair.failOver().then(() => performance.now() - began)
  const traffic = (async () => {
    while (going) {
      number += 1
      const text = `BOX ${number} RING ${4000 + number}`
      if ((await sender.send(text)) !== 'stored') refused += 1
      else {
        answers ??= performance.now() - began
        answered.push(text)
      }
      await pause(EVERY)
    }
  })()
  for (const until = performance.now() + SETTLES; rings === undefined && performance.now() < until; ) {
    if (answered.some((text) => phone.shown.has(text))) rings = performance.now() - began
    await pause(10)
  }
  going = false
  await traffic
  const silent = () => answered.filter((text) => !phone.shown.has(text))
  for (const until = performance.now() + SETTLES; silent().length > 0 && performance.now() < until; )
    await pause(100)
  missing += silent().length
  const seconds = (ms: number | undefined) => (ms === undefined ? 'not' : `${(ms / 1000).toFixed(1)} s`)
  say(
    `loss ${loss}: promoted after ${seconds(await promoted)}; the other box answers after ${seconds(answers)} and a phone rings after ${seconds(rings)}; ${refused} pages refused, ${answered.length} answered, ${silent().length} of them silent`,
  )
  await pair.renew()
  lost.start()
  for (const node of nodes) await node.ready(60_000)
}
await world.close()
process.exit(missing > 0 ? 1 : 0)
