import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { runChaos } from './chaos.ts'
import { bundledProgram } from './program.ts'
import { type CutResult, holds, tableOf } from './record.ts'
import { SIZES } from './world.ts'

/*
 * npm run chaos -- --cuts 10000 --seed 7 [--worlds 4] [--size 'two nodes' …] [--kind kill …] [--into FILE] [--keep]: faults
 * of machines against the real daemon. Prints each cut that broke a bound and a table at the end; ends with 1 when one did.
 * A signal ends it with the table so far, and everything that it started. With `--into` each cut is a line of that file:
 * those of the same code that are in it are not done again, and the table counts them. `--keep` leaves the folder of a
 * world in which a bound was broken.
 */
const { values } = parseArgs({
  options: {
    cuts: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    worlds: { type: 'string', default: '1' },
    kind: { type: 'string', multiple: true },
    size: { type: 'string', multiple: true },
    into: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
})
// Each world says what is to be done at our end.
process.setMaxListeners(0)
const say = (text: string) => process.stdout.write(`${text}\n`)

const { bleepd, code, remove } = await bundledProgram()
const { into } = values
type Line = CutResult & { readonly code: string }
const keyOf = ({ size, seed, kind }: Pick<CutResult, 'size' | 'seed' | 'kind'>) => `${size}/${seed}/${kind}`
const results: CutResult[] =
  into !== undefined && existsSync(into)
    ? readFileSync(into, 'utf8')
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => JSON.parse(line) as Line)
        .filter((line) => line.code === code)
    : []
const known = new Set(results.map(keyOf))
const began = { at: performance.now(), cuts: results.length }
/** Seconds of a core: ours, which are the phone's, its provider's and the senders', and those of the daemons that have ended. */
function cpu(): string {
  const [, ours, theirs, ...rest] = /\) (?:\S+ ){11}(\d+) (\d+) (\d+) (\d+)/.exec(
    readFileSync('/proc/self/stat', 'latin1'),
  ) ?? ['', '0', '0', '0', '0']
  const of = (...ticks: (string | undefined)[]) => ticks.reduce((sum, one) => sum + Number(one), 0) / 100
  return `${of(ours, theirs).toFixed(0)} s of a core here and ${of(...rest).toFixed(0)} s of daemons`
}
const table = () => {
  const [done, seconds] = [results.length - began.cuts, (performance.now() - began.at) / 1000]
  say(`${tableOf(results)}\ncode ${code}, ${results.length} cuts`)
  say(`${done} in ${seconds.toFixed(0)} s, ${((done / seconds) * 3600).toFixed(0)} an hour; ${cpu()}`)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    table()
    process.exit(130)
  })
await runChaos({
  cuts: Number(values.cuts),
  seed: Number(values.seed),
  worlds: Number(values.worlds),
  ...(values.kind ? { kinds: values.kind } : {}),
  ...(values.size ? { sizes: SIZES.filter((size) => values.size?.includes(size)) } : {}),
  bleepd,
  keep: values.keep,
  known: (cut) => known.has(keyOf(cut)),
  onCut(cut, folder) {
    results.push(cut)
    if (into !== undefined) appendFileSync(into, `${JSON.stringify({ ...cut, code })}\n`)
    if (!holds(cut)) say(`${JSON.stringify(cut)}${values.keep ? ` in ${folder}` : ''}`)
    else if (results.length % 100 === 0) say(`${results.length} cuts`)
  },
})
remove()
table()
process.exit(results.every(holds) ? 0 : 1)
