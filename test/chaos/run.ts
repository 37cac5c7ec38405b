import { parseArgs } from 'node:util'
import { runChaos } from './chaos.ts'
import { holds, tableOf } from './record.ts'

/*
 * npm run chaos -- --cuts 10000 --seed 7 [--kind kill …]: faults of machines against the real daemon. Prints each cut that
 * broke a bound and a table at the end; ends with 1 when one did.
 */
const { values } = parseArgs({
  options: {
    cuts: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    kind: { type: 'string', multiple: true },
  },
})
const say = (text: string) => process.stdout.write(`${text}\n`)

let done = 0
const results = await runChaos({
  cuts: Number(values.cuts),
  seed: Number(values.seed),
  ...(values.kind ? { kinds: values.kind } : {}),
  onCut(cut, nodes) {
    done += 1
    if (!holds(cut)) say(`cut ${done}, ${nodes === 1 ? 'one node' : 'two nodes'}: ${JSON.stringify(cut)}`)
    else if (done % 100 === 0) say(`${done} cuts`)
  },
})
say(tableOf(results))
process.exit(results.every(holds) ? 0 : 1)
