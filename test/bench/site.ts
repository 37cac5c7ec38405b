import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { growBy, sweeper } from '../../src/cli/lean.ts'
import { readBeside } from '../../src/config/read-beside.ts'
import { loadWhole } from '../../src/config/whole.ts'
import { rulesSteps } from '../../src/core/bleep/rules.ts'
import { buildDirectory, prepareSite } from '../../src/core/directory/build.ts'
import { expectedRics } from '../../src/core/pocsag/expected.ts'
import { inSlices } from '../../src/run/slices.ts'
import { largeSite } from './large-site.ts'

/** How long a start waits for its files, and how long a reload of them keeps the thread that reads pages from a page. */
const SIZES = [
  { numbers: 5_000, people: 1_000 },
  { numbers: 130_000, people: 20_000 },
]

/** Processor time of this thread, milliseconds: it may wait for others, and that is not ours. */
const busy = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Runs `work` and gives the longest stretch, in processor time of this thread, that a page would have waited. */
async function longest(work: () => Promise<unknown>): Promise<number> {
  let [worst, last, over] = [0, busy(), false]
  const turn = (): void => {
    const now = busy()
    worst = Math.max(worst, now - last)
    last = now
    if (!over) setImmediate(turn)
  }
  setImmediate(turn)
  await work()
  over = true
  turn()
  return worst
}

// As the daemon's own heap is told.
setFlagsFromString('--optimize-for-size')
for (const size of SIZES) {
  growBy(400)
  const site = largeSite(size)
  const began = [performance.now(), busy()] as const
  const sweep = sweeper()
  const first = loadWhole(site.config, Date.now())
  const read = [performance.now() - began[0], busy() - began[1]].map((ms) => (ms / 1000).toFixed(2))
  if (!first.ok) throw new Error(JSON.stringify(first.fault.slice(0, 3)))
  buildDirectory(first.value.site)
  sweep()
  const rounds: number[] = []
  const took = performance.now()
  for (let round = 0; round < 3; round++)
    rounds.push(
      await longest(async () => {
        const next = await readBeside(site.config, Date.now())
        if (!next.ok) throw new Error(JSON.stringify(next.fault.slice(0, 3)))
        await inSlices(rulesSteps(next.value.rulesRead, []))
        await inSlices(expectedRics(next.value.site.numbers))
        await inSlices(prepareSite(next.value.site))
        buildDirectory(next.value.site)
      }),
    )
  const each = (performance.now() - took) / rounds.length / 1000
  console.log(
    `${size.numbers} numbers, ${size.people} people: read at start in ${read[0]} s (${read[1]} s of the processor), ` +
      `reloaded in ${each.toFixed(2)} s; no page waited longer than ${rounds.map((ms) => ms.toFixed(1)).join(', ')} ms (bound 20)`,
  )
  site.remove()
}
