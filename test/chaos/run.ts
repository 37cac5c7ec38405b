import { parseArgs } from 'node:util'
import { runChaos } from './chaos.ts'
import { type CutResult, holds, tableOf } from './record.ts'
import { SIZES } from './world.ts'

/*
 * npm run chaos -- --cuts 10000 --seed 7 [--size 'two nodes' …] [--kind kill …]: faults of machines against the real daemon. Prints
 * each cut that broke a bound and a table at the end; ends with 1 when one did. A signal ends it with the table so far, and
 * everything that it started.
 */
const { values } = parseArgs({
  options: {
    cuts: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    kind: { type: 'string', multiple: true },
    size: { type: 'string', multiple: true },
  },
})
const say = (text: string) => process.stdout.write(`${text}\n`)

const results: CutResult[] = []
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    say(tableOf(results))
    process.exit(130)
  })
await runChaos({
  cuts: Number(values.cuts),
  seed: Number(values.seed),
  ...(values.kind ? { kinds: values.kind } : {}),
  ...(values.size ? { sizes: SIZES.filter((size) => values.size?.includes(size)) } : {}),
  onCut(cut, size) {
    results.push(cut)
    const done = results.length
    if (!holds(cut)) say(`cut ${done}, ${size}: ${JSON.stringify(cut)}`)
    else if (done % 100 === 0) say(`${done} cuts`)
  },
})
say(tableOf(results))
process.exit(results.every(holds) ? 0 : 1)
